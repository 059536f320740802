"""The end of a comparison: reports as files, conditions, and the exit code they lead to."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar

import click

from trainingloop.cli._output import print_json
from trainingloop.cli._replay_comparison import print_comparison
from trainingloop.cli._writing import written

if TYPE_CHECKING:
    from collections.abc import Callable

    from trainingloop.replay.comparison import RunComparison
    from trainingloop.replay.gate import Condition

P = ParamSpec("P")
R = TypeVar("R")

_WRITTEN: Final = click.Path(dir_okay=False, writable=True, path_type=Path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What becomes of a comparison."""

    conditions: tuple[Condition, ...]
    junit: Path | None
    markdown: Path | None
    as_json: bool

    def tell(self, compared: RunComparison) -> bool:
        """Print ``compared``, write the reports, and return whether the gate lets it pass."""
        from trainingloop.replay.gate import check_gate  # heavy
        from trainingloop.replay.reports import as_junit, as_markdown

        failures = [
            f"{failure.condition or 'the run'}: {failure.reason}"
            for failure in (check_gate(compared, self.conditions) if self.conditions else ())
        ]
        if self.markdown:
            _write(self.markdown, as_markdown(compared, self.conditions))
        if self.junit:
            _write(self.junit, as_junit(compared, self.conditions))
        if self.as_json:
            print_json({**asdict(compared), "gate_failures": failures})
        else:
            print_comparison(compared)
        for failure in failures:
            click.echo(f"gate: {failure}", err=True)
        return not failures


def with_ending(command: Callable[Concatenate[Ending, P], R]) -> Callable[P, R]:
    """Give ``command`` the options that say what becomes of a comparison and, first, the ending."""
    from functools import wraps

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        conditions = _conditions(kwargs.pop("fail_on"))
        junit, markdown = kwargs.pop("junit"), kwargs.pop("markdown")
        for path in (junit, markdown):
            _check_folder(path)
        ending = Ending(
            conditions=conditions,
            junit=junit if isinstance(junit, Path) else None,
            markdown=markdown if isinstance(markdown, Path) else None,
            as_json=bool(kwargs.pop("as_json")),
        )
        return command(ending, *args, **kwargs)

    decorated: Callable[P, R] = wrapped
    decorated = click.option("--json", "as_json", is_flag=True, help="Print JSON.")(decorated)
    decorated = click.option(
        "--markdown", type=_WRITTEN, help="Write the comparison as Markdown to this file."
    )(decorated)
    decorated = click.option(
        "--junit", type=_WRITTEN, help="Write the conditions as JUnit XML to this file."
    )(decorated)
    return click.option(
        "--fail-on",
        multiple=True,
        metavar="CONDITION",
        help="End with exit code 1 if this is so, such as 'newly_unsafe>0' or 'same_calls<0.9'; "
        "several may be given.",
    )(decorated)


def _check_folder(path: object) -> None:
    """Refuse a report that could not be written, before anything is paid for."""
    if isinstance(path, Path) and not path.absolute().parent.is_dir():
        raise click.BadParameter(
            f"there is no folder {str(path.parent)!r} to write {path.name!r} into: make it first"
        )


def _conditions(given: object) -> tuple[Condition, ...]:
    from trainingloop.replay.errors import GateError
    from trainingloop.replay.gate import parse_condition  # heavy

    texts = [str(text) for text in given] if isinstance(given, tuple) else []  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]  # what click collects
    try:
        return tuple(parse_condition(text) for text in texts)
    except GateError as error:
        raise click.BadParameter(str(error), param_hint="--fail-on") from error


def _write(path: Path, text: str) -> None:
    with written(path) as file:
        file.write(text.encode())
