"""Decisions as examples: for fine-tuning, as pairs, for evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from trainingloop.chat import answer_message_of, request_of
from trainingloop.exports._judged import check_proof
from trainingloop.exports._provenance import feedback_of, provenance_of, versions_of
from trainingloop.exports._request import as_input, corrected_answer
from trainingloop.exports._selection import UP
from trainingloop.exports._skips import Skip, SkippedError

if TYPE_CHECKING:
    from trainingloop.chat import JsonObject, Request
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
        SkippedError: it must not be one.
        UnfitError: it cannot be one.
    """
    check_proof(judged)
    if only == UP and not judged.correction and judged.downs:
        raise SkippedError(Skip.REVIEWERS_DIFFER)
    request = request_of(judged.row)
    is_corrected = bool(judged.correction)
    answer = corrected_answer(judged) if is_corrected else _answer(judged, request)
    net.check(judged)
    document = as_input(request)
    return Exported(
        document={**document, "messages": [*request.messages, answer]},
        provenance=_origin(judged, _CORRECTION if is_corrected else _RECORDED),
    )


def corrected_pair(judged: Judged, net: LastNet) -> Exported:
    """Return a correction as the better answer beside the recorded one.

    Raises:
        SkippedError: it must not be a pair.
        UnfitError: it cannot be a pair.
    """
    check_proof(judged)
    request = request_of(judged.row)
    better, worse = corrected_answer(judged), _answer(judged, request)
    if better == worse:
        raise SkippedError(Skip.SAME_ANSWER)
    net.check(judged)
    origins = _origin(judged, _CORRECTION), _origin(judged, _RECORDED)
    return _pair(as_input(request), (better, worse), origins)


def opposed_pair(liked: Judged, disliked: Judged, net: LastNet) -> Exported:
    """Return two answers to the same question, of which people like one.

    Raises:
        SkippedError: they must not be a pair.
        UnfitError: they cannot be a pair.
    """
    check_proof(liked)
    check_proof(disliked)
    request = request_of(disliked.row)
    better, worse = _answer(liked, request_of(liked.row)), _answer(disliked, request)
    if better == worse:
        raise SkippedError(Skip.SAME_ANSWER)
    net.check(liked)
    net.check(disliked)
    origins = _origin(liked, _RECORDED), _origin(disliked, _RECORDED)
    return _pair(as_input(request), (better, worse), origins)


def evaluation_case(judged: Judged, net: LastNet) -> Exported:
    """Return a question with the answer that is expected, None where nobody said.

    Raises:
        SkippedError: it must not be one.
        UnfitError: it cannot be one.
    """
    check_proof(judged)
    request = request_of(judged.row)
    expected = None
    if judged.correction:
        expected = corrected_answer(judged)
    elif judged.ups and not judged.downs:
        expected = _answer(judged, request)
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


def _answer(judged: Judged, request: Request) -> JsonObject:
    return answer_message_of(judged.row, request)


def _origin(judged: Judged, answer: str) -> JsonObject:
    return {
        **provenance_of(judged),
        "versions": versions_of(judged),
        "feedback": feedback_of(judged),
        "answer": answer,
    }
