"""``replay``: ask a model again what was decided, without any effect, and compare."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from trainingloop.cli._output import counted, examples, plain, print_json
from trainingloop.cli._reading import one_tenant
from trainingloop.cli._replay_gate import Ending, with_ending
from trainingloop.cli._replay_judge import judge
from trainingloop.cli._replay_report import print_runs, print_status
from trainingloop.cli._replay_run import run
from trainingloop.cli._store_option import with_store
from trainingloop.cli._workspace import open_workspace
from trainingloop.cli._writing import written

_JSON_HELP: Final = "Print JSON."
_TENANT_HELP: Final = "Whose decisions; needed where there are several."
_FILE: Final = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
_WRITTEN: Final = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group(
    epilog=examples(
        "trainingloop replay run --model gpt-5.4-mini      ask another model",
        "trainingloop replay run --endpoint local          try it without a key",
        "trainingloop replay status                        list what was replayed",
        "trainingloop replay compare 3f2a91c04d5e          see again what differs",
    )
)
def replay() -> None:
    """Ask a model again what was decided, and compare its answers.

    Nothing else can happen: no tool is called, no message is sent, and no answer becomes a
    decision.
    """


replay.add_command(run)
replay.add_command(judge)


@replay.command(
    epilog=examples("trainingloop replay status", "trainingloop replay status 3f2a91c04d5e")
)
@with_store
@click.argument("name", metavar="[RUN]", required=False, default="")
@click.option("--tenant", help=_TENANT_HELP)
@click.option("--json", "as_json", is_flag=True, help=_JSON_HELP)
def status(dsn: str, name: str, tenant: str | None, as_json: bool) -> None:
    """Say how far a run is, or list all of them."""
    from trainingloop.replay.reasons import reasons_of  # heavy
    from trainingloop.replay.runs import runs, status_of

    with open_workspace(dsn) as workspace:
        reads = workspace.reads(one_tenant(workspace, tenant))
        if name:
            found = status_of(reads, name)
            reasons = reasons_of(reads, found.run.run_id)
            if as_json:
                print_json({**asdict(found), "reasons": [asdict(one) for one in reasons]})
            else:
                print_status(found, reasons)
            return
        known = runs(reads)
    if as_json:
        print_json([asdict(one) for one in known])
    else:
        print_runs(known)


@replay.command(
    epilog=examples(
        "trainingloop replay compare 3f2a91c04d5e",
        "trainingloop replay compare 3f2a91c04d5e --fail-on 'newly_unsafe>0' --junit replay.xml",
        "trainingloop replay compare 3f2a91c04d5e --checks checks.yaml --markdown replay.md",
    )
)
@with_store
@click.argument("name", metavar="RUN")
@click.option("--tenant", help=_TENANT_HELP)
@click.option("--checks", type=_FILE, help="Judge the stored answers again, with this YAML file.")
@with_ending
def compare(ending: Ending, dsn: str, name: str, tenant: str | None, checks: Path | None) -> None:
    """Say what a run's candidate answered otherwise than was recorded.

    What may do harm comes first, gains and losses are counted apart, and each figure stands
    beside what chance alone does, where the run asked a second arm. The exit code is 1 when a
    --fail-on condition is met.
    """
    from trainingloop.replay.checks import load_checks  # heavy
    from trainingloop.replay.comparison import compare_run
    from trainingloop.replay.runs import run_of

    said = load_checks(checks).document() if checks else None
    with open_workspace(dsn) as workspace:
        owner = one_tenant(workspace, tenant)
        run_id = run_of(workspace.reads(owner), name).run_id
        if said is not None:
            workspace.act("replay/judge", {"tenant": owner, "run_id": run_id, "checks": said})
        is_passed = ending.tell(compare_run(workspace.reads(owner), run_id))
    if not is_passed:
        raise click.exceptions.Exit(1)


@replay.command(epilog=examples("trainingloop replay export 3f2a91c04d5e -o pairs.jsonl"))
@with_store
@click.argument("name", metavar="RUN")
@click.option("--tenant", help=_TENANT_HELP)
@click.option(
    "-o", "--output", type=_WRITTEN, help="A file instead of standard output; whole or not at all."
)
def export(dsn: str, name: str, tenant: str | None, output: Path | None) -> None:
    """Write the answers of a run beside the recorded ones, judged, one decision a line."""
    from trainingloop.replay.pairs import pair_documents  # heavy

    count = 0
    with open_workspace(dsn) as workspace, written(output) as file:
        reads = workspace.reads(one_tenant(workspace, tenant))
        for document in pair_documents(reads, name):
            text = json.dumps(document, default=plain, ensure_ascii=False)
            file.write(text.encode("utf-8", "replace") + b"\n")
            count += 1
    if output is not None:
        click.echo(f"{counted(count, 'pair')} written to {output}", err=True)


@replay.command(epilog=examples("trainingloop replay cancel 3f2a91c04d5e"))
@with_store
@click.argument("name", metavar="RUN")
@click.option("--tenant", help=_TENANT_HELP)
def cancel(dsn: str, name: str, tenant: str | None) -> None:
    """Have a run end, wherever it is driven from; what was answered stays."""
    from trainingloop.replay.runs import run_of  # heavy

    with open_workspace(dsn) as workspace:
        owner = one_tenant(workspace, tenant)
        run_id = run_of(workspace.reads(owner), name).run_id
        answer = workspace.act("replay/cancel", {"tenant": owner, "run_id": run_id})
    click.echo(f"{run_id}: {str(answer['state']).replace('_', ' ')}")
