"""The life of a span that the recorder starts itself."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final, Self

from opentelemetry.trace import Span, SpanKind, Status, StatusCode

from trainingloop.instrumentation import _context, _payload, semconv
from trainingloop.instrumentation._guard import Shield

if TYPE_CHECKING:
    from types import TracebackType

    from opentelemetry.util.types import AttributeValue

    from trainingloop.instrumentation._recorder import Recorder

_MAX_ERROR_CHARACTERS: Final = 4096


def start(
    recorder: Recorder,
    name: str,
    attributes: dict[str, AttributeValue],
    scope: _context.Scope | None = None,
) -> Span:
    """A running span below the current one, stamped with the scope if one is given."""
    context = None if scope is None else _context.with_scope(scope)
    return recorder.tracer.start_span(
        name, context=context, kind=SpanKind.INTERNAL, attributes=attributes
    )


def finish(span: Span, error: BaseException | None = None) -> None:
    """End the span, with the error if there is one.

    A generator that is closed early did nothing wrong.
    """
    if error is not None and not isinstance(error, GeneratorExit) and span.is_recording():
        with Shield("describing an error"):
            kind = type(error)
            module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
            span.set_attribute(semconv.ERROR_TYPE, f"{module}{kind.__qualname__}")
            text = _payload.text_of(str(error)[:_MAX_ERROR_CHARACTERS])
            span.set_status(Status(StatusCode.ERROR, text))
    span.end()


class Block(ABC):
    """A ``with`` or ``async with`` block that can neither raise nor swallow anything."""

    @abstractmethod
    def _start(self) -> None:
        """Begin to record."""

    @abstractmethod
    def _finish(self, error: BaseException | None) -> None:
        """End what was begun, if it was."""

    def __enter__(self) -> Self:
        with Shield(f"opening {type(self).__name__}"):
            self._start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with Shield(f"closing {type(self).__name__}"):
            self._finish(error)

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.__exit__(kind, error, traceback)


class SpanBlock(Block):
    """A block that is one span and one layer of context; used once."""

    def __init__(self) -> None:
        self._span: Span | None = None
        self._scope: _context.Scope | None = None

    def _open(
        self,
        recorder: Recorder,
        name: str,
        attributes: dict[str, AttributeValue],
        scope: _context.Scope,
    ) -> None:
        self._span = span = start(recorder, name, attributes, scope)
        self._scope = scope
        _context.enter(scope, span)

    def _finish(self, error: BaseException | None) -> None:
        span, scope = self._span, self._scope
        self._span = self._scope = None
        if scope is not None:
            _context.leave(scope)
        if span is not None:
            finish(span, error)
