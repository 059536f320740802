"""Questions to a model: every ending has a state, and the endpoint is asked no more than it wants.

A real openai client in the real process, over real HTTP; only the endpoint is scripted.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import time
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import pytest

from support.replay_endpoint import (
    Drop,
    Flood,
    Good,
    Hang,
    Raw,
    Reaction,
    ReplayEndpoint,
    refused,
    replay_endpoint,
)
from trainingloop.replay import AnswerState, ToolCall
from trainingloop.replay.asking import Caller, Question, open_caller
from trainingloop.replay.endpoints import Endpoint
from trainingloop.replay.errors import EndpointError, GuardError, ReplayError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from trainingloop.replay import Answered
    from trainingloop.replay._asking_process import AskingProcess

KEY = "sk-invented-for-this-test"
CHAT: dict[str, object] = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}
_WITHIN_S = 20.0


class Desk:
    """One running process, and the endpoint it asks; the script is changed for each test."""

    def __init__(self, endpoint: ReplayEndpoint, caller: Caller) -> None:
        self.endpoint = endpoint
        self.caller = caller
        self._number = 0

    def asked(
        self,
        body: dict[str, object] | None = None,
        kind: Literal["answer", "moderation"] = "answer",
    ) -> Answered:
        """Ask one question and return what came of it."""
        self._number += 1
        self.caller.ask(Question(question_id=str(self._number), body=body or CHAT, kind=kind))
        answered = self.caller.next(_WITHIN_S)
        assert answered is not None
        return answered


class Changeable:
    """A script that each test sets anew."""

    def __init__(self) -> None:
        self.reactions: list[Reaction] = []

    def __call__(self, _asked: object) -> Reaction:
        """React by the next of them; the last is repeated."""
        return self.reactions.pop(0) if len(self.reactions) > 1 else self.reactions[0]


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


@contextmanager
def opened(
    endpoint: ReplayEndpoint,
    *,
    api: Literal["chat", "responses"] = "chat",
    concurrency: int = 4,
    timeout_s: float = 10.0,
) -> Generator[Caller]:
    """Run a process that asks this endpoint."""
    place = Endpoint(base_url=endpoint.base_url, api=api)
    with open_caller(place, KEY, concurrency=concurrency, timeout_s=timeout_s) as caller:
        yield caller


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
    """While the endpoint serves others, a question is asked more often than a failing one is."""
    limit = refused(429, "rate_limit_exceeded", retry_after="0.01")
    desk = react(*[limit] * 12, Good("At last."))

    answered = desk.asked()

    react(limit)
    never = desk.asked()
    assert (answered.answer.text, answered.attempts) == ("At last.", 13)
    assert (never.state, never.attempts) == (AnswerState.RATE_LIMITED, 40)


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
        _until(lambda: caller.waiting_s > 0)
        waiting_s = caller.waiting_s
        for number in (1, 2, 3):
            caller.ask(Question(question_id=str(number), body=CHAT))
        answers = [caller.next(_WITHIN_S) for _ in range(4)]

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


def test_no_more_are_asked_at_once_than_was_said() -> None:
    """However many are on their way."""
    with (
        replay_endpoint(Good(delay_s=0.05)) as endpoint,
        opened(endpoint, concurrency=3) as caller,
    ):
        for number in range(6):
            caller.ask(Question(question_id=str(number), body=CHAT))
        answers = [caller.next(_WITHIN_S) for _ in range(6)]

    assert {answered.question_id for answered in answers if answered} == set("012345")
    assert endpoint.most_at_once == 3


def test_more_than_twice_the_concurrency_is_refused() -> None:
    """So that a caller who takes no answers cannot fill the memory."""
    with replay_endpoint(Hang()) as endpoint, opened(endpoint, concurrency=1) as caller:
        caller.ask(Question(question_id="1", body=CHAT))
        caller.ask(Question(question_id="2", body=CHAT))

        with pytest.raises(ReplayError, match="at most 2"):
            caller.ask(Question(question_id="3", body=CHAT))


def test_nothing_comes_in_time() -> None:
    """Then the caller learns that, and may ask again whether something has come."""
    with replay_endpoint(Hang()) as endpoint, opened(endpoint) as caller:
        caller.ask(Question(question_id="1", body=CHAT))

        assert caller.next(0.05) is None


def test_an_endpoint_that_is_not_there() -> None:
    """Its questions come back, with the kind of failure."""
    with replay_endpoint() as endpoint:
        place = Endpoint(base_url=endpoint.base_url)
    with open_caller(place, "", concurrency=1, timeout_s=5) as caller:
        caller.ask(Question(question_id="1", body=CHAT))

        answered = caller.next(60)

    assert answered is not None
    assert (answered.state, answered.reason) == (AnswerState.CONNECTION, "ConnectError")
    assert answered.attempts == 5


@pytest.mark.parametrize(
    "base_url",
    ["ftp://models.example/v1", "models.example", "http://", "http://me:word@models.example/v1"],
)
def test_an_address_that_cannot_be_asked(base_url: str) -> None:
    """Nothing is started, and what may hold a password is not repeated."""
    with (
        pytest.raises(EndpointError, match="base_url") as caught,
        open_caller(Endpoint(base_url=base_url), KEY, concurrency=1, timeout_s=1),
    ):
        pass

    assert "word@" not in str(caught.value)


def test_a_host_nobody_knows() -> None:
    """The name is looked up before anything is started."""
    place = Endpoint(base_url="http://models.invalid/v1")

    with (
        pytest.raises(EndpointError, match=r"models\.invalid"),
        open_caller(place, KEY, concurrency=1, timeout_s=1),
    ):
        pass


def test_a_key_that_is_none() -> None:
    """It is refused without being repeated."""
    place = Endpoint(base_url="http://127.0.0.1:9/v1")

    with (
        pytest.raises(EndpointError, match="key") as caught,
        open_caller(place, "se\ncret", concurrency=1, timeout_s=1),
    ):
        pass

    assert "cret" not in str(caught.value)


def test_questions_of_a_process_that_is_killed_come_back() -> None:
    """Each once, also those whose answer nobody had taken; then the caller says what happened."""

    def first_only(asked: Any) -> Reaction:
        return Good() if asked.number == 1 else Hang()

    with replay_endpoint(script=first_only) as endpoint, opened(endpoint) as caller:
        caller.ask(Question(question_id="answered", body=CHAT))
        _until(lambda: endpoint.count == 1)
        caller.ask(Question(question_id="open", body=CHAT))
        caller.ask(Question(question_id="open too", body=CHAT))
        _until(lambda: endpoint.count == 3)
        os.kill(cast("AskingProcess", caller).pid, signal.SIGKILL)

        answers = [caller.next(_WITHIN_S) for _ in range(3)]

        nothing_more = caller.next(0.05)
        with pytest.raises(GuardError, match="by signal 9"):
            caller.ask(Question(question_id="late", body=CHAT))
    states = {answered.question_id: answered.state for answered in answers if answered}
    assert states == {
        "answered": AnswerState.OK,
        "open": AnswerState.CONNECTION,
        "open too": AnswerState.CONNECTION,
    }
    assert answers[-1] is not None
    assert "by signal 9" in answers[-1].reason
    assert nothing_more is None


def test_a_certificate_has_to_be_one_that_the_machine_trusts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For the name that was asked for, although its address is what is connected to."""
    tls = _certified(tmp_path)
    with replay_endpoint(tls=tls) as endpoint:
        with opened(endpoint) as caller:
            untrusted = Desk(endpoint, caller).asked()
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        with opened(endpoint) as caller:
            trusted = Desk(endpoint, caller).asked()

    assert untrusted.state is AnswerState.CONNECTION
    assert (untrusted.reason, untrusted.attempts) == ("SSLCertVerificationError", 1)
    assert trusted.state is AnswerState.OK


def _certified(directory: Path) -> ssl.SSLContext:
    """Return a server's side of TLS, with a certificate for localhost made by itself."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("makes a certificate with openssl, which is not installed")
    key, certificate = directory / "key.pem", directory / "certificate.pem"
    made = [openssl, "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt"]
    for_localhost = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    to = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(
        [*made, "ec_paramgen_curve:P-256", *for_localhost, *to], check=True, capture_output=True
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context


_PARENT = """
import sys, time
from trainingloop.replay.asking import Question, open_caller
from trainingloop.replay.endpoints import Endpoint
with open_caller(Endpoint(base_url=sys.argv[1]), "k", concurrency=1, timeout_s=600) as caller:
    caller.ask(Question(question_id="1", body={"model": "m", "messages": []}))
    print(caller.pid, flush=True)
    caller.next(600)
"""


def test_the_process_ends_with_whoever_started_it() -> None:
    """Also with a question under way, and when its parent had no time to say so."""
    with replay_endpoint(Hang()) as endpoint:
        parent = subprocess.Popen(
            [sys.executable, "-c", _PARENT, endpoint.base_url], stdout=subprocess.PIPE
        )
        assert parent.stdout is not None
        with parent.stdout:
            pid = int(parent.stdout.readline())
        _until(lambda: endpoint.count == 1)

        parent.kill()

        parent.wait()
        _until(lambda: not _is_running(pid))


def test_leaving_the_block_ends_the_process_at_once() -> None:
    """Whatever is under way."""
    with replay_endpoint(Hang()) as endpoint:
        with opened(endpoint) as caller:
            caller.ask(Question(question_id="1", body=CHAT))
            _until(lambda: endpoint.count == 1)
            pid = cast("AskingProcess", caller).pid
            begun = time.monotonic()

        assert time.monotonic() - begun < 3
        assert not _is_running(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_key_is_in_no_command_line_and_no_environment() -> None:
    """Others on the machine can read the first, and crash reports the second."""
    with replay_endpoint() as endpoint, opened(endpoint) as caller:
        place = Path("/proc") / str(cast("AskingProcess", caller).pid)
        seen = (place / "cmdline").read_bytes() + (place / "environ").read_bytes()

    assert KEY.encode() not in seen


def _is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def _until(is_so: Callable[[], bool]) -> None:
    """Wait until it is so, with a bound."""
    end = time.monotonic() + _WITHIN_S
    while not is_so():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.01)
