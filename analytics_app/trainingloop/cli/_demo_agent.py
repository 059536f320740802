"""The demo's agent as a process: ``python -m`` this module ENDPOINT CONVERSATIONS SEED.

Tells on standard output, a JSON object a line, how far it is and at the end what it did.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from dataclasses import asdict
from datetime import UTC, datetime

from trainingloop.demo import run_demo


def main(endpoint: str, conversations: str, seed: str) -> None:
    """Run the demo against ``endpoint``; end when standard input does."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    summary = run_demo(
        endpoint=endpoint,
        conversations=int(conversations),
        seed=int(seed),
        progress=lambda done, total: _tell({"done": done, "total": total}),
        now=datetime.now(UTC),
    )
    _tell(asdict(summary))


def _end_with_parent() -> None:
    """Wait for the end of standard input: however the parent ended, it holds it no longer."""
    # Not through sys.stdin: the interpreter cannot end while a thread holds that.
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


def _tell(message: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
