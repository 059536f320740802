"""Whom ``replay run`` asks: options and a file as a candidate."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar, cast

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trainingloop.replay.candidates import Candidate

P = ParamSpec("P")
R = TypeVar("R")

_FILE: Final = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
_OF_PLACE: Final = ("base_url", "endpoint", "api", "key_variable", "model")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who is asked, as the command line says it."""

    file: Path | None
    model: str
    base_url: str
    endpoint: str
    api: str
    key_variable: str | None

    def is_said(self) -> bool:
        """Whether anything was said of a candidate."""
        return any((self.file, self.model, self.base_url, self.endpoint))

    def candidate(self) -> Candidate:
        """Return the candidate; what the command line says comes over the file.

        Raises:
            CandidateError: it makes no sense.
        """
        from trainingloop.replay.candidates import candidate_from, load_candidate  # heavy

        own = {
            "model": self.model,
            "base_url": self.base_url,
            "endpoint": self.endpoint,
            "api": self.api,
        }
        given: dict[str, object] = {name: value for name, value in own.items() if value}
        if self.key_variable is not None:
            given["key_variable"] = self.key_variable
        if self.file is None:
            return candidate_from(given)
        loaded = load_candidate(self.file)
        return candidate_from({**_without_place(loaded.document(), given), **given})

    def check(self) -> None:
        """Refuse what contradicts itself."""
        if not self.is_said():
            raise click.UsageError(
                "say who is to be asked: --model NAME for another model, --candidate FILE for "
                "another prompt, playbook or tools, or --endpoint local for a small model that "
                "runs here"
            )
        if self.endpoint and (self.model or self.base_url or self.api):
            raise click.UsageError(
                "--endpoint local has a model and an address of its own: leave out --model, "
                "--base-url and --api"
            )
        if self.file and self.model:
            raise click.UsageError(
                "--candidate FILE says which model is asked: change the file instead of giving "
                "--model; to choose decisions by the model that made them, use --recorded-model"
            )


def _without_place(
    document: Mapping[str, object], given: Mapping[str, object]
) -> dict[str, object]:
    """Return a candidate's document without what another place makes meaningless."""
    dropped: tuple[str, ...] = ()
    if given.get("endpoint"):
        dropped = _OF_PLACE
    elif given.get("base_url") and document.get("endpoint"):
        dropped = ("endpoint", "key_variable")  # the model that runs here has no key
    return {name: value for name, value in document.items() if name not in dropped}


def with_asked(command: Callable[Concatenate[Asked, P], R]) -> Callable[P, R]:
    """Give ``command`` the options that say who is asked and, first, what they say."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        asked = Asked(
            file=cast("Path | None", kwargs.pop("file")),
            model=str(kwargs.pop("asked_model")),
            base_url=str(kwargs.pop("base_url")),
            endpoint=str(kwargs.pop("endpoint") or ""),
            api=str(kwargs.pop("api") or ""),
            key_variable=cast("str | None", kwargs.pop("key_variable")),
        )
        return command(asked, *args, **kwargs)

    decorated: Callable[P, R] = wrapped
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated


_OPTIONS: Final = (
    click.option(
        "--candidate", "file", type=_FILE, help="A YAML file of what is asked: see docs/replay.md."
    ),
    click.option(
        "--model", "asked_model", default="", help="Ask this model instead of the recorded one."
    ),
    click.option(
        "--base-url",
        default="",
        metavar="URL",
        help="Where an OpenAI-compatible endpoint is. Else OPENAI_BASE_URL, else OpenAI.",
    ),
    click.option(
        "--api", type=click.Choice(("chat", "responses")), help="Which of its interfaces is asked."
    ),
    click.option(
        "--key-variable",
        metavar="NAME",
        help="The environment variable that holds the key; '' for none. Default OPENAI_API_KEY.",
    ),
    click.option(
        "--endpoint",
        type=click.Choice(("local",)),
        help="Ask a small model that runs here: no key, no network, and no great wisdom.",
    ),
)
