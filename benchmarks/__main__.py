"""Runs the benchmarks and prints what they measured.

``python -m benchmarks [NAME …]``: the names are those of the modules without ``bench_``.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from benchmarks.measurement import Measurement, machine


def _names() -> list[str]:
    return sorted(
        path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py")
    )


def _print(measurements: list[Measurement]) -> None:
    for measured in measurements:
        value = f"{measured.value:,.1f}" if measured.value < 100 else f"{measured.value:,.0f}"
        print(f"  {measured.name:<58} {value:>10} {measured.unit:<6} {measured.note}", flush=True)


def main() -> int:
    """Run the named benchmarks, or all."""
    names = sys.argv[1:] or _names()
    unknown = [name for name in names if name not in _names()]
    if unknown:
        print(f"no benchmark is called {unknown[0]!r}: use {', '.join(_names())}", file=sys.stderr)
        return 2
    print(machine())
    for name in names:
        print(f"\n{name}", flush=True)
        _print(importlib.import_module(f"benchmarks.bench_{name}").run())
    return 0


if __name__ == "__main__":
    sys.exit(main())
