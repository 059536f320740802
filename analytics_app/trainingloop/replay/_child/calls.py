"""Asks one question: as often as it takes, as long as it may, and never with an effect."""

from __future__ import annotations

import asyncio
import json
import random
import re
import ssl
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import httpx2
import openai
from opentelemetry import context
from opentelemetry.instrumentation.utils import suppress_instrumentation
from opentelemetry.util.genai.invocation import (  # pyright: ignore[reportMissingTypeStubs]  # none in 1.3b0
    CLIENT_INFERENCE_CONTEXT_KEY,
    InferenceData,
)

from trainingloop.replay._child.client import BadBodyError
from trainingloop.replay._child.guard import attempts
from trainingloop.replay._child.inert import acting_part, sent_body
from trainingloop.replay._child.pauses import (
    Patience,
    Pause,
    asked_wait_s,
    backoff_s,
    exhausted_wait_s,
)
from trainingloop.replay._child.readings import (
    Reading,
    read_chat,
    read_moderation,
    read_response,
)
from trainingloop.replay.answers import Answered, AnswerState

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from trainingloop.replay._wire import Opening

_REFUSED_KEY: Final = frozenset({401, 403})
_TOO_MANY: Final = 429
_TRY_AGAIN: Final = frozenset({408, 409, _TOO_MANY})
_NO_QUOTA: Final = "insufficient_quota"
_NOT_SERVED: Final = frozenset(
    {
        AnswerState.RATE_LIMITED,
        AnswerState.SERVER_ERROR,
        AnswerState.CONNECTION,
        AnswerState.TIMEOUT,
    }
)
# Letters only: digits could be somebody's number.
_CODE: Final = re.compile(r"[a-z_]{1,60}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What one attempt came to."""

    reading: Reading
    is_passing: bool = False
    """Whether another attempt may do better."""
    wait_s: float = 0.0
    """How long the endpoint asks everybody to wait."""
    latency_ms: float = 0.0


class Caller:
    """Asks one endpoint."""

    def __init__(self, opening: Opening, client: openai.AsyncOpenAI, pause: Pause) -> None:
        """Ask nothing yet.

        Args:
            opening: the endpoint.
            client: one that tries once and never streams.
            pause: shared by all questions.
        """
        self._opening = opening
        self._client = client
        self._pause = pause
        self._chance = random.Random(opening.seed)  # noqa: S311  # spreads retries, hides nothing
        self._refused_kinds: set[str] = set()

    async def answer(self, question_id: str, kind: str, body: Mapping[str, Any]) -> Answered:
        """Return what came of a question, whatever happens."""
        asked_at = datetime.now(UTC)
        patience = Patience(time.monotonic)
        with unrecorded():
            is_kept = kind == "answer" and self._opening.api == "responses"
            last = await self._settled(kind, sent_body(body, is_kept=is_kept), patience)
        reading = last.reading
        return Answered(
            question_id=question_id,
            state=reading.state,
            answer=reading.answer,
            usage=replace(reading.usage, latency_ms=last.latency_ms),
            reason=reading.reason,
            model=reading.model,
            system_fingerprint=reading.system_fingerprint,
            response_id=reading.response_id,
            attempts=patience.attempts,
            asked_at=asked_at,
        )

    async def _settled(self, kind: str, body: Mapping[str, Any], patience: Patience) -> _Outcome:
        while True:
            async with self._pause.turn() as is_probe:
                refusal = self._not_to_be_asked(kind, body)
                if refusal is not None:
                    return _Outcome(reading=refusal)
                outcome = await self._timed(kind, body)
                is_paused = self._heed(kind, outcome, is_probe=is_probe)
            is_limit = outcome.reading.state is AnswerState.RATE_LIMITED
            if not (patience.lasts(is_limit=is_limit) and outcome.is_passing):
                return outcome
            if not is_paused:
                await asyncio.sleep(backoff_s(patience.attempts, self._chance.random()))

    def _heed(self, kind: str, outcome: _Outcome, *, is_probe: bool) -> bool:
        """See what an attempt says to all; return whether all wait now."""
        state, wait_s = outcome.reading.state, outcome.wait_s
        if state is AnswerState.UNAUTHORIZED:
            self._refused_kinds.add(kind)
        is_limit = state is AnswerState.RATE_LIMITED and outcome.is_passing
        if is_limit:
            wait_s = self._pause.refused_wait_s(wait_s, self._chance.random())
        is_served = state not in _NOT_SERVED
        self._pause.learn(is_served=is_served, is_limit=is_limit, is_probe=is_probe)
        if wait_s:
            self._pause.lengthen(wait_s)
        return wait_s > 0

    async def _timed(self, kind: str, body: Mapping[str, Any]) -> _Outcome:
        found: list[str] = []
        attempts.set(found)
        begun = time.perf_counter()
        outcome = await self._attempt(kind, body)
        latency_ms = (time.perf_counter() - begun) * 1000
        if found:
            reading = Reading(state=AnswerState.BLOCKED, reason=f"the guard stopped {found[0]}")
            outcome = _Outcome(reading=reading)
        return replace(outcome, latency_ms=latency_ms)

    def _not_to_be_asked(self, kind: str, body: Mapping[str, Any]) -> Reading | None:
        acting = acting_part(body)
        if acting:
            return Reading(state=AnswerState.BLOCKED, reason=f"not asked: {acting}")
        if kind in self._refused_kinds:
            return Reading(
                state=AnswerState.UNAUTHORIZED, reason="not asked: the key was refused before"
            )
        if why := self._pause.given_up:
            return Reading(state=AnswerState.RATE_LIMITED, reason=why)
        return None

    async def _attempt(self, kind: str, body: Mapping[str, Any]) -> _Outcome:
        try:
            async with asyncio.timeout(self._opening.timeout_s):
                return await self._asked(kind, body)
        except openai.APIStatusError as error:
            return self._refusal(error)
        except (TimeoutError, openai.APITimeoutError):
            reason = f"no whole answer within {self._opening.timeout_s:g} s"
            return _Outcome(reading=Reading(state=AnswerState.TIMEOUT, reason=reason))
        except openai.APIConnectionError as error:
            return _broken(error)
        except BadBodyError as error:
            return _garbled(f"not read: {error}")
        # Whatever a client makes of garbage: nested too deep, not of this encoding, no JSON, or
        # an error of its own; one question must not end those beside it.
        except Exception as error:  # noqa: BLE001
            return _garbled(type(error).__name__)

    async def _asked(self, kind: str, body: Mapping[str, Any]) -> _Outcome:
        path, read = self._door(kind)
        # Not by `chat.completions.create`: an instrumentation wraps it, and it spends milliseconds
        # on typing what is JSON already.
        response = await self._client.post(path, body=body, cast_to=httpx2.Response)
        wait_s = exhausted_wait_s(response.headers)
        return _Outcome(reading=read(json.loads(response.content)), wait_s=wait_s)

    def _door(self, kind: str) -> tuple[str, Callable[[object], Reading]]:
        if kind == "moderation":
            return "/moderations", read_moderation
        if self._opening.api == "responses":
            return "/responses", read_response
        return "/chat/completions", read_chat

    def _refusal(self, error: openai.APIStatusError) -> _Outcome:
        status = error.status_code
        code = error.code if isinstance(error.code, str) and _CODE.fullmatch(error.code) else ""
        reason = f"status {status} {code}".strip()
        reading = Reading(state=_state_of(status, code), reason=reason)
        is_passing = (status in _TRY_AGAIN and code != _NO_QUOTA) or status >= 500
        wait_s = asked_wait_s(error.response.headers, time.time()) if is_passing else 0.0
        return _Outcome(reading=reading, is_passing=is_passing, wait_s=wait_s)


def _state_of(status: int, code: str) -> AnswerState:
    if status in _REFUSED_KEY:
        return AnswerState.UNAUTHORIZED
    if status == 404 or code == "model_not_found":
        return AnswerState.UNKNOWN_MODEL
    if status == _TOO_MANY:
        return AnswerState.RATE_LIMITED
    if status in _TRY_AGAIN or status >= 500:
        return AnswerState.SERVER_ERROR
    # A redirect would lead elsewhere.
    return AnswerState.GARBLED if status < 400 else AnswerState.REJECTED


def _broken(error: openai.APIConnectionError) -> _Outcome:
    causes = list(_causes(error))
    distrust = [cause for cause in causes if isinstance(cause, ssl.SSLCertVerificationError)]
    named = distrust[-1] if distrust else causes[min(1, len(causes) - 1)]
    reading = Reading(state=AnswerState.CONNECTION, reason=type(named).__name__)
    # A certificate that nobody vouches for is not vouched for a second later.
    return _Outcome(reading=reading, is_passing=not distrust)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _garbled(reason: str) -> _Outcome:
    return _Outcome(reading=Reading(state=AnswerState.GARBLED, reason=reason))


@contextmanager
def unrecorded() -> Generator[None]:
    """Let no instrumentation record what is asked here.

    There is none in this process. Should there be one all the same, most honour the first of
    these, and OpenTelemetry's own for openai only the second.
    """
    with suppress_instrumentation():
        token = context.attach(context.set_value(CLIENT_INFERENCE_CONTEXT_KEY, InferenceData()))
        try:
            yield
        finally:
            context.detach(token)
