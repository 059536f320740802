"""The process that asks: what starts it, what ends it, and what becomes of its questions then."""

from __future__ import annotations

import os
import shutil
import signal
import ssl
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from support.asking import CHAT, KEY, WITHIN_S, Desk, opened, until
from support.replay_endpoint import Good, Hang, Reaction, replay_endpoint
from trainingloop.replay import AnswerState
from trainingloop.replay.asking import Question, open_caller
from trainingloop.replay.endpoints import Endpoint
from trainingloop.replay.errors import EndpointError, GuardError, ReplayError

if TYPE_CHECKING:
    from trainingloop.replay._asking_process import AskingProcess


def test_no_more_are_asked_at_once_than_was_said() -> None:
    """However many are on their way."""
    with (
        replay_endpoint(Good(delay_s=0.05)) as endpoint,
        opened(endpoint, concurrency=3) as caller,
    ):
        for number in range(6):
            caller.ask(Question(question_id=str(number), body=CHAT))
        answers = [caller.next(WITHIN_S) for _ in range(6)]

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
        until(lambda: endpoint.count == 1)
        caller.ask(Question(question_id="open", body=CHAT))
        caller.ask(Question(question_id="open too", body=CHAT))
        until(lambda: endpoint.count == 3)
        os.kill(cast("AskingProcess", caller).pid, signal.SIGKILL)

        answers = [caller.next(WITHIN_S) for _ in range(3)]

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
        until(lambda: endpoint.count == 1)

        parent.kill()

        parent.wait()
        until(lambda: not _is_running(pid))


def test_leaving_the_block_ends_the_process_at_once() -> None:
    """Whatever is under way."""
    with replay_endpoint(Hang()) as endpoint:
        with opened(endpoint) as caller:
            caller.ask(Question(question_id="1", body=CHAT))
            until(lambda: endpoint.count == 1)
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


def test_an_endpoint_of_several_addresses_is_asked_at_one_that_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As a name may stand for some that are not reached from here."""
    with replay_endpoint() as endpoint:

        def peers_of(_endpoint: Endpoint) -> tuple[tuple[str, int], ...]:
            return (("127.0.0.2", endpoint.port), ("127.0.0.1", endpoint.port))

        monkeypatch.setattr("trainingloop.replay._asking_process.peers_of", peers_of)
        with opened(endpoint) as caller:
            answered = Desk(endpoint, caller).asked()

    assert (answered.state, answered.attempts) == (AnswerState.OK, 1)
    assert endpoint.asked[0].headers["host"] == f"127.0.0.1:{endpoint.port}"


def test_a_body_that_is_no_json_is_not_sent() -> None:
    """The caller learns it, and can go on asking."""
    with replay_endpoint() as endpoint, opened(endpoint, concurrency=1) as caller:
        for _ in range(3):
            with pytest.raises(TypeError):
                caller.ask(Question(question_id="1", body={"messages": object()}))

        answered = Desk(endpoint, caller).asked()

    assert answered.state is AnswerState.OK
