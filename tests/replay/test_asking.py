"""Questions to a model: every ending has a state, and the endpoint is asked no more than it wants.

A real openai client in the real process, over real HTTP; only the endpoint is scripted.
"""

from __future__ import annotations

import json
import time
from dataclasses import replace
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

import pytest

from support.asking import CHAT, KEY, WITHIN_S, Changeable, Desk, opened, until
from support.replay_endpoint import (
    Asked,
    Drop,
    Flood,
    Good,
    Hang,
    Raw,
    Reaction,
    refused,
    replay_endpoint,
)
from trainingloop.replay import AnswerState, ToolCall
from trainingloop.replay.asking import Question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="module")
def script() -> Changeable:
    """What the shared endpoint does next."""
    return Changeable()


@pytest.fixture(scope="module")
def shared(script: Changeable) -> Iterator[Desk]:
    """A process for all tests that leave it as they found it."""
    with replay_endpoint(script=script) as endpoint, opened(endpoint, timeout_s=1.0) as caller:
        yield Desk(endpoint, caller)


@pytest.fixture
def react(shared: Desk, script: Changeable) -> Callable[..., Desk]:
    """Set what the endpoint does, and forget what it was asked."""

    def set_to(*reactions: Reaction) -> Desk:
        script.reactions = list(reactions)
        shared.endpoint.asked.clear()
        return shared

    return set_to


def with_message(message: object, **choice: object) -> Raw:
    """Return a chat completion of one message, whatever that is."""
    body = {"choices": [{"message": message, "finish_reason": "stop", **choice}]}
    return Raw(200, json.dumps(body).encode())


def test_an_answer_comes_back_with_all_that_is_said_about_it(
    react: Callable[..., Desk],
) -> None:
    """Text, calls, tokens, and which model and version of it says that it answered."""
    desk = react(Good("Let me look.", calls=(("book", {"seats": 2}),)))

    answered = desk.asked()

    assert answered.state is AnswerState.OK
    assert answered.answer.text == "Let me look."
    [call] = answered.answer.tool_calls
    assert (call.name, json.loads(call.arguments)) == ("book", {"seats": 2})
    assert call.call_id.startswith("call_")
    assert answered.answer.finish_reason == "tool_calls"
    assert (answered.usage.input_tokens, answered.usage.output_tokens) == (20, 5)
    assert answered.usage.latency_ms > 0
    assert (answered.model, answered.system_fingerprint) == ("scripted-model-1", "fp_scripted")
    assert answered.response_id.startswith("chatcmpl-")
    assert answered.attempts == 1


def test_the_endpoint_gets_the_body_as_it_is_and_the_key(react: Callable[..., Desk]) -> None:
    """What a candidate was described with is what is asked, with parameters of other servers."""
    desk = react(Good())

    desk.asked({**CHAT, "temperature": 0.0, "extra_body": {"top_k": 20}})

    [asked] = desk.endpoint.asked
    assert asked.body == {**CHAT, "temperature": 0.0, "top_k": 20}
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert "stream" not in asked.body


def test_a_response_of_the_other_interface_is_read_as_well() -> None:
    """The Responses API, which is told not to keep what it is asked."""
    good = Good("Booked.", calls=(("book", {"seats": 2}),), refusal="")
    with replay_endpoint(good) as endpoint, opened(endpoint, api="responses") as caller:
        answered = Desk(endpoint, caller).asked({"model": "m", "input": "Hello"})

    assert answered.state is AnswerState.OK
    assert answered.answer.text == "Booked."
    assert [call.name for call in answered.answer.tool_calls] == ["book"]
    assert (answered.usage.input_tokens, answered.usage.output_tokens) == (20, 5)
    assert endpoint.asked[0].path == "/v1/responses"
    assert endpoint.asked[0].body["store"] is False


def test_a_moderation_names_the_flagged_categories(react: Callable[..., Desk]) -> None:
    """As a JSON list, sorted."""
    desk = react(Good(flagged=("violence", "hate")))

    answered = desk.asked({"input": "some text"}, "moderation")

    assert answered.state is AnswerState.OK
    assert json.loads(answered.answer.text) == ["hate", "violence"]
    assert desk.endpoint.asked[0].path == "/v1/moderations"


@pytest.mark.parametrize(
    ("reaction", "state"),
    [
        (Good("I was just about to", finish="length"), AnswerState.TRUNCATED),
        (Good("", finish="length"), AnswerState.TRUNCATED),
        (Good("I was", finish="content_filter"), AnswerState.TRUNCATED),
        (Good("", refusal="I will not."), AnswerState.REFUSED),
        (Good("  "), AnswerState.EMPTY),
        (with_message({"content": "Half", "role": "assistant"}, finish_reason=None), "garbled"),
        (Raw(200, b'{"choices": []}'), AnswerState.GARBLED),
        (Raw(200, b'{"choices": {"0": 1}}'), AnswerState.GARBLED),
        (Raw(200, b'[1, "choices"]'), AnswerState.GARBLED),
        (Raw(200, b"null"), AnswerState.GARBLED),
        (Raw(200, b""), AnswerState.GARBLED),
        (Raw(200, b"\xff\xfe\x00garbage"), AnswerState.GARBLED),
        (Raw(200, b"<html>Sign in</html>", {"content-type": "text/html"}), AnswerState.GARBLED),
        (Raw(200, b'data: {"choices": []}\n\n', {"content-type": "text/event-stream"}), "garbled"),
        (Raw(200, b"[" * 200_000 + b"]" * 200_000), AnswerState.GARBLED),
        (Raw(200, b"\x1f\x8b\x08\x00", {"content-encoding": "gzip"}), AnswerState.GARBLED),
        (Raw(307, b"", {"location": "http://127.0.0.1:9/"}), AnswerState.GARBLED),
        (Flood(), AnswerState.GARBLED),
        (refused(400, "context_length_exceeded"), AnswerState.REJECTED),
        (refused(413), AnswerState.REJECTED),
        (refused(404, "model_not_found"), AnswerState.UNKNOWN_MODEL),
        (refused(400, "model_not_found"), AnswerState.UNKNOWN_MODEL),
        (refused(429, "insufficient_quota"), AnswerState.RATE_LIMITED),
        (Hang(), AnswerState.TIMEOUT),
        (Hang(drip_s=0.05), AnswerState.TIMEOUT),
    ],
)
def test_each_ending_has_its_state_after_one_attempt(
    react: Callable[..., Desk], reaction: Reaction, state: str
) -> None:
    """What would end the same way again is not tried again."""
    desk = react(reaction)

    answered = desk.asked()

    assert answered.state == state
    assert (answered.attempts, len(desk.endpoint.asked)) == (1, 1)


def test_what_an_endpoint_says_about_its_error_is_not_repeated(
    react: Callable[..., Desk],
) -> None:
    """It may quote the request: only the status and a code of plain letters get into the reason."""
    error = {"message": "Mia Example asked", "code": "Mia Example 5550100", "type": "Mia"}
    desk = react(Raw(400, json.dumps({"error": error}).encode()))

    quoted = desk.asked()

    react(refused(400, "context_length_exceeded"))
    coded = desk.asked()
    assert quoted.reason == "status 400"
    assert coded.reason == "status 400 context_length_exceeded"


def test_odd_types_in_an_answer_do_no_harm(react: Callable[..., Desk]) -> None:
    """Arguments as an object, texts in parts, half characters, counts that are no numbers."""
    message = {
        "content": [{"type": "text", "text": "One \ud800"}, {"type": "image"}, 7],
        "tool_calls": [{"function": {"name": "book", "arguments": {"seats": 2}}}, None],
    }
    body = {
        "id": 12,
        "model": "m" * 5_000,
        "choices": [{"message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": "many", "completion_tokens": -1},
    }
    desk = react(Raw(200, json.dumps(body).encode()))

    answered = desk.asked()

    assert answered.state is AnswerState.OK
    assert answered.answer.text == "One ?"
    assert answered.answer.tool_calls[0] == ToolCall(name="book", arguments='{"seats": 2}')
    assert (answered.response_id, len(answered.model)) == ("", 200)
    assert (answered.usage.input_tokens, answered.usage.output_tokens) == (0, 0)


@pytest.mark.parametrize("passing", [refused(500), refused(503), refused(408), Drop(), Drop(9)])
def test_what_passes_is_tried_again(react: Callable[..., Desk], passing: Reaction) -> None:
    """A server's error or a broken connection, before or within an answer."""
    desk = react(passing, Good("Here."))

    answered = desk.asked()

    assert (answered.state, answered.answer.text) == (AnswerState.OK, "Here.")
    assert answered.attempts == 2


def test_an_endpoint_that_stays_broken_is_given_up(react: Callable[..., Desk]) -> None:
    """After as many attempts as are sensible; with what the endpoint asks for between them."""
    desk = react(refused(503, retry_after="0.01"))

    answered = desk.asked()

    assert (answered.state, answered.reason) == (AnswerState.SERVER_ERROR, "status 503")
    assert answered.attempts == len(desk.endpoint.asked) == 5


def test_a_storm_of_limits_is_no_failure(react: Callable[..., Desk]) -> None:
    """A question that is told to come back later is asked more often than a failing one is."""
    limit = refused(429, "rate_limit_exceeded", retry_after="0.01")
    desk = react(*[limit] * 12, Good("At last."))

    answered = desk.asked()

    assert (answered.answer.text, answered.attempts) == ("At last.", 13)


def test_while_everything_is_refused_one_asks_for_all() -> None:
    """After those that were under way already, until the first is answered."""
    limit = refused(429, "rate_limit_exceeded")
    at_once: list[int] = []

    def react_slowly(asked: Asked) -> Reaction:
        at_once.append(endpoint.at_once)
        return replace(limit, delay_s=0.1) if asked.number <= 6 else Good(delay_s=0.1)

    with (
        replay_endpoint(script=react_slowly) as endpoint,
        opened(endpoint, concurrency=4) as caller,
    ):
        for number in range(8):
            caller.ask(Question(question_id=str(number), body=CHAT))
        answers = [caller.next(WITHIN_S) for _ in range(8)]

    assert {answered.state for answered in answers if answered} == {AnswerState.OK}
    assert endpoint.count == 8 + 6
    assert at_once[4:7] == [1, 1, 1]
    assert max(at_once[7:]) > 1


@pytest.mark.parametrize(
    "wait",
    [
        {"retry_after": "0.6"},
        {"retry_after_ms": "600"},
        {"retry_after": "soon", "x_ratelimit_reset_tokens": "600ms"},
        {"x_ratelimit_remaining_requests": "0", "x_ratelimit_reset_requests": "0.6s"},
    ],
)
def test_an_endpoint_is_left_alone_for_as_long_as_it_asks(
    react: Callable[..., Desk], wait: dict[str, str]
) -> None:
    """In seconds, milliseconds, or as the limits' own headers say it."""
    desk = react(refused(429, "rate_limit_exceeded", **wait), Good())
    begun = time.monotonic()

    answered = desk.asked()

    assert answered.state is AnswerState.OK
    assert 0.6 <= time.monotonic() - begun < 5
    assert answered.attempts == 2


def test_a_date_to_come_back_at_is_understood(react: Callable[..., Desk]) -> None:
    """Retry-After may be one, to the second."""
    at = formatdate(time.time() + 2, usegmt=True)
    desk = react(refused(429, "rate_limit_exceeded", retry_after=at), Good())

    desk.asked()

    assert time.time() >= time.mktime(time.strptime(at, "%a, %d %b %Y %H:%M:%S GMT")) - 1


def test_a_pause_is_for_everybody() -> None:
    """One refusal stops all questions under way and to come, and the caller can say so."""
    limit = refused(429, "rate_limit_exceeded", retry_after="1")
    arrived: list[float] = []

    def react_once(asked: Any) -> Reaction:
        arrived.append(time.monotonic())
        return limit if asked.number == 1 else Good()

    with replay_endpoint(script=react_once) as endpoint, opened(endpoint, concurrency=2) as caller:
        caller.ask(Question(question_id="0", body=CHAT))
        until(lambda: caller.waiting_s > 0)
        waiting_s = caller.waiting_s
        for number in (1, 2, 3):
            caller.ask(Question(question_id=str(number), body=CHAT))
        answers = [caller.next(WITHIN_S) for _ in range(4)]

    assert {answered.state for answered in answers if answered} == {AnswerState.OK}
    assert 0 < waiting_s <= 1
    assert min(arrived[1:]) - arrived[0] >= 1
    assert endpoint.count == 5


def test_an_answer_that_was_the_last_allowed_one_holds_the_next(
    react: Callable[..., Desk],
) -> None:
    """The endpoint says with its answer that there is none left: no 429 is provoked."""
    last = {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "600ms"}
    desk = react(Good("One", headers=last), Good("Two"))
    begun = time.monotonic()

    answers = [desk.asked().answer.text for _ in range(2)]

    assert answers == ["One", "Two"]
    assert time.monotonic() - begun >= 0.6


def test_a_wait_of_an_hour_is_not_sat_out() -> None:
    """The questions come back as rate limited, at once, and without being asked."""
    limit = refused(429, "rate_limit_exceeded", retry_after="3600")
    with replay_endpoint(limit) as endpoint, opened(endpoint) as caller:
        desk = Desk(endpoint, caller)
        begun = time.monotonic()

        answers = [desk.asked() for _ in range(3)]

    assert time.monotonic() - begun < 5
    assert [answered.state for answered in answers] == [AnswerState.RATE_LIMITED] * 3
    assert [answered.attempts for answered in answers] == [1, 0, 0]
    assert endpoint.count == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_not_shown_again(status: int) -> None:
    """Endpoints lock out whoever keeps trying."""
    with replay_endpoint(refused(status)) as endpoint, opened(endpoint) as caller:
        desk = Desk(endpoint, caller)

        answers = [desk.asked() for _ in range(3)]

    assert {answered.state for answered in answers} == {AnswerState.UNAUTHORIZED}
    assert endpoint.count == 1
    assert answers[1].reason == "not asked: the key was refused before"
