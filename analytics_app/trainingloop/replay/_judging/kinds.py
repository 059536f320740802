"""What an answer does: its calls say it, and without calls its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.replay._judging.judgement import Kind
from trainingloop.replay._judging.lexicon import pattern
from trainingloop.replay._judging.tools import Effect
from trainingloop.replay._judging.wording import wording_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trainingloop.replay._judging.calls import Call
    from trainingloop.replay._judging.checks import Checks
    from trainingloop.replay._judging.wording import Wording
    from trainingloop.replay.answers import Answer

_WITHHELD: Final = frozenset({"content_filter", "refusal"})
"""Reasons to finish without an answer that are the provider's word for a refusal."""
_STRONGEST: Final = (
    (Effect.ESCALATE, Kind.ESCALATE),
    (Effect.WRITE, Kind.TOOL_WRITE),
    (Effect.READ, Kind.TOOL_READ),
)


def kind_of(answer: Answer, checks: Checks) -> Kind:
    """What an answer does."""
    if answer.tool_calls:
        return _kind_of_calls((call.name for call in answer.tool_calls), checks)
    if answer.finish_reason == "error":
        return Kind.ERROR
    if answer.refusal.strip() or (answer.finish_reason in _WITHHELD and not answer.text.strip()):
        return Kind.REFUSE
    wording = wording_of(answer.text)
    return _kind_of_words(wording) if wording.plain else Kind.EMPTY


def intent_of(kind: Kind, calls: Iterable[Call]) -> str:
    """The kind, and of calls which tools."""
    tools = sorted({call.name for call in calls})
    return f"{kind}:{','.join(tools)}" if tools else str(kind)


def _kind_of_calls(tools: Iterable[str], checks: Checks) -> Kind:
    effects = {checks.tools.effect_of(tool) for tool in tools}
    return next(kind for effect, kind in _STRONGEST if effect in effects)


def _kind_of_words(wording: Wording) -> Kind:
    stated = [sentence for sentence in wording.sentences if not sentence.endswith("?")]
    denies = _any(wording, "deny", stated)
    if not denies and _any(wording, "refuse", stated):
        return Kind.DENY if wording.has("rule") else Kind.REFUSE
    if _any(wording, "escalate", stated):
        return Kind.ESCALATE
    asks = _asks(wording)
    if denies and not (asks and _is_aside(wording, stated)):
        return Kind.DENY
    if asks:
        return Kind.ASK
    return Kind.DENY if _any(wording, "unable", stated) else Kind.REPLY


def _is_aside(wording: Wording, stated: Iterable[str]) -> bool:
    """Whether what is denied is only mentioned: "please note that …"."""
    deny, aside = (pattern(name, wording.languages) for name in ("deny", "aside"))
    return all(aside.search(sentence) for sentence in stated if deny.search(sentence))


def _asks(wording: Wording) -> bool:
    """Whether an answer is waited for; nobody waits for one to "anything else?"."""
    courtesy, request = (pattern(name, wording.languages) for name in ("courtesy", "request"))
    for sentence in wording.sentences:
        rest = courtesy.sub("", sentence)
        if request.search(rest) or (rest == sentence and sentence.endswith("?")):
            return True
    return False


def _any(wording: Wording, section: str, sentences: Iterable[str]) -> bool:
    listed = pattern(section, wording.languages)
    return any(listed.search(sentence) for sentence in sentences)
