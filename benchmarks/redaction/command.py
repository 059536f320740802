"""The command: run everything, write docs/redaction-report.md, fail when a target is missed."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.redaction.engines import Ours, has_names
from benchmarks.redaction.labelled import labelled_sets
from benchmarks.redaction.misses import write_misses
from benchmarks.redaction.report import markdown
from benchmarks.redaction.results import run
from benchmarks.redaction.targets import Target, targets

_REPORT = Path(__file__).parents[2] / "docs" / "redaction-report.md"


def main() -> int:
    """Measure, write the report, and say which targets were missed."""
    options = _options()
    if options.misses:
        sets = labelled_sets(share=0.1 if options.quick else 1.0)
        for name, count in write_misses(options.misses, sets, Ours(has_names=has_names())).items():
            print(f"{count:6} {name}")
        return 0
    results = run(is_quick=options.quick)
    found = targets(results)
    if options.json:
        options.json.write_text(_as_json(found) + "\n", encoding="utf-8")
    command = "python -m benchmarks.redaction" + (" --quick" if options.quick else "")
    report = markdown(results, command=command, today=datetime.now(tz=UTC).date())
    options.out.write_text(report, encoding="utf-8")
    missed = [target for target in found if not target.is_met]
    for target in missed:
        print(f"missed: {target.name}: {target.ours} is not {target.sign} {target.bound}")
    print(f"{len(found) - len(missed)} of {len(found)} targets met")
    return 1 if missed else 0


def _as_json(found: list[Target]) -> str:
    return json.dumps([{**asdict(target), "is_met": target.is_met} for target in found], indent=1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.redaction",
        description="Measure redaction beside plain Presidio and write docs/redaction-report.md.",
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of the texts")
    parser.add_argument("--out", type=Path, default=_REPORT, help="where the report goes")
    parser.add_argument("--json", type=Path, help="write the targets and figures here, too")
    parser.add_argument(
        "--misses", type=Path, metavar="DIR", help="only write what was missed, a file a kind"
    )
    return parser.parse_args()
