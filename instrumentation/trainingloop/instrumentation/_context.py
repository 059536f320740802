"""Whose conversation this is: the context that is stamped on every span.

It travels in a private key of the OpenTelemetry context and never in baggage, which would leave
the process in the headers of outgoing requests, those to the model's provider among them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from typing import TYPE_CHECKING, Final, cast

from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.sdk.trace import SpanProcessor

from trainingloop.instrumentation import semconv
from trainingloop.instrumentation._guard import Shield

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import Span as SdkSpan
    from opentelemetry.util.types import AttributeValue

    from trainingloop.instrumentation._messages import ToolCall

_SCOPE_KEY: Final = otel_context.create_key("trainingloop-scope")
_MAX_ASKED: Final = 64
_MAX_THREADS: Final = 4096
_SETTINGS_OPERATIONS: Final = frozenset(
    {
        semconv.OPERATION_CHAT,
        "generate_content",
        "text_completion",
        semconv.OPERATION_PLAYBOOK,
    }
)


class ConversationThread:
    """What the process remembers of one conversation: its turns, and the calls left open."""

    __slots__ = ("_asked", "_lock", "_turns")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turns = 0
        self._asked: deque[ToolCall] = deque(maxlen=_MAX_ASKED)

    def next_turn(self) -> int:
        """The index of the turn that begins now, counted from one."""
        with self._lock:
            self._turns += 1
            return self._turns

    def remember(self, calls: Iterable[ToolCall]) -> None:
        """Keep what a model's answer asked for, until the tools are executed."""
        with self._lock:
            self._asked.extend(calls)

    def claim(self, name: str, arguments: Mapping[str, object]) -> str | None:
        """The id of the oldest open call of this tool that asked for these arguments.

        The agent may add arguments of its own (a session, a customer), so those of the call need
        only be among them. A guess is never made: no id is better than a wrong one.
        """
        with self._lock:
            for call in self._asked:
                if call.name == name and _is_part_of(call.arguments, arguments):
                    self._asked.remove(call)
                    return call.id
        return None


class Scope:
    """One layer of context: a conversation, a turn or a playbook."""

    __slots__ = ("attributes", "is_abandoned", "outer", "parent", "settings", "thread")

    def __init__(
        self,
        *,
        attributes: dict[str, AttributeValue],
        thread: ConversationThread,
        parent: Scope | None,
        settings: str | None = None,
    ) -> None:
        self.attributes = attributes
        """Stamped on every span; replaced as a whole, never changed in place."""
        self.thread = thread
        self.parent = parent
        self.settings = settings
        """The playbook's settings, which only decisions carry."""
        self.outer: Context | None = None
        self.is_abandoned = False


class _Threads:
    """The conversations of this process, the longest unused forgotten first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._threads: OrderedDict[tuple[str, str], ConversationThread] = OrderedDict()

    def of(self, tenant: str, conversation_id: str) -> ConversationThread:
        key = (tenant, conversation_id)
        with self._lock:
            thread = self._threads.setdefault(key, ConversationThread())
            self._threads.move_to_end(key)
            if len(self._threads) > _MAX_THREADS:
                self._threads.popitem(last=False)
            return thread


threads: Final = _Threads()


def current_scope(context: Context | None = None) -> Scope | None:
    """The innermost layer of context that is still open."""
    return _open(_raw_scope(context))


def with_scope(scope: Scope) -> Context:
    """The current context with the scope in it, for a span that is to be stamped with it."""
    return otel_context.set_value(_SCOPE_KEY, scope)


def enter(scope: Scope, span: trace.Span | None = None) -> None:
    """Make the scope, and the span with it, the current one."""
    scope.outer = otel_context.get_current()
    entered = otel_context.set_value(_SCOPE_KEY, scope, scope.outer)
    if span is not None:
        entered = trace.set_span_in_context(span, entered)
    otel_context.attach(entered)


def leave(scope: Scope) -> None:
    """Go back to what was current before the scope, wherever this is called from.

    The former context is set again instead of resetting a token: a token fails in another task,
    and generators that interleave would bring back the conversation of somebody else. A scope
    that is not the innermost one is marked, so that the inner one does not go back to it.
    """
    if _raw_scope() is not scope or scope.outer is None:
        scope.is_abandoned = True
        return
    outer = scope.outer
    while (before := _raw_scope(outer)) is not None and before.is_abandoned and before.outer:
        outer = before.outer
    otel_context.attach(outer)


class ContextStamp(SpanProcessor):
    """Writes onto every span, as it starts, whose conversation it belongs to."""

    def __init__(self, process_attributes: Mapping[str, AttributeValue]) -> None:
        self._process_attributes = dict(process_attributes)
        self._is_open = True

    def on_start(self, span: SdkSpan, parent_context: Context | None = None) -> None:
        """Stamp the span with the context it was started in."""
        if not self._is_open:
            return
        with Shield("stamping the context"):
            span.set_attributes(self._attributes_for(span, current_scope(parent_context)))

    def shutdown(self) -> None:
        """Stamp no further span."""
        self._is_open = False

    def _attributes_for(self, span: SdkSpan, scope: Scope | None) -> dict[str, AttributeValue]:
        if scope is None:
            return self._process_attributes
        stamped = {**self._process_attributes, **scope.attributes}
        if scope.settings is not None and _carries_settings(span):
            stamped[semconv.PLAYBOOK_SETTINGS] = scope.settings
        return stamped


def _carries_settings(span: SdkSpan) -> bool:
    attributes = span.attributes
    return attributes is not None and attributes.get(semconv.OPERATION_NAME) in _SETTINGS_OPERATIONS


def _raw_scope(context: Context | None = None) -> Scope | None:
    return cast("Scope | None", otel_context.get_value(_SCOPE_KEY, context))


def _open(scope: Scope | None) -> Scope | None:
    while scope is not None and scope.is_abandoned:
        scope = scope.parent
    return scope


def _is_part_of(asked: object, executed: Mapping[str, object]) -> bool:
    if not isinstance(asked, dict):
        return not asked and not executed
    missing = object()
    expected = cast("dict[str, object]", asked)
    return all(executed.get(key, missing) == value for key, value in expected.items())
