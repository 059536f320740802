"""Where an exported record comes from, and the proof that it was redacted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trainingloop.processor import REDACTION_VERSION

if TYPE_CHECKING:
    from trainingloop.chat import JsonObject
    from trainingloop.exports._judged import Judged

_VERSIONS: Final = {
    "model": "model",
    "prompt": "prompt_name",
    "prompt_version": "prompt_version",
    "prompt_hash": "prompt_hash",
    "playbook": "playbook_id",
    "playbook_version": "playbook_version",
    "playbook_hash": "playbook_hash",
    "tools_hash": "tools_hash",
    "code_version": "code_version",
    "experiment": "experiment_id",
    "variant": "experiment_variant",
    "cohort": "cohort",
}


def provenance_of(judged: Judged) -> JsonObject:
    """Return the ids of a decision and what its redaction was."""
    return {
        "tenant": judged.text("tenant_id"),
        "decision_id": judged.decision_id,
        "trace_id": judged.text("trace_id"),
        "conversation": judged.text("thread_id"),
        "occurred_at": judged.occurred_at.isoformat(),
        "redaction": {
            "version": judged.text("redaction_version"),
            "status": judged.text("redaction_status"),
            "count": judged.row["redaction_count"],
            # `LastNet` looked at it with this one and found nothing.
            "checked_with": REDACTION_VERSION,
        },
    }


def versions_of(judged: Judged) -> JsonObject:
    """Return which versions decided; what is unknown is left out."""
    return {name: judged.text(column) for name, column in _VERSIONS.items() if judged.text(column)}


def feedback_of(judged: Judged) -> JsonObject:
    """Return what reviewers think; who they are and what they noted stays here."""
    return {
        "up": judged.ups,
        "down": judged.downs,
        "reasons": sorted({vote.reason for vote in judged.votes if vote.reason}),
    }
