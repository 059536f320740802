"""``doctor``: whether this installation records, redacts and stores."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import click

from trainingloop.cli._capture_check import check_capture
from trainingloop.cli._checks import (
    check_extras,
    check_key,
    check_ports,
    check_python,
    check_redaction,
    check_store,
)
from trainingloop.cli._output import examples, print_json
from trainingloop.cli._store_option import with_store
from trainingloop.cli._workspace import parsed_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainingloop.cli._checks import Check

_SIGNS: Final = {"ok": "ok  ", "warn": "warn", "fail": "FAIL"}


@click.command(
    epilog=examples(
        "trainingloop doctor",
    )
)
@with_store
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(dsn: str, as_json: bool) -> None:
    """Check this installation: libraries, key, ports, store, redaction, one recorded call.

    The exit code is 1 if anything fails. Nothing is added to the store.
    """
    parsed_address(dsn)
    found: list[Check] = []
    for check in _checks(dsn):
        found.append(check)
        if not as_json:
            click.echo(f"{_SIGNS[check.state]}  {check.name:12} {check.found}")
            if check.advice:
                click.echo(f"{'':6}{'':12} → {check.advice}")
    if as_json:
        print_json([asdict(check) for check in found])
    if any(check.state == "fail" for check in found):
        click.get_current_context().exit(1)


def _checks(dsn: str) -> Iterator[Check]:
    """Yield each finding as soon as it is there: the last ones take seconds."""
    yield check_python()
    yield from check_extras()
    yield check_key()
    yield from check_ports()
    yield check_store(dsn)
    yield check_redaction()
    yield check_capture()
