"""The one place that knows the OpenAI instrumentation and its private ways.

Three layers lie around each method of the client, from the inside out: ours that notes the request
while the instrumentation's span is current, the instrumentation, and ours that makes sure that an
error of the two others never becomes an error of the agent.
"""

from __future__ import annotations

import contextvars
import importlib
import importlib.util
import logging
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

import wrapt
from opentelemetry import trace
from opentelemetry.instrumentation.utils import unwrap
from opentelemetry.util.genai.completion_hook import (  # pyright: ignore[reportMissingTypeStubs]  # none in 1.3b0
    CompletionHook,
    load_completion_hook,
)
from opentelemetry.util.genai.types import (  # pyright: ignore[reportMissingTypeStubs]  # the same
    ContentCapturingMode,
    OutputMessage,
    ToolCallRequestPart,
)
from opentelemetry.util.genai.utils import (  # pyright: ignore[reportMissingTypeStubs]  # the same
    get_content_capturing_mode,
)

from trainingloop.instrumentation import _context, _messages, _recorder, semconv
from trainingloop.instrumentation._guard import Shield, note
from trainingloop.instrumentation._messages import ToolCall
from trainingloop.instrumentation._request_params import request_params
from trainingloop.instrumentation.decision import is_model_turn

if TYPE_CHECKING:
    from opentelemetry.trace import TracerProvider

_logger = logging.getLogger(__name__)

INSTRUMENTOR_MODULE: Final = "opentelemetry.instrumentation.genai.openai"
ENTRY_POINT_NAME: Final = "openai"
"""Every instrumentation of openai has this name; two of them would record each call twice."""

_CHAT: Final = "openai.resources.chat.completions"
_RESPONSES: Final = "openai.resources.responses.responses"
_METHODS: Final = (
    (_CHAT, "Completions", "create", False),
    (_CHAT, "Completions", "parse", False),
    (_CHAT, "AsyncCompletions", "create", True),
    (_CHAT, "AsyncCompletions", "parse", True),
    (_RESPONSES, "Responses", "create", False),
    (_RESPONSES, "Responses", "parse", False),
    (_RESPONSES, "AsyncResponses", "create", True),
    (_RESPONSES, "AsyncResponses", "parse", True),
)
_CONSUMABLE: Final = ("messages", "input", "tools")
_STEP: Final = "instrumenting an openai call"


class _Instrumentor(Protocol):
    """What we use of the instrumentation, which is untyped."""

    is_instrumented_by_opentelemetry: bool

    def instrument(self, **kwargs: object) -> None: ...

    def uninstrument(self) -> None: ...


class _Attempt:
    """What became of one call of the client, apart from everything recorded about it."""

    __slots__ = ("error", "has_returned", "result")

    def __init__(self) -> None:
        self.error: BaseException | None = None
        self.has_returned = False
        self.result: object = None


_attempt: contextvars.ContextVar[_Attempt | None] = contextvars.ContextVar(
    "trainingloop_openai_attempt", default=None
)


def instrument(tracer_provider: TracerProvider | None = None) -> bool:
    """Record the calls of every openai client of this process, once."""
    if importlib.util.find_spec("openai") is None:
        return False
    instrumentor = _instrumentor()
    if instrumentor.is_instrumented_by_opentelemetry:
        _logger.warning(
            "The openai client is already instrumented; its calls are recorded without %s. "
            "Call trainingloop.instrumentation.configure() first.",
            semconv.REQUEST_PARAMS,
        )
        return False
    _wrap(_note_request, _note_request_async)
    instrumentor.instrument(
        skip_dep_check=True, tracer_provider=tracer_provider, completion_hook=_AnswerHook()
    )
    _wrap(_protect, _protect_async)
    return True


def captures_content() -> bool:
    """Whether messages are recorded on spans, as the environment says."""
    on_spans = (ContentCapturingMode.SPAN_ONLY, ContentCapturingMode.SPAN_AND_EVENT)
    return get_content_capturing_mode() in on_spans


def uninstrument() -> None:
    """Take the three layers off again, from the outside in."""
    _unwrap()
    _instrumentor().uninstrument()
    _unwrap()


def _instrumentor() -> _Instrumentor:
    # Imports openai, which takes most of a second: not before it is needed.
    module = importlib.import_module(INSTRUMENTOR_MODULE)
    return cast("_Instrumentor", module.OpenAIInstrumentor())


def _wrap(sync_wrapper: Callable[..., object], async_wrapper: Callable[..., object]) -> None:
    for module, owner, method, is_async in _METHODS:
        if hasattr(getattr(_module(module), owner, None), method):
            wrapper = async_wrapper if is_async else sync_wrapper
            wrapt.wrap_function_wrapper(module, f"{owner}.{method}", wrapper)


def _unwrap() -> None:
    for module, owner, method, _ in _METHODS:
        owner_class = getattr(_module(module), owner, None)
        if owner_class is not None and hasattr(owner_class, method):
            unwrap(owner_class, method)


def _module(name: str) -> object:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


# The signature of a wrapt wrapper is (wrapped, instance, args, kwargs).
def _note_request(
    wrapped: Callable[..., object], _instance: object, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> object:
    _write_params(kwargs)
    attempt = _attempt.get()
    try:
        result = wrapped(*args, **kwargs)
    except BaseException as error:
        if attempt is not None:
            attempt.error = error
        raise
    if attempt is not None:
        attempt.result, attempt.has_returned = result, True
    return result


async def _note_request_async(
    wrapped: Callable[..., Awaitable[object]],
    _instance: object,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> object:
    _write_params(kwargs)
    attempt = _attempt.get()
    try:
        result = await wrapped(*args, **kwargs)
    except BaseException as error:
        if attempt is not None:
            attempt.error = error
        raise
    if attempt is not None:
        attempt.result, attempt.has_returned = result, True
    return result


def _protect(
    wrapped: Callable[..., object], _instance: object, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> object:
    previous, attempt = _attempt.get(), _begin(kwargs)
    try:
        return wrapped(*args, **kwargs)
    except Exception as error:
        if attempt.error is not None:
            raise
        note(_STEP, error)
        if attempt.has_returned:
            return attempt.result
        return _uninstrumented(wrapped)(*args, **kwargs)
    finally:
        _attempt.set(previous)


async def _protect_async(
    wrapped: Callable[..., Awaitable[object]],
    _instance: object,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> object:
    previous, attempt = _attempt.get(), _begin(kwargs)
    try:
        return await wrapped(*args, **kwargs)
    except Exception as error:
        if attempt.error is not None:
            raise
        note(_STEP, error)
        if attempt.has_returned:
            return attempt.result
        return await cast("Awaitable[object]", _uninstrumented(wrapped)(*args, **kwargs))
    finally:
        _attempt.set(previous)


def _begin(kwargs: dict[str, Any]) -> _Attempt:
    """Open an attempt, and keep what may be read only once from being read before the client."""
    for name in _CONSUMABLE:
        if isinstance(kwargs.get(name), Iterator):
            kwargs[name] = list(cast("Iterator[object]", kwargs[name]))
    attempt = _Attempt()
    _attempt.set(attempt)
    return attempt


def _records_content() -> bool:
    recorder = _recorder.current()
    return recorder is not None and recorder.captures_content


def _uninstrumented(wrapped: Callable[..., object]) -> Callable[..., object]:
    return cast("Callable[..., object]", getattr(wrapped, "__wrapped__", wrapped))


def _write_params(kwargs: dict[str, Any]) -> None:
    with Shield("recording request parameters"):
        span = trace.get_current_span()
        if span.is_recording() and is_model_turn(getattr(span, "attributes", None) or {}):
            params = request_params(kwargs, with_content=_records_content())
            if params is not None:
                span.set_attribute(semconv.REQUEST_PARAMS, params)


class _AnswerHook(CompletionHook):
    """Learns from every answer which tools it asks for; another hook still gets its turn."""

    def __init__(self) -> None:
        self._next = load_completion_hook()

    def on_completion(self, **kwargs: Any) -> None:
        with Shield("reading a model's answer"):
            _read_answer(kwargs.get("outputs") or [], kwargs.get("span"))
        self._next.on_completion(**kwargs)


def _read_answer(outputs: list[OutputMessage], span: trace.Span | None) -> None:
    scope = _context.current_scope()
    if scope is None:
        return
    conversation_id = scope.attributes.get(semconv.CONVERSATION_ID)
    if conversation_id is not None and span is not None:
        # The Responses API has conversations of its own; the agent's name for it comes first.
        span.set_attribute(semconv.CONVERSATION_ID, conversation_id)
    scope.thread.remember(
        ToolCall(id=part.id, name=part.name, arguments=_messages.parse(part.arguments))
        for message in outputs
        for part in message.parts
        if isinstance(part, ToolCallRequestPart) and part.id
    )
