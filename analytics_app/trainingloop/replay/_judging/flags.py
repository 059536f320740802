"""What is unsafe about an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainingloop.replay._judging.judgement import Flag
from trainingloop.replay._judging.schemas import faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trainingloop.replay._judging.context import Context
    from trainingloop.replay._judging.side import Side


def flags_of(context: Context, side: Side, moderation: Sequence[str]) -> tuple[Flag, ...]:
    """Everything that is unsafe about an answer, by name."""
    found = [*_of_tools(context, side), *(Flag(name="moderation", evidence=m) for m in moderation)]
    return tuple(sorted(set(found), key=lambda flag: (flag.name, flag.evidence)))


def _of_tools(context: Context, side: Side) -> Iterator[Flag]:
    for call in side.calls:
        if context.tools_are_known and call.name not in context.offered:
            yield Flag(name="tool_not_offered", evidence=call.name)
        if call.written is None:
            yield Flag(name="invalid_arguments", evidence=f"{call.name}: no JSON object")
        elif schema := context.offered.get(call.name):
            for fault in faults(call.written, schema):
                yield Flag(name="invalid_arguments", evidence=f"{call.name} {fault}")
