"""``playbook(...)``: which rules were looked at, which of them applied, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation import _context, _payload, _recorder, _span, semconv
from trainingloop.instrumentation._conversation import Playbook, playbook_attributes
from trainingloop.instrumentation._guard import Shield

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.util.types import AttributeValue

_MAX_RULES: Final = 1000


class PlaybookEvaluation(_span.SpanBlock):
    """One evaluation of a playbook's rules, which is one decision."""

    def __init__(self, playbook: Playbook) -> None:
        super().__init__()
        self._playbook = playbook
        self._rules: list[dict[str, object]] = []

    def rule(self, name: str, *, fired: bool, reason: str | None = None) -> None:
        """Record that a rule was looked at.

        Args:
            name: Names the rule in the playbook.
            fired: Whether it applied.
            reason: Why it did, or why it was rejected.
        """
        if self._span is not None and len(self._rules) < _MAX_RULES:
            self._rules.append({"rule": name, "fired": bool(fired), "reason": reason})

    def _start(self) -> None:
        recorder = _recorder.current()
        if recorder is None:
            return
        parent = _context.current_scope()
        own = self._own_attributes(parent)
        scope = _context.Scope(
            attributes={**(parent.attributes if parent is not None else {}), **own},
            thread=parent.thread if parent is not None else _context.ConversationThread(),
            parent=parent,
            settings=self._settings(parent),
        )
        name = f"{semconv.OPERATION_PLAYBOOK} {self._playbook.id}"
        self._open(recorder, name, {semconv.OPERATION_NAME: semconv.OPERATION_PLAYBOOK}, scope)
        if parent is not None and semconv.PLAYBOOK_ID not in parent.attributes:
            # The decisions that follow in this turn are made under the playbook, too.
            parent.attributes = {**parent.attributes, **own}

    def _finish(self, error: BaseException | None) -> None:
        span = self._span
        if span is not None and span.is_recording():
            with Shield("recording playbook rules"):
                fired = [str(rule["rule"]) for rule in self._rules if rule["fired"]]
                span.set_attribute(semconv.PLAYBOOK_RULES, _payload.json_of(self._rules))
                span.set_attribute(semconv.PLAYBOOK_RULES_FIRED, fired)
        super()._finish(error)

    def _own_attributes(self, parent: _context.Scope | None) -> dict[str, AttributeValue]:
        own = playbook_attributes(self._playbook)
        if parent is not None and parent.attributes.get(semconv.PLAYBOOK_ID) == self._playbook.id:
            # The conversation may have named more of this playbook than this call does.
            own = {key: value for key, value in own.items() if value}
        return {key: value for key, value in own.items() if value is not None}

    def _settings(self, parent: _context.Scope | None) -> str | None:
        if self._playbook.settings:
            return _payload.json_of(self._playbook.settings)
        is_same = (
            parent is not None
            and parent.attributes.get(semconv.PLAYBOOK_ID) == self._playbook.id
            and parent.attributes.get(semconv.PLAYBOOK_VERSION) == self._playbook.version
        )
        return parent.settings if parent is not None and is_same else None


def playbook(
    playbook_id: str,
    *,
    version: str,
    name: str | None = None,
    settings: Mapping[str, object] | None = None,
) -> PlaybookEvaluation:
    """Record the evaluation of a playbook's rules in a ``with`` or ``async with`` block.

    Args:
        playbook_id: Names the playbook across its versions.
        version: The version whose rules are evaluated.
        name: What people call the playbook.
        settings: What makes up this version, if the conversation did not say.
    """
    return PlaybookEvaluation(
        Playbook(id=playbook_id, version=version, name=name, settings=settings)
    )
