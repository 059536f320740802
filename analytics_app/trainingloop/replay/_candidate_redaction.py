"""A candidate without personal data, so that it says what the recorded prompts say."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, cast

from trainingloop.replay._candidate import Patch, PlaybookChange, SystemChange, ToolsChange
from trainingloop.replay._json import object_of
from trainingloop.replay.errors import CandidateError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trainingloop.chat import JsonObject
    from trainingloop.processor import Redactor
    from trainingloop.replay._candidate import Candidate

_FAILED: Final = "<REDACTION_FAILED>"
_PARTS: Final = ("name", "params", "system", "playbook", "tools")


def redacted(candidate: Candidate, redactor: Redactor, tenant: str) -> Candidate:
    """Return ``candidate`` as it is asked and stored.

    A value that the recorded prompts have as a token becomes the same token here.

    Raises:
        CandidateError: a text could not be looked at.
    """
    clean = partial(_clean, partial(redactor.text, tenant=tenant))
    system, tools = candidate.system, candidate.tools
    patches = (
        Patch(find=str(clean(patch.find)), replace=str(clean(patch.replace)))
        for patch in system.patches
    )
    return replace(
        candidate,
        name=str(clean(candidate.name)),
        params=_object(clean, candidate.params),
        system=SystemChange(
            replace=cast("str | None", clean(system.replace)),
            template=cast("str | None", clean(system.template)),
            patches=tuple(patches),
            prepend=str(clean(system.prepend)),
            append=str(clean(system.append)),
        ),
        playbook=PlaybookChange(
            version=str(clean(candidate.playbook.version)),
            settings=_object(clean, candidate.playbook.settings),
        ),
        tools=ToolsChange(
            replace=None
            if tools.replace is None
            else tuple(_object(clean, tool) for tool in tools.replace),
            add=tuple(_object(clean, tool) for tool in tools.add),
            remove=tools.remove,
            change={name: _object(clean, said) for name, said in tools.change.items()},
        ),
    )


def changed_parts(before: Candidate, after: Candidate) -> list[str]:
    """Return in which parts of a candidate `redacted` found something."""
    return [part for part in _PARTS if getattr(before, part) != getattr(after, part)]


def _object(clean: Callable[[object], object], value: Mapping[str, object]) -> JsonObject:
    return object_of(clean(dict(value)))


def _clean(text: Callable[[str], str], value: object) -> object:
    """Return a value with every text in it redacted; names and numbers stay."""
    if isinstance(value, str):
        cleaned = text(value)
        if _FAILED in cleaned and _FAILED not in value:
            raise CandidateError(
                "a text of the candidate could not be searched for personal data: shorten it"
            )
        return cleaned
    if isinstance(value, dict):
        return {name: _clean(text, part) for name, part in cast("JsonObject", value).items()}
    if isinstance(value, list):
        return [_clean(text, part) for part in cast("list[object]", value)]
    return value
