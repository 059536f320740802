"""``cohorts``: which there are, which one is better, and saving one."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Final, cast

import click

from trainingloop.cli._cohort_report import print_report
from trainingloop.cli._filters import with_times
from trainingloop.cli._output import counted, examples, print_json, print_table
from trainingloop.cli._reading import one_tenant
from trainingloop.cli._store_option import with_store
from trainingloop.cli._workspace import open_workspace

_JSON_HELP: Final = "Print JSON."
_TENANT_HELP: Final = "Whose decisions; needed where there are several."
_AUTOMATIC_COLUMNS: Final = {
    "tag": "cohort",
    "conversations": "conversations",
    "decisions": "decisions",
    "messages": "messages",
    "tool_calls": "tool calls",
    "playbook_decisions": "playbook",
    "first_at": "first (UTC)",
    "last_at": "last (UTC)",
}
_SAVED_COLUMNS: Final = {
    "name": "saved",
    "conversations": "conversations",
    "decisions": "decisions",
    "frozen_at": "frozen (UTC)",
    "conditions": "conditions",
    "note": "note",
}


@click.group(
    epilog=examples(
        "trainingloop cohorts list",
        "trainingloop cohorts compare booking_v3.1 booking_v3.2",
        "trainingloop cohorts compare model=gpt-4o model=gpt-4o-mini,channel=web",
        "trainingloop cohorts save before-launch model=gpt-4o,until=2026-11-01",
    )
)
def cohorts() -> None:
    """Compare versions of an assistant, and say how sure one may be.

    A cohort is a set of decisions: a tag that decisions carry by themselves, a saved cohort such as
    @launch or @launch:2, or conditions such as model=gpt-4o,channel=whatsapp.
    """


@cohorts.command(
    name="list",
    epilog=examples(
        "trainingloop cohorts list --since 30d",
    ),
)
@with_store
@click.option("--tenant", help=_TENANT_HELP)
@with_times
@click.option("--json", "as_json", is_flag=True, help=_JSON_HELP)
def list_cohorts(
    dsn: str, tenant: str | None, since: datetime | None, until: datetime | None, as_json: bool
) -> None:
    """List the automatic cohorts of a time range, and the saved ones."""
    from trainingloop.cohorts import automatic_cohorts, saved_cohorts  # heavy

    with open_workspace(dsn) as workspace:
        reads = workspace.reads(one_tenant(workspace, tenant))
        automatic = [asdict(one) for one in automatic_cohorts(reads, since=since, until=until)]
        saved = [
            {**asdict(one), "definition": one.definition.document()} for one in saved_cohorts(reads)
        ]
    if as_json:
        print_json({"automatic": automatic, "saved": saved})
        return
    print_table(_AUTOMATIC_COLUMNS, automatic, empty="no decision carries a cohort tag")
    if saved:
        click.echo()
        rows = [
            {
                **one,
                "name": f"@{one['name']}:{one['version']}",
                "conditions": _conditions(cast("dict[str, str]", one["definition"])),
            }
            for one in saved
        ]
        print_table(_SAVED_COLUMNS, rows, empty="")


@cohorts.command(
    epilog=examples(
        "trainingloop cohorts compare booking_v3.1 booking_v3.2 --since 30d",
        "trainingloop cohorts compare @before-launch model=gpt-5.4 --metric order_paid",
        "trainingloop cohorts compare booking_v3_control booking_v3_experiment --split 50:50",
    )
)
@with_store
@click.argument("a")
@click.argument("b")
@click.option("--tenant", help=_TENANT_HELP)
@with_times
@click.option("--metric", default="", help="Judge by this one, such as escalation_triggered.")
@click.option(
    "--split",
    metavar="A:B",
    help="How conversations were given to A and B by lot, such as 50:50.",
)
@click.option("--json", "as_json", is_flag=True, help=_JSON_HELP)
def compare(
    dsn: str,
    a: str,
    b: str,
    tenant: str | None,
    since: datetime | None,
    until: datetime | None,
    metric: str,
    split: str | None,
    as_json: bool,
) -> None:
    """Compare B with A, and say whether it is better.

    Differences are B minus A. Outcomes enter once their window has passed, in both. Exit code 0
    whatever the verdict.
    """
    from trainingloop.cohorts import compare_cohorts  # heavy

    with open_workspace(dsn) as workspace:
        report = compare_cohorts(
            workspace.reads(one_tenant(workspace, tenant)),
            a,
            b,
            as_of=datetime.now(UTC),
            since=since,
            until=until,
            primary=metric,
            split=_shares(split),
        )
    if as_json:
        print_json(asdict(report))
    else:
        print_report(report)


@cohorts.command(
    epilog=examples(
        "trainingloop cohorts save launch playbook=booking,playbook_version=3.2",
        "trainingloop cohorts save control booking_v3_control --note 'arm of the autumn test'",
    )
)
@with_store
@click.argument("name")
@click.argument("conditions")
@click.option("--tenant", help=_TENANT_HELP)
@click.option("--note", default="", help="What it is for.")
@click.option("--by", "author", default="", help="Who saves it.")
@click.option("--json", "as_json", is_flag=True, help=_JSON_HELP)
def save(
    dsn: str,
    name: str,
    conditions: str,
    tenant: str | None,
    note: str,
    author: str,
    as_json: bool,
) -> None:
    """Save a cohort under NAME, frozen: decisions that come in later are not in it.

    CONDITIONS is a tag or conditions such as model=gpt-4o,channel=whatsapp. A name that exists gets
    its next version, and the earlier ones stay.
    """
    with open_workspace(dsn) as workspace:
        answer = workspace.act(
            "cohorts",
            {
                "tenant": one_tenant(workspace, tenant),
                "name": name,
                "cohort": conditions,
                "note": note,
                "created_by": author,
            },
        )
    if as_json:
        print_json(answer)
        return
    held = (
        f"{counted(cast('int', answer['conversations']), 'conversation')}, "
        f"{counted(cast('int', answer['decisions']), 'decision')}"
    )
    state = "saved" if answer["is_new"] else "nothing has changed since"
    click.echo(f"@{answer['name']}:{answer['version']}: {state} ({held})")


def _shares(split: str | None) -> tuple[float, ...] | None:
    if split is None:
        return None
    try:
        first, second = (float(share) for share in split.split(":"))
    except ValueError as error:
        raise click.BadParameter(
            f"{split!r} is no split: use two numbers such as 50:50", param_hint="--split"
        ) from error
    return first, second


def _conditions(definition: dict[str, str]) -> str:
    return ",".join(f"{name}={value}" for name, value in definition.items())
