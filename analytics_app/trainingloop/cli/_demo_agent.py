"""The demo's agent as a process: ``python -m`` this module ENDPOINT CONVERSATIONS SEED.

Tells on standard output, a JSON object a line, how far it is and at the end what it did.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime

from trainingloop.demo import run_demo


def main(endpoint: str, conversations: str, seed: str) -> None:
    """Run the demo against ``endpoint``."""
    summary = run_demo(
        endpoint=endpoint,
        conversations=int(conversations),
        seed=int(seed),
        progress=lambda done, total: _tell({"done": done, "total": total}),
        now=datetime.now(UTC),
    )
    _tell(asdict(summary))


def _tell(message: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
