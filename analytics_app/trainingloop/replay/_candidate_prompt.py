"""The system prompt a candidate is given."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, cast

from trainingloop.replay._json import object_of, text_of
from trainingloop.replay.errors import CandidateError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from trainingloop.chat import JsonObject
    from trainingloop.replay._candidate import Candidate, SystemChange
    from trainingloop.replay.cases import Case

_SYSTEM: Final = frozenset({"system", "developer"})
PLACEHOLDER: Final = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_SETTING: Final = re.compile(r"settings\.([\w-]+(?:\.[\w-]+)*)")
NAMES: Final = (
    "system",
    "model",
    "channel",
    "prompt_name",
    "prompt_version",
    "playbook_id",
    "playbook_version",
    "code_version",
    "settings.NAME",
)
"""What a template can ask for."""


def is_placeholder(name: str) -> bool:
    """Whether a template can ask for ``name``."""
    return name in NAMES[:-1] or _SETTING.fullmatch(name) is not None


def prompted(candidate: Candidate, case: Case) -> list[JsonObject]:
    """Return the messages of ``case`` with the candidate's system prompt.

    Raises:
        CandidateError: a patch finds nothing, or a template asks for what was not recorded.
    """
    messages, change = case.request.messages, candidate.system
    if change.replace is not None:
        return _with_prompt(messages, change.replace)
    if change.template is not None:
        return _with_prompt(messages, _filled(change.template, candidate, case))
    return _patched(messages, change)


def system_prompt(messages: Sequence[JsonObject]) -> str:
    """Return the text of the system messages a conversation begins with."""
    return "\n\n".join(text for message in _leading(messages) for text in _texts(message))


def _leading(messages: Sequence[JsonObject]) -> Iterator[JsonObject]:
    for message in messages:
        if message.get("role") not in _SYSTEM:
            return
        yield message


def _with_prompt(messages: Sequence[JsonObject], text: str) -> list[JsonObject]:
    """Replace the first system message.

    Those behind it stay: agents tell there what they know of the one customer.
    """
    if messages and messages[0].get("role") in _SYSTEM:
        return [{**messages[0], "content": text}, *messages[1:]]
    return [{"role": "system", "content": text}, *messages]


def _patched(messages: Sequence[JsonObject], change: SystemChange) -> list[JsonObject]:
    count = len(list(_leading(messages)))
    lead = list(messages[:count])
    for number, patch in enumerate(change.patches, start=1):
        if not any(patch.find in text for message in lead for text in _texts(message)):
            raise CandidateError(
                f"patch {number} of the system prompt finds nothing in the recorded one: "
                "find a text that every decision of the set has, or choose decisions that have it"
            )
        lead = [_replaced(message, patch.find, patch.replace) for message in lead]
    if not (change.prepend or change.append):
        return [*lead, *messages[count:]]
    prompt = "\n\n".join(_texts(lead[0])) if lead else ""
    return _with_prompt(
        [*lead, *messages[count:]],
        "\n\n".join(text for text in (change.prepend, prompt, change.append) if text),
    )


def _replaced(message: JsonObject, find: str, replace: str) -> JsonObject:
    content = message.get("content")
    if isinstance(content, str):
        return {**message, "content": content.replace(find, replace)}
    parts = [
        {**part, "text": str(part.get("text", "")).replace(find, replace)}
        for part in map(object_of, cast("list[object]", content))
    ]
    return {**message, "content": parts}


def _texts(message: JsonObject) -> list[str]:
    content = message.get("content")
    if isinstance(content, list):
        return [str(object_of(part).get("text", "")) for part in cast("list[object]", content)]
    return [str(content or "")]


def _filled(template: str, candidate: Candidate, case: Case) -> str:
    known = _known(candidate, case)

    def value(found: re.Match[str]) -> str:
        return _value(found[1], known)

    return PLACEHOLDER.sub(value, template)


def _known(candidate: Candidate, case: Case) -> Mapping[str, object]:
    versions, lead = case.versions, list(_leading(case.request.messages))
    settings = {**object_of(versions.playbook_settings), **candidate.playbook.settings}
    return {
        "system": "\n\n".join(_texts(lead[0])) if lead else "",
        "model": candidate.model or versions.request_model or versions.model,
        "channel": case.channel,
        "prompt_name": versions.prompt_name,
        "prompt_version": versions.prompt_version,
        "playbook_id": versions.playbook_id,
        "playbook_version": candidate.playbook.version or versions.playbook_version,
        "code_version": versions.code_version,
        "settings": settings,
    }


def _value(name: str, known: Mapping[str, object]) -> str:
    value: object = known
    for part in name.split("."):
        value = object_of(value).get(part)
    if value in (None, ""):
        raise CandidateError(
            f"the template asks for {name!r}, which the decision does not say: give it under "
            "playbook.settings, or choose decisions that have it"
        )
    return text_of(value)
