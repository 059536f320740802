"""``python -m benchmarks.redaction``: measure redaction and write docs/redaction-report.md."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    # Only here: the processes that are weighed import this module too.
    from benchmarks.redaction.command import main

    sys.exit(main())
