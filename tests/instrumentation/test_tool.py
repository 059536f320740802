"""``@tool`` on every kind of function: recorded whole, and changed in nothing."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import inspect
import json
import logging
from typing import TYPE_CHECKING, Any, cast

import openai
import pytest
from opentelemetry import trace
from opentelemetry.trace import StatusCode

from support.openai_server import Call, Reply, openai_server
from trainingloop.instrumentation import (
    conversation,
    record_inbound,
    recorder_stats,
    semconv,
    tool,
    turn,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator, Mapping

    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter


def _only(spans: InMemorySpanExporter) -> ReadableSpan:
    (span,) = spans.get_finished_spans()
    return span


def _attributes(span: ReadableSpan) -> Mapping[str, object]:
    return span.attributes or {}


def test_a_call_is_an_execute_tool_span(spans: InMemorySpanExporter) -> None:
    """Name, arguments by name and the result are on the span."""

    @tool
    def book(day: str, guests: int = 2, **more: object) -> dict[str, object]:
        return {"day": day, "booked": True}

    result = book("Friday", window=True)

    span = _only(spans)
    found = _attributes(span)
    assert result == {"day": "Friday", "booked": True}
    assert span.name == "execute_tool book"
    assert found[semconv.OPERATION_NAME] == "execute_tool"
    assert found[semconv.TOOL_NAME] == "book"
    assert found[semconv.TOOL_TYPE] == "function"
    assert json.loads(str(found[semconv.TOOL_CALL_ARGUMENTS])) == {"day": "Friday", "window": True}
    assert json.loads(str(found[semconv.TOOL_CALL_RESULT])) == result


def test_a_tool_keeps_its_face() -> None:
    """Frameworks read name, docstring, signature and kind of a tool; none of them changes."""

    @tool(name="book_table")
    def book(day: str) -> str:
        """Books a table."""
        return day

    @tool
    async def look(day: str) -> str:
        return day

    @tool
    def stream(day: str) -> Generator[str]:
        yield day

    @tool
    async def astream(day: str) -> AsyncGenerator[str]:
        yield day

    assert (book.__name__, book.__doc__) == ("book", "Books a table.")
    assert list(inspect.signature(book).parameters) == ["day"]
    assert inspect.iscoroutinefunction(look)
    assert inspect.isgeneratorfunction(stream)
    assert inspect.isasyncgenfunction(astream)


def test_a_method_is_recorded_without_its_instance(spans: InMemorySpanExporter) -> None:
    """``self`` is not an argument the model gave."""

    class Desk:
        @tool
        def book(self, day: str) -> str:
            return day

    Desk().book("Friday")

    assert _attributes(_only(spans))[semconv.TOOL_CALL_ARGUMENTS] == '{"day":"Friday"}'


def test_a_tools_error_is_recorded_and_raised_unchanged(spans: InMemorySpanExporter) -> None:
    """The very same exception reaches the agent."""
    own = ValueError("no table left")

    @tool
    def book() -> None:
        raise own

    with pytest.raises(ValueError, match="no table left") as caught:
        book()

    span = _only(spans)
    assert caught.value is own
    assert span.status.status_code is StatusCode.ERROR
    assert _attributes(span)[semconv.ERROR_TYPE] == "ValueError"


def test_an_async_tool_is_recorded(spans: InMemorySpanExporter) -> None:
    """A coroutine's result is on its span, and its own spans are below it."""

    @tool
    async def book(day: str) -> str:
        await asyncio.sleep(0)
        inner()
        return day

    @tool
    def inner() -> None:
        return None

    result = asyncio.run(cast("Any", book("Friday")))

    below, above = spans.get_finished_spans()
    assert result == "Friday"
    assert above.context is not None
    assert below.parent is not None
    assert below.parent.span_id == above.context.span_id
    assert _attributes(above)[semconv.TOOL_CALL_RESULT] == "Friday"


def test_a_cancelled_tool_ends_its_span(spans: InMemorySpanExporter) -> None:
    """Cancelling a task is recorded as an error and still cancels it."""

    @tool
    async def wait() -> None:
        await asyncio.Event().wait()

    async def main() -> None:
        task = asyncio.ensure_future(wait())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())

    assert _attributes(_only(spans))[semconv.ERROR_TYPE] == "asyncio.exceptions.CancelledError"


def test_a_generator_passes_everything_through(spans: InMemorySpanExporter) -> None:
    """Values, sent values, thrown exceptions and the returned value arrive on both sides."""
    got: list[object] = []

    @tool
    def talk() -> Generator[int, str, str]:
        got.append((yield 1))
        try:
            yield 2
        except KeyError as error:
            got.append(error)
        yield 3
        return "end"

    generator = talk()
    thrown = KeyError()
    values = [next(generator), generator.send("hi"), generator.throw(thrown)]
    with pytest.raises(StopIteration) as stopped:
        next(generator)

    assert values == [1, 2, 3]
    assert got == ["hi", thrown]
    assert stopped.value.value == "end"
    assert _attributes(_only(spans))[semconv.TOOL_CALL_RESULT] == "end"


def test_a_generators_context_ends_at_each_yield(spans: InMemorySpanExporter) -> None:
    """Between two values the agent's own span is the current one, inside it the tool's."""
    inside: list[trace.Span] = []

    @tool
    def stream() -> Generator[int]:
        inside.append(trace.get_current_span())
        yield 1
        inside.append(trace.get_current_span())

    outside = [trace.get_current_span() for _ in stream()]

    assert outside == [trace.INVALID_SPAN]
    assert inside[0] is inside[1]
    assert inside[0] is not trace.INVALID_SPAN
    assert _attributes(_only(spans))[semconv.TOOL_CALL_RESULT] == "[1]"


def test_a_generator_thrown_away_ends_its_span(
    spans: InMemorySpanExporter, caplog: pytest.LogCaptureFixture
) -> None:
    """Half a stream, collected in another context, is a span without an error or a complaint."""

    @tool
    def stream() -> Generator[int]:
        yield 1
        yield 2

    with caplog.at_level(logging.DEBUG):
        generator = stream()
        contextvars.copy_context().run(next, generator)
        del generator
        gc.collect()

    assert _only(spans).status.status_code is StatusCode.UNSET
    assert not [record for record in caplog.records if "opentelemetry" in record.name]


def test_an_async_generator_passes_everything_through(spans: InMemorySpanExporter) -> None:
    """The same for async generators, with ``asend``, ``athrow`` and ``aclose``."""
    got: list[object] = []

    @tool
    async def talk() -> AsyncGenerator[int, str]:
        got.append((yield 1))
        try:
            yield 2
        except KeyError as error:
            got.append(error)
        yield 3
        yield 4

    async def main() -> list[int]:
        generator = talk()
        values = [
            await anext(generator),
            await generator.asend("hi"),
            await generator.athrow(KeyError()),
        ]
        assert trace.get_current_span() is trace.INVALID_SPAN
        await generator.aclose()
        return values

    values = asyncio.run(main())

    assert values == [1, 2, 3]
    assert got[0] == "hi"
    assert isinstance(got[1], KeyError)
    assert _only(spans).status.status_code is StatusCode.UNSET


def test_a_forgotten_coroutine_changes_nobodys_context(spans: InMemorySpanExporter) -> None:
    """A coroutine that is closed elsewhere does not bring its own context there."""

    @tool
    async def wait() -> None:
        await asyncio.sleep(0)

    coroutine = cast("Any", wait())

    def start() -> None:
        with turn():
            coroutine.send(None)

    contextvars.copy_context().run(start)
    coroutine.close()

    assert trace.get_current_span() is trace.INVALID_SPAN


def test_arguments_are_recorded_as_they_were_before_the_call(spans: InMemorySpanExporter) -> None:
    """A tool may change the list it was given; the record does not change with it."""

    @tool
    def clear(items: list[int]) -> None:
        items.clear()

    clear([1, 2])

    assert _attributes(_only(spans))[semconv.TOOL_CALL_ARGUMENTS] == '{"items":[1,2]}'


@pytest.mark.parametrize("size", [1_048_577, 3_000_000])
def test_a_huge_value_is_replaced_as_a_whole(spans: InMemorySpanExporter, size: int) -> None:
    """Arguments and results above a mebibyte become a note that is valid JSON."""

    @tool
    def echo(text: str) -> str:
        return text

    result = echo("x" * size)

    found = _attributes(_only(spans))
    assert len(result) == size
    assert json.loads(str(found[semconv.TOOL_CALL_ARGUMENTS]))["omitted"] == "too large"
    assert json.loads(str(found[semconv.TOOL_CALL_RESULT])) == {
        "omitted": "too large",
        "size": size,
    }


class _Hostile:
    def __str__(self) -> str:
        raise RuntimeError("hostile")

    __repr__ = __str__

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("hostile")

    __hash__ = object.__hash__


@pytest.mark.parametrize(
    "value", [_Hostile(), {_Hostile(): 1}, 2**80, "\ud800", {1, 2}, b"\xff", float("nan")]
)
def test_values_that_cannot_be_recorded_hurt_nobody(
    spans: InMemorySpanExporter, value: object
) -> None:
    """A value that has no JSON form, or fights back, still comes out of the tool."""

    @tool
    def echo(given: object) -> object:
        return given

    before = recorder_stats().errors
    result = echo(value)

    assert result is value
    assert _only(spans).name == "execute_tool echo"
    assert recorder_stats().errors >= before


def test_content_can_be_switched_off(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Where content is not captured, neither are arguments, results and what customers wrote."""
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "NO_CONTENT")
    spans = cast("InMemorySpanExporter", request.getfixturevalue("spans"))

    @tool
    def book(day: str) -> str:
        return day

    book("Friday")
    record_inbound("Friday, please.", event_id="m-1")

    called, inbound = (_attributes(span) for span in spans.get_finished_spans())
    assert semconv.TOOL_CALL_ARGUMENTS not in called
    assert semconv.TOOL_CALL_RESULT not in called
    assert semconv.EVENT_TEXT not in inbound
    assert inbound[semconv.EVENT_ID] == "m-1"


def _answer(calls: tuple[Call, ...], *, is_streamed: bool = False) -> None:
    messages: Any = [{"role": "user", "content": "Book, please."}]
    with (
        openai_server(Reply(tool_calls=calls)) as server,
        openai.OpenAI(base_url=server.base_url, api_key="unused", max_retries=0) as client,
    ):
        result: Any = client.chat.completions.create(
            model="gpt-4o-mini", messages=messages, stream=is_streamed
        )
        if is_streamed:
            assert list(result)


@pytest.mark.parametrize("is_streamed", [False, True])
def test_an_execution_finds_the_call_it_answers(
    spans: InMemorySpanExporter, *, is_streamed: bool
) -> None:
    """Each execution gets the id of the call that asked for it, also in another order."""

    @tool
    def book(day: str, session: str) -> str:
        return day + session

    with conversation("c-calls"), turn():
        _answer(
            (Call("book", {"day": "Friday"}, "call_1"), Call("book", {"day": "Sunday"}, "call_2")),
            is_streamed=is_streamed,
        )
        book("Sunday", session="s")
        book("Friday", session="s")
        book("Friday", session="s")

    ids = [
        _attributes(span).get(semconv.TOOL_CALL_ID)
        for span in spans.get_finished_spans()
        if span.name == "execute_tool book"
    ]
    assert ids == ["call_2", "call_1", None]


def test_an_execution_never_takes_the_call_of_another_conversation(
    spans: InMemorySpanExporter,
) -> None:
    """Equal calls of two customers are not mistaken for each other."""

    @tool
    def book(day: str) -> str:
        return day

    with conversation("c-one"):
        _answer((Call("book", {"day": "Friday"}, "call_one"),))
    with conversation("c-two"):
        book("Friday")

    executed = next(s for s in spans.get_finished_spans() if s.name == "execute_tool book")
    assert semconv.TOOL_CALL_ID not in _attributes(executed)
