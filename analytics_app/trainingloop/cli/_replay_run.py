"""``replay run``: choose decisions, say what it takes, ask a model, and compare."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, cast

import click

from trainingloop.cli._output import counted, examples, print_json
from trainingloop.cli._reading import one_tenant
from trainingloop.cli._replay_asked import Asked, with_asked
from trainingloop.cli._replay_choice import Choice, with_choice
from trainingloop.cli._replay_drive import drive_run
from trainingloop.cli._replay_gate import Ending, with_ending
from trainingloop.cli._replay_how import BASELINE, How, with_how
from trainingloop.cli._replay_report import print_forecast, print_status
from trainingloop.cli._store_option import with_store
from trainingloop.cli._workspace import open_workspace
from trainingloop.instrumentation.errors import TrainingLoopError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.cli._workspace import Workspace
    from trainingloop.replay.candidates import Candidate


@click.command(
    epilog=examples(
        "trainingloop replay run --model gpt-5.4-mini --since 7d",
        "trainingloop replay run --candidate shorter.yaml --playbook booking --estimate-only",
        "trainingloop replay run --candidate shorter.yaml --outcome escalation_triggered:yes",
        "trainingloop replay run --candidate new.yaml --set gate --yes --fail-on 'newly_unsafe>0'",
        "trainingloop replay run --endpoint local --size 10",
        "trainingloop replay run --resume 3f2a91c04d5e --budget-usd 5",
    )
)
@with_store
@with_asked
@with_choice
@with_how
@click.option("--estimate-only", is_flag=True, help="Say what it would take, and ask nobody.")
@click.option("--yes", is_flag=True, help="Begin without asking.")
@click.option("--resume", default="", metavar="RUN", help="Go on with a run that did not end.")
@with_ending
def run(
    ending: Ending,
    how: How,
    choice: Choice,
    asked: Asked,
    dsn: str,
    *,
    estimate_only: bool,
    yes: bool,
    resume: str,
) -> None:
    """Ask a model again what was decided, and compare its answers.

    Nothing but the model is reached: tools are schemas that nobody calls, and what comes back is
    redacted and never becomes a decision. Says first what it takes, and asks. Interrupted with
    Ctrl-C, it goes on later where it stopped.

    The exit code is 1 when a --fail-on condition is met or the run did not end, and 2 for options
    that make no sense.
    """
    if resume:
        _check_resumed(choice, asked, how, estimate_only=estimate_only)
        candidate = None
    else:
        asked.check()
        candidate = asked.candidate()
        if candidate.is_local:
            _introduce_local(how)
    with open_workspace(dsn) as workspace:
        tenant = one_tenant(workspace, choice.chosen.tenant)
        if candidate is None:
            run_id = _resumed(workspace, tenant, resume, how)
        else:
            set_id = _known_set(workspace, tenant, choice)
            if not estimate_only:
                _check_key(candidate)
            document = {
                "tenant": tenant,
                "set": set_id or _frozen_set(workspace, tenant, choice),
                "candidate": candidate.document(),
                "is_dry": estimate_only,
                **how.document(is_local=candidate.is_local),
            }
            run_id = _made(workspace, document, is_certain=yes, as_json=ending.as_json)
        is_passed = not run_id or _replayed(workspace, tenant, run_id, ending)
    if not is_passed:
        raise click.exceptions.Exit(1)


def _introduce_local(how: How) -> None:
    if how.floor == BASELINE:
        raise click.UsageError(
            "the model that runs here is not the one that was recorded: use --floor repeat or none"
        )
    click.echo(
        "asking SmolLM2-135M, a very small model that runs here: it shows how a replay works, and "
        "says nothing about other models",
        err=True,
    )


def _check_key(candidate: Candidate) -> None:
    """Refuse a key that is not there before a set is frozen and a run is made; nobody is asked."""
    from trainingloop.replay.endpoints import key_of  # heavy

    key_of(candidate.endpoint)


def _check_resumed(choice: Choice, asked: Asked, how: How, *, estimate_only: bool) -> None:
    if asked.is_said() or choice.is_made() or choice.set_name:
        raise click.UsageError(
            "a run goes on with the decisions and the candidate it has: leave out what chooses "
            "others, or begin a new run without --resume"
        )
    how.check_resumed()
    if estimate_only:
        raise click.UsageError(
            "--estimate-only is told of new runs: leave it out, or see with trainingloop replay "
            "status RUN what is left to ask"
        )


def _resumed(workspace: Workspace, tenant: str, named: str, how: How) -> str:
    from trainingloop.replay.runs import run_of  # heavy

    run_id = run_of(workspace.reads(tenant), named).run_id
    if changes := how.changes():
        workspace.act("replay/runs", {"tenant": tenant, "run_id": run_id, "options": changes})
    return run_id


def _known_set(workspace: Workspace, tenant: str, choice: Choice) -> str:
    """Return the id of the set that is named; "" where a new one is to be frozen."""
    from trainingloop.replay.errors import SelectionError  # heavy
    from trainingloop.replay.sets import find_set

    if not choice.set_name:
        return ""
    try:
        found = find_set(workspace.reads(tenant), choice.set_name)
    except SelectionError:
        if not choice.is_made():
            raise
        return ""
    if choice.is_made():
        raise click.UsageError(
            f"the set {choice.set_name!r} is frozen: replay it as it is without any "
            "option that chooses, or choose under another name"
        )
    return found.set_id


def _frozen_set(workspace: Workspace, tenant: str, choice: Choice) -> str:
    chosen = choice.document(workspace.reads(tenant))
    frozen = workspace.act("replay/sets", {"tenant": tenant, **chosen})
    _tell_set(frozen)
    return str(frozen["set_id"])


def _tell_set(frozen: Mapping[str, object]) -> None:
    size, matched = cast("int", frozen["size"]), cast("int", frozen["matched"])
    # It stays whatever becomes of the run, so that what was estimated is what is replayed.
    click.echo(
        f"set {frozen['name']}: {size:,} of {counted(matched, 'decision')}, kept: "
        f"--set {frozen['name']} replays the same ones",
        err=True,
    )


def _made(
    workspace: Workspace, document: Mapping[str, object], *, is_certain: bool, as_json: bool
) -> str:
    """Return the id of a new run; "" if it is not to be driven."""
    answer = workspace.act("replay/runs", document)
    print_forecast(answer)
    run_id = str(answer["run_id"])
    if not run_id:
        if as_json:
            print_json(dict(answer))
        return ""
    if not cast("Mapping[str, int]", answer["estimate"])["questions"]:
        _cancel(workspace, document, run_id)
        raise click.ClickException("none of these decisions can be asked again: see above why")
    if not (is_certain or not _is_watched() or click.confirm("Begin?", err=True)):
        _cancel(workspace, document, run_id)
        click.echo("nothing was asked", err=True)
        _tell_resume(run_id)
        return ""
    click.echo(f"run {run_id}", err=True)
    return run_id


def _cancel(workspace: Workspace, document: Mapping[str, object], run_id: str) -> None:
    workspace.act("replay/cancel", {"tenant": document["tenant"], "run_id": run_id})


def _is_watched() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _replayed(workspace: Workspace, tenant: str, run_id: str, ending: Ending) -> bool:
    """Drive a run, compare it, and return whether all is well."""
    from trainingloop.replay.comparison import compare_run  # heavy
    from trainingloop.replay.reasons import reasons_of
    from trainingloop.replay.runs import RunState, status_of

    try:
        drive_run(workspace, tenant, run_id)
    except TrainingLoopError:
        _tell_resume(run_id)
        raise
    reads = workspace.reads(tenant)
    status = status_of(reads, run_id)
    if not ending.as_json:
        print_status(status, reasons_of(reads, run_id))
    is_done = status.run.state is RunState.DONE
    is_passed = True
    if is_done or status.run.state is RunState.OVER_BUDGET:
        compared = compare_run(reads, run_id)
        is_passed = ending.tell(compared) and compared.compared > 0
        if not compared.compared:
            click.echo("no answer came that could be compared: see the states above", err=True)
    if status.final < status.all:
        _tell_resume(run_id)
    return is_done and is_passed


def _tell_resume(run_id: str) -> None:
    click.echo(f"go on with: trainingloop replay run --resume {run_id}", err=True)
