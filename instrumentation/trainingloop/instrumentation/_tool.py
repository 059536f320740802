"""``@tool``: every execution of a tool as an ``execute_tool`` span."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar, cast, overload

from opentelemetry import context as otel_context
from opentelemetry import trace

from trainingloop.instrumentation import _context, _payload, _recorder, _span, semconv
from trainingloop.instrumentation._guard import Shield

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Generator

    from opentelemetry.util.types import AttributeValue

    from trainingloop.instrumentation._recorder import Recorder

P = ParamSpec("P")
R = TypeVar("R")

_TYPE_FUNCTION: Final = "function"
_MAX_COLLECTED: Final = 1000
"""Of a generator's values, how many are kept as its result."""


@overload
def tool(function: Callable[P, R], /) -> Callable[P, R]: ...
@overload
def tool(*, name: str | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
def tool(
    function: Callable[P, R] | None = None, /, *, name: str | None = None
) -> Callable[P, R] | Callable[[Callable[P, R]], Callable[P, R]]:
    """Record every call of a function as the execution of a tool.

    Works on functions, coroutine functions, generators and async generators. What the function
    takes, returns and raises stays exactly as it is.

    Args:
        function: The function, when the decorator is used without parentheses.
        name: The tool's name as the model knows it. Default: the name of the function.
    """
    if function is not None:
        return _decorated(function, name)
    return lambda later: _decorated(later, name)


def _decorated(function: Callable[P, R], name: str | None) -> Callable[P, R]:
    own_name = getattr(function, "__name__", type(function).__name__)
    described = _Tool(name or str(own_name), _positional_names(function))
    if inspect.isasyncgenfunction(function):
        wrapper: object = _wrap_async_generator(described, function)
    elif inspect.isgeneratorfunction(function):
        wrapper = _wrap_generator(described, function)
    elif inspect.iscoroutinefunction(function):
        wrapper = _wrap_coroutine(described, function)
    else:
        wrapper = _wrap_function(described, function)
    return cast("Callable[P, R]", wrapper)


class _Tool:
    """What is known of a tool before it is called."""

    __slots__ = ("positional", "span_name", "start_attributes", "tool_name")

    def __init__(self, tool_name: str, positional: tuple[str, ...]) -> None:
        self.tool_name = tool_name
        self.positional = positional
        self.span_name = f"{semconv.OPERATION_EXECUTE_TOOL} {tool_name}"
        self.start_attributes: dict[str, AttributeValue] = {
            semconv.OPERATION_NAME: semconv.OPERATION_EXECUTE_TOOL,
            semconv.TOOL_NAME: tool_name,
            semconv.TOOL_TYPE: _TYPE_FUNCTION,
        }

    def arguments(self, args: tuple[object, ...], kwargs: dict[str, object]) -> dict[str, object]:
        """The arguments by name, those of the instance left out."""
        named: dict[str, object] = dict(zip(self.positional, args, strict=False))
        if len(args) > len(self.positional):
            named["*"] = list(args[len(self.positional) :])
        named.pop("self", None)
        named.pop("cls", None)
        named.update(kwargs)
        return named


class _Execution:
    """One call of a tool, from its start to its result; without a span it only passes through."""

    __slots__ = ("_captures_content", "_context", "_span")

    def __init__(self, span: trace.Span | None, *, captures_content: bool = False) -> None:
        self._span = span
        self._captures_content = captures_content
        self._context = None if span is None else trace.set_span_in_context(span)

    def step(self, call: Callable[..., R], *args: object, **kwargs: object) -> R:
        """Call into the tool with its span current, and with nothing left behind afterwards."""
        if self._context is None:
            return call(*args, **kwargs)
        outer = otel_context.get_current()
        otel_context.attach(self._context)
        try:
            return call(*args, **kwargs)
        finally:
            otel_context.attach(outer)

    async def async_step(self, awaitable: Awaitable[R]) -> R:
        """The same for something to be awaited."""
        if self._context is None:
            return await awaitable
        outer = otel_context.get_current()
        otel_context.attach(self._context)
        try:
            result = await awaitable
        except GeneratorExit:
            # A forgotten coroutine may be closed wherever the garbage is collected.
            if otel_context.get_current() is self._context:
                otel_context.attach(outer)
            raise
        except BaseException:
            otel_context.attach(outer)
            raise
        otel_context.attach(outer)
        return result

    def finish(self, result: object) -> None:
        """End the span with what the tool returned."""
        if self._span is None:
            return
        with Shield("recording a tool's result"):
            if self._captures_content and self._span.is_recording():
                self._span.set_attribute(semconv.TOOL_CALL_RESULT, _payload.text_of(result))
        self.end()

    def end(self, error: BaseException | None = None) -> None:
        """End the span, with the tool's error if there is one."""
        if self._span is not None:
            with Shield("ending a tool's span"):
                _span.finish(self._span, error)


_UNRECORDED: Final = _Execution(None)


def _begin(described: _Tool, args: tuple[object, ...], kwargs: dict[str, object]) -> _Execution:
    """Start to record a call."""
    recorder = _recorder.current()
    if recorder is None:
        return _UNRECORDED
    with Shield("starting a tool's span"):
        span = _span.start(recorder, described.span_name, described.start_attributes)
        execution = _Execution(span, captures_content=recorder.captures_content)
        if span.is_recording():
            with Shield("recording a tool's arguments"):
                _describe_call(recorder, span, described, described.arguments(args, kwargs))
        return execution
    return _UNRECORDED


def _describe_call(
    recorder: Recorder, span: trace.Span, described: _Tool, arguments: dict[str, object]
) -> None:
    scope = _context.current_scope()
    call_id = scope.thread.claim(described.tool_name, arguments) if scope is not None else None
    if call_id:
        span.set_attribute(semconv.TOOL_CALL_ID, call_id)
    if recorder.captures_content:
        # Before the call: the tool may change what it was given.
        span.set_attribute(semconv.TOOL_CALL_ARGUMENTS, _payload.json_of(arguments))


def _wrap_function(described: _Tool, function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def execute(*args: object, **kwargs: object) -> object:
        execution = _begin(described, args, kwargs)
        try:
            result = execution.step(function, *args, **kwargs)
        except BaseException as error:
            execution.end(error)
            raise
        execution.finish(result)
        return result

    return execute


def _wrap_coroutine(described: _Tool, function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    async def execute(*args: object, **kwargs: object) -> object:
        execution = _begin(described, args, kwargs)
        try:
            result: object = await execution.async_step(function(*args, **kwargs))
        except BaseException as error:
            execution.end(error)
            raise
        execution.finish(result)
        return result

    return execute


def _wrap_generator(described: _Tool, function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def execute(*args: object, **kwargs: object) -> Generator[object, object, object]:
        execution = _begin(described, args, kwargs)
        collected: list[object] = []
        try:
            generator: Generator[object, object, object] = function(*args, **kwargs)
            returned = yield from _driven(generator, execution, collected)
        except BaseException as error:
            execution.end(error)
            raise
        execution.finish(collected if returned is None else returned)
        return returned

    return execute


def _driven(
    generator: Generator[object, object, object], execution: _Execution, collected: list[object]
) -> Generator[object, object, object]:
    """Pass everything through, with the tool's context current only while the tool runs."""
    resume: Callable[..., object] = generator.__next__
    sent: tuple[object, ...] = ()
    while True:
        try:
            item = execution.step(resume, *sent)
        except StopIteration as stop:
            return stop.value
        if len(collected) < _MAX_COLLECTED:
            collected.append(item)
        try:
            answer = yield item
        except GeneratorExit:
            execution.step(generator.close)
            raise
        except BaseException as error:  # noqa: BLE001  # handed on to the tool, which may handle it
            resume, sent = generator.throw, (error,)
        else:
            resume, sent = generator.send, (answer,)


def _wrap_async_generator(described: _Tool, function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    async def execute(*args: object, **kwargs: object) -> AsyncGenerator[object, object]:
        execution = _begin(described, args, kwargs)
        collected: list[object] = []
        try:
            generator: AsyncGenerator[object, object] = function(*args, **kwargs)
            throw = cast("Callable[..., Awaitable[object]]", generator.athrow)
            resume: Callable[..., Awaitable[object]] = generator.__anext__
            sent: tuple[object, ...] = ()
            while True:
                try:
                    item = await execution.async_step(resume(*sent))
                except StopAsyncIteration:
                    break
                if len(collected) < _MAX_COLLECTED:
                    collected.append(item)
                try:
                    answer = yield item
                except GeneratorExit:
                    await execution.async_step(generator.aclose())
                    raise
                except BaseException as error:  # noqa: BLE001  # the tool may handle it
                    resume, sent = throw, (error,)
                else:
                    resume, sent = generator.asend, (answer,)
        except BaseException as error:
            execution.end(error)
            raise
        execution.finish(collected)

    return execute


def _positional_names(function: Callable[..., Any]) -> tuple[str, ...]:
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return ()
    return tuple(parameter.name for parameter in parameters if parameter.kind in positional)
