"""The last look for personal data, after which nothing stands between a text and its reader."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, cast

from trainingloop.exports._skips import Skip, SkippedError
from trainingloop.instrumentation import semconv
from trainingloop.processor import Redactor, Report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trainingloop.exports._judged import Judged

_COLUMNS: Final = {
    "conversation_id": semconv.CONVERSATION_ID,
    "agent_name": semconv.AGENT_NAME,
    "channel": semconv.CHANNEL,
    "customer": semconv.ENDUSER_PSEUDO_ID,
    "prompt_name": semconv.PROMPT_NAME,
    "prompt_version": semconv.PROMPT_VERSION,
    "playbook_id": semconv.PLAYBOOK_ID,
    "playbook_name": semconv.PLAYBOOK_NAME,
    "playbook_version": semconv.PLAYBOOK_VERSION,
    "playbook_settings": semconv.PLAYBOOK_SETTINGS,
    "playbook_rules": semconv.PLAYBOOK_RULES,
    "code_version": semconv.CODE_VERSION,
    "experiment_id": semconv.EXPERIMENT_ID,
    "experiment_variant": semconv.EXPERIMENT_VARIANT,
    "cohort": semconv.COHORT,
    "input_messages": semconv.INPUT_MESSAGES,
    "system_instructions": semconv.SYSTEM_INSTRUCTIONS,
    "tool_definitions": semconv.TOOL_DEFINITIONS,
    "request_params": semconv.REQUEST_PARAMS,
    "output_messages": semconv.OUTPUT_MESSAGES,
    "input_text": semconv.INPUT_TEXT,
    "output_text": semconv.OUTPUT_TEXT,
    "reason": semconv.DECISION_REASON,
    "tool_calls": semconv.TOOL_CALLS,
    "error_type": semconv.ERROR_TYPE,
}
"""The attribute each column came from: its name may say what it holds."""
_CORRECTION: Final = "trainingloop.feedback.note"
_CALL: Final = {
    "arguments": semconv.TOOL_CALL_ARGUMENTS,
    "result": semconv.TOOL_CALL_RESULT,
    "error": semconv.ERROR_TYPE,
}
_KEY: Final = b"compares texts and keeps none of them"


class LastNet:
    """Refuses decisions in which personal data is found after all.

    It follows the redaction policy of this process and needs no key: tokens stay as they are, and
    what it would replace is not kept.
    """

    def __init__(self) -> None:
        self._redactor = Redactor(key=_KEY)

    def check(self, judged: Judged) -> None:
        """Look at every text of a decision, its corrections and what its tools returned.

        Raises:
            SkippedError: something would be replaced, or could not be looked at.
        """
        tenant = judged.text("tenant_id")
        self._look(tenant, {_COLUMNS[name]: judged.text(name) for name in _COLUMNS})
        for text in (judged.text("status_message"), *(vote.reason for vote in judged.votes)):
            if text:
                self._look(tenant, {"text": text})
        for vote in judged.votes:
            if vote.correction:
                self._look(tenant, {_CORRECTION: vote.correction})
        for call in judged.tool_calls:
            self._look(tenant, {_CALL[name]: str(call[name]) for name in _CALL})

    def _look(self, tenant: str, texts: Mapping[str, str]) -> None:
        report = Report()
        found = self._redactor.attributes(texts, tenant=tenant, report=report)
        is_same = found.keys() == texts.keys() and all(
            _is_same(text, found[key]) for key, text in texts.items()
        )
        if report.total or report.failures or not is_same:
            raise SkippedError(Skip.FOUND_AGAIN)


def _is_same(text: str, redacted: object) -> bool:
    """Whether nothing was replaced; JSON may be written anew."""
    if redacted == text:
        return True
    try:
        return _parsed(text) == _parsed(str(redacted))
    except (ValueError, RecursionError):
        return False


def _parsed(text: str) -> object:
    return cast("object", json.loads(text))
