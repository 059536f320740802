"""Runs the benchmarks and prints what they measured.

``python -m benchmarks [NAME …] [--decisions N]``: the names are those of the modules without
``bench_``; N is how many decisions those work with that make up their own.
"""

from __future__ import annotations

import argparse
import importlib
import os
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
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--decisions", type=int, metavar="N")
    given = parser.parse_args()
    if given.decisions:
        # Benchmarks start processes of their own, which read it too.
        os.environ["BENCH_DECISIONS"] = str(given.decisions)
    names: list[str] = given.names or _names()
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
