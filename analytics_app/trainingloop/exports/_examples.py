"""Decisions as examples: for fine-tuning, as pairs, for evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trainingloop.exports._judged import check_proof
from trainingloop.exports._provenance import feedback_of, provenance_of, versions_of
from trainingloop.exports._request import answer_of, corrected_answer, request_of
from trainingloop.exports._selection import UP
from trainingloop.exports._skips import Skip, UnfitError

if TYPE_CHECKING:
    from trainingloop.exports._json import JsonObject
    from trainingloop.exports._judged import Judged
    from trainingloop.exports._net import LastNet
    from trainingloop.exports._selection import Only

_RECORDED: Final = "recorded"
_CORRECTION: Final = "correction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A line of a file."""

    document: JsonObject
    provenance: JsonObject | None = None
    """Where it comes from, for a file beside: set where the format has no place for it."""


def training_example(judged: Judged, net: LastNet, only: Only) -> Exported:
    """Return a decision as an example for supervised fine-tuning.

    Raises:
        UnfitError: it must not, or cannot, be one.
    """
    check_proof(judged)
    if only == UP and not judged.correction and judged.downs:
        raise UnfitError(Skip.REVIEWERS_DIFFER)
    request = request_of(judged)
    is_corrected = bool(judged.correction)
    answer = corrected_answer(judged) if is_corrected else answer_of(judged, request)
    net.check(judged)
    document = request.as_input()
    return Exported(
        document={**document, "messages": [*request.messages, answer]},
        provenance=_origin(judged, _CORRECTION if is_corrected else _RECORDED),
    )


def corrected_pair(judged: Judged, net: LastNet) -> Exported:
    """Return a correction as the better answer beside the recorded one.

    Raises:
        UnfitError: it must not, or cannot, be a pair.
    """
    check_proof(judged)
    request = request_of(judged)
    better, worse = corrected_answer(judged), answer_of(judged, request)
    if better == worse:
        raise UnfitError(Skip.SAME_ANSWER)
    net.check(judged)
    origins = _origin(judged, _CORRECTION), _origin(judged, _RECORDED)
    return _pair(request.as_input(), (better, worse), origins)


def opposed_pair(liked: Judged, disliked: Judged, net: LastNet) -> Exported:
    """Return two answers to the same question, of which people like one.

    Raises:
        UnfitError: they must not, or cannot, be a pair.
    """
    check_proof(liked)
    check_proof(disliked)
    request = request_of(disliked)
    better, worse = answer_of(liked, request_of(liked)), answer_of(disliked, request)
    if better == worse:
        raise UnfitError(Skip.SAME_ANSWER)
    net.check(liked)
    net.check(disliked)
    origins = _origin(liked, _RECORDED), _origin(disliked, _RECORDED)
    return _pair(request.as_input(), (better, worse), origins)


def evaluation_case(judged: Judged, net: LastNet) -> Exported:
    """Return a question with the answer that is expected, None where nobody said.

    Raises:
        UnfitError: it must not, or cannot, be one.
    """
    check_proof(judged)
    request = request_of(judged)
    expected = None
    if judged.correction:
        expected = corrected_answer(judged)
    elif judged.ups and not judged.downs:
        expected = answer_of(judged, request)
    net.check(judged)
    return Exported(
        document={
            "id": judged.decision_id,
            "input": {
                "messages": request.messages,
                "tools": request.tools,
                "params": request.params,
            },
            "expected": expected,
            "outcomes": {outcome.rule: outcome.state for outcome in judged.outcomes},
            "feedback": feedback_of(judged),
            "versions": versions_of(judged),
            "provenance": provenance_of(judged),
        }
    )


def _pair(
    question: JsonObject,
    answers: tuple[JsonObject, JsonObject],
    origins: tuple[JsonObject, JsonObject],
) -> Exported:
    return Exported(
        document={
            "input": question,
            "preferred_output": [answers[0]],
            "non_preferred_output": [answers[1]],
        },
        provenance={"preferred": origins[0], "non_preferred": origins[1]},
    )


def _origin(judged: Judged, answer: str) -> JsonObject:
    return {
        **provenance_of(judged),
        "versions": versions_of(judged),
        "feedback": feedback_of(judged),
        "answer": answer,
    }
