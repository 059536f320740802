"""``outcomes``: what came of decisions, by which rules, and why."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Final, cast

import click

from trainingloop.cli._errors import NoDecisionError
from trainingloop.cli._filters import since_option, tenant_option
from trainingloop.cli._output import console, counted, examples, print_json, print_table, printable
from trainingloop.cli._reading import chosen_tenants
from trainingloop.cli._store_option import with_store
from trainingloop.cli._workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping

    from trainingloop.cli._workspace import Workspace
    from trainingloop.outcomes import Explanation
    from trainingloop.outcomes.rules import Rule

_JSON_HELP: Final = "Print JSON."
_QUIET_S: Final = 2.0
"""What takes no longer needs no sign that it is under way."""
_STATES: Final = ("yes", "no", "pending")
_STATE_COLUMNS: Final = {"tenant_id": "tenant", "rule": "rule", **{name: name for name in _STATES}}
_RULE_COLUMNS: Final = {
    "id": "rule",
    "version": "version",
    "direction": "yes is",
    "unit": "per",
    "windows": "window",
    "meaning": "when",
    "title": "title",
}
_TRIED_COLUMNS: Final = {**_STATE_COLUMNS, "counted": "yes where known"}
_MOST_HOURS: Final = 72
_FILE: Final = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.group(
    epilog=examples(
        "trainingloop outcomes run                      work out what is new",
        "trainingloop outcomes explain 00f067aa0ba902b7 say why",
        "trainingloop outcomes try rules.yaml           see what rules would say",
    )
)
def outcomes() -> None:
    """Work out what came of decisions, and explain it.

    A running `trainingloop serve` does so by itself. Rules are built in; TRAININGLOOP_OUTCOME_RULES
    names a file that changes them and adds to them.
    """


@outcomes.command(epilog=examples("trainingloop outcomes run --json"))
@with_store
@tenant_option
@click.option("--json", "as_json", is_flag=True, help=_JSON_HELP)
def run(dsn: str, tenant: str | None, as_json: bool) -> None:
    """Work out now what may have changed, and show what did."""
    _sweep(dsn, "outcomes/run", tenant, {}, as_json)


@outcomes.command(epilog=examples("trainingloop outcomes backfill --since 30d"))
@with_store
@tenant_option
@since_option
@click.option("--json", "as_json", is_flag=True, help=_JSON_HELP)
def backfill(dsn: str, tenant: str | None, since: datetime | None, as_json: bool) -> None:
    """Work everything out again, or what came in since a time."""
    _sweep(dsn, "outcomes/backfill", tenant, {"since": since.isoformat()} if since else {}, as_json)


@outcomes.command(epilog=examples("trainingloop outcomes explain 00f067aa0ba902b7"))
@with_store
@click.argument("decision")
@tenant_option
@click.option("--json", "as_json", is_flag=True, help=_JSON_HELP)
def explain(dsn: str, decision: str, tenant: str | None, as_json: bool) -> None:
    """Say what came of one decision, and why."""
    with open_workspace(dsn) as workspace:
        found = _explained(workspace, decision, tenant)
    if as_json:
        print_json(asdict(found) | {"text": found.text})
        return
    out = console()
    for line in _lines(found):
        out.print(line)


@outcomes.command(
    name="rules",
    epilog=examples(
        "trainingloop outcomes rules",
        "trainingloop outcomes rules --rules rules.yaml",
    ),
)
@click.option("--rules", "path", type=_FILE, help="A file to check, instead of the one in use.")
@click.option("--json", "as_json", is_flag=True, help=_JSON_HELP)
def list_rules(path: Path | None, as_json: bool) -> None:
    """List the rules, or check a file of them and list what it makes."""
    from trainingloop.outcomes.rules import load_rules, rules_from_environment  # heavy

    rules = load_rules(path) if path else rules_from_environment()
    shown = [_shown_rule(rule) for rule in (*rules.rules, *rules.reported_rules)]
    if as_json:
        tools = list(rules.escalation_tools)
        print_json({"version": rules.version, "rules": shown, "escalation_tools": tools})
        return
    print_table(_RULE_COLUMNS, shown, empty="every rule is off", flexible="title")
    click.echo(f"\ntools that hand over: {', '.join(rules.escalation_tools) or 'none'}")
    click.echo("every other outcome that is reported by name: good, within 30d")


@outcomes.command(name="try", epilog=examples("trainingloop outcomes try rules.yaml --since 30d"))
@with_store
@click.argument("path", metavar="FILE", type=_FILE)
@tenant_option
@since_option
@click.option("--json", "as_json", is_flag=True, help=_JSON_HELP)
def try_rules(
    dsn: str, path: Path, tenant: str | None, since: datetime | None, as_json: bool
) -> None:
    """Say what the rules of a file would find. Nothing is written."""
    from trainingloop.outcomes.rules import load_rules  # heavy

    load_rules(path)
    document: dict[str, object] = {"rules": path.read_text(encoding="utf-8-sig")}
    if since:
        document["since"] = since.isoformat()
    with open_workspace(dsn) as workspace, _patience("trying the rules"):
        found = [
            {"tenant_id": name, **row}
            for name in chosen_tenants(workspace, tenant)
            for row in _rows(workspace.act("outcomes/try", {**document, "tenant": name}))
        ]
    if as_json:
        print_json(found)
        return
    print_table(
        _TRIED_COLUMNS,
        [{**row, "rule": row["rule_id"], "counted": _share(row)} for row in found],
        empty="nothing is recorded here yet",
    )


def _sweep(
    dsn: str, action: str, tenant: str | None, document: Mapping[str, object], as_json: bool
) -> None:
    """Have the outcomes worked out, and print how many there are now and how many more."""
    with open_workspace(dsn) as workspace:
        names = chosen_tenants(workspace, tenant)
        before = _states(workspace, names)
        with _patience("working out what came of decisions"):
            done = workspace.act(action, {**document, **({"tenant": tenant} if tenant else {})})
        after = _states(workspace, names)
    if as_json:
        print_json({**done, "rules": [_with_changes(row, before) for row in after.values()]})
        return
    threads = counted(cast("int", done["threads"]), "conversation")
    written = counted(cast("int", done["outcomes"]), "outcome")
    click.echo(f"looked at {threads}, wrote {written}", err=True)
    rows = [_shown_states(_with_changes(row, before)) for row in after.values()]
    print_table(_STATE_COLUMNS, rows, empty="no decision has an outcome yet")


def _states(
    workspace: Workspace, tenants: list[str]
) -> dict[tuple[str, ...], Mapping[str, object]]:
    return {
        (tenant, str(row["rule_id"]), str(row["rule_version"])): {"tenant_id": tenant, **row}
        for tenant in tenants
        for row in workspace.reads(tenant).table("outcome_states").records()
    }


def _with_changes(
    row: Mapping[str, object], before: Mapping[tuple[str, ...], Mapping[str, object]]
) -> dict[str, object]:
    earlier = before.get((str(row["tenant_id"]), str(row["rule_id"]), str(row["rule_version"])), {})
    changes = {
        f"{state}_change": cast("int", row[state]) - cast("int", earlier.get(state, 0))
        for state in _STATES
    }
    return {**row, **changes}


def _shown_states(row: Mapping[str, object]) -> dict[str, object]:
    cells = {state: _cell(row[state], cast("int", row[f"{state}_change"])) for state in _STATES}
    return {**row, "rule": row["rule_id"], **cells}


def _cell(number: object, change: int) -> str:
    return f"{number} ({change:+d})" if change else str(number)


def _explained(workspace: Workspace, decision: str, tenant: str | None) -> Explanation:
    from trainingloop.outcomes import UnknownDecisionError, explain  # heavy
    from trainingloop.outcomes.rules import rules_from_environment

    rules, now = rules_from_environment(), datetime.now(UTC)
    for name in chosen_tenants(workspace, tenant):
        with suppress(UnknownDecisionError):
            return explain(workspace.reads(name), decision, now, rules)
    raise NoDecisionError(
        f"no decision {decision!r} is stored here: trainingloop decisions lists their ids"
    )


def _lines(found: Explanation) -> Iterator[str]:
    kind = found.kind.replace("_", " ")
    yield f"decision {found.decision_id}, a {kind} that ended {printable(found.ended_at)} UTC"
    yield f"conversation {found.thread_id}"
    for outcome in found.outcomes:
        yield f"\n{outcome.headline}"
        yield from (f"  {printable(sentence)}" for sentence in outcome.sentences)
    if found.note:
        yield f"\n{found.note}"


def _shown_rule(rule: Rule) -> dict[str, object]:
    windows = [f"{each.channel} {_length(each.window)}" for each in rule.channel_windows]
    return {
        "id": rule.id,
        "version": rule.version,
        "title": rule.title,
        "direction": rule.direction,
        "unit": rule.unit,
        "windows": "; ".join([_length(rule.window), *windows]),
        "when": rule.when,
        "is_absence": rule.is_absence,
        "meaning": f"none: {rule.when}" if rule.is_absence else rule.when,
    }


def _length(window: timedelta) -> str:
    minutes = window // timedelta(minutes=1)
    if minutes % 60:
        return f"{minutes}m"
    hours = minutes // 60
    return f"{hours // 24}d" if hours % 24 == 0 and hours > _MOST_HOURS else f"{hours}h"


def _rows(document: Mapping[str, object]) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", document["rules"])


def _share(row: Mapping[str, object]) -> str:
    return f"{row['counted_yes']} of {counted(cast('int', row['counted']), str(row['unit']))}"


@contextmanager
def _patience(what: str) -> Generator[None]:
    """Show on a terminal that something is under way, when it takes its time."""
    out = console(stderr=True)
    status = out.status(what)
    timer = Timer(_QUIET_S, status.start)
    if out.is_terminal:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if timer.ident:
            timer.join()
        status.stop()
