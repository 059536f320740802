"""Where the calls of two answers part."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Final, cast

from trainingloop.replay._judging.calls import written_json
from trainingloop.replay._judging.judgement import ArgumentDifference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trainingloop.replay._judging.calls import Call

_MOST_MATCHED: Final = 24
_MOST_CHARACTERS: Final = 100_000
"""Above so many calls of one tool, or so long ones, each is compared with the one in its place."""
_MOST_DIFFERENCES: Final = 50
_LONGEST_VALUE: Final = 200
_ABSENT: Final = object()


def argument_differences(
    recorded: Iterable[Call], replayed: Iterable[Call]
) -> tuple[ArgumentDifference, ...]:
    """What differs, in the order of the tools' names; calls that are alike are matched first."""
    before, after = _by_tool(recorded), _by_tool(replayed)
    differences: list[ArgumentDifference] = []
    for tool in sorted({*before, *after}):
        lost, gained = _unlike(before[tool], after[tool])
        for one, other in _matched(lost, gained):
            differences.extend(_between(tool, one, other))
    return tuple(differences[:_MOST_DIFFERENCES])


def _by_tool(calls: Iterable[Call]) -> defaultdict[str, list[Call]]:
    grouped: defaultdict[str, list[Call]] = defaultdict(list)
    for call in calls:
        grouped[call.name].append(call)
    return grouped


def _unlike(recorded: list[Call], replayed: list[Call]) -> tuple[list[Call], list[Call]]:
    """What is left of both when calls that are the same have met, in one order."""
    return _left(recorded, replayed), _left(replayed, recorded)


def _left(calls: list[Call], others: list[Call]) -> list[Call]:
    taken = Counter(call.key for call in others)
    left: list[Call] = []
    for call in sorted(calls, key=lambda call: call.key):
        if taken[call.key]:
            taken[call.key] -= 1
        else:
            left.append(call)
    return left


def _matched(
    recorded: list[Call], replayed: list[Call]
) -> Iterator[tuple[Call | None, Call | None]]:
    """Each call with the one it differs least from; the rest alone."""
    most = max(len(recorded), len(replayed))
    characters = sum(len(call.key) for call in (*recorded, *replayed))
    if most > _MOST_MATCHED or characters > _MOST_CHARACTERS:
        places = [(k, k) for k in range(min(len(recorded), len(replayed)))]
    else:
        places = sorted(
            ((i, j) for i in range(len(recorded)) for j in range(len(replayed))),
            key=lambda place: _distance(recorded[place[0]], replayed[place[1]]),
        )
    free_i, free_j = set(range(len(recorded))), set(range(len(replayed)))
    for i, j in places:
        if i in free_i and j in free_j:
            free_i.remove(i)
            free_j.remove(j)
            yield recorded[i], replayed[j]
    yield from ((recorded[i], None) for i in sorted(free_i))
    yield from ((None, replayed[j]) for j in sorted(free_j))


def _distance(one: Call, other: Call) -> tuple[int, str, str]:
    """How far two calls are apart; what follows the number is the same from both sides."""
    first, second = sorted((one.key, other.key))
    return len(_between("", one, other)), first, second


def _between(tool: str, one: Call | None, other: Call | None) -> list[ArgumentDifference]:
    if one is None or other is None:
        code = "call_missing" if other is None else "call_extra"
        keys = ("" if call is None else call.key for call in (one, other))
        return [_difference(tool, "", code, *keys)]
    if one.is_garbled or other.is_garbled:
        code = "value" if one.is_garbled and other.is_garbled else "type"
        return [_difference(tool, "", code, one.key, other.key)]
    # No more than are kept are looked for.
    return list(islice(_parted(tool, "", one.arguments, other.arguments), _MOST_DIFFERENCES))


def _parted(tool: str, path: str, one: object, other: object) -> Iterator[ArgumentDifference]:
    kinds = type(one), type(other)
    if kinds == (dict, dict):
        before, after = cast("dict[str, object]", one), cast("dict[str, object]", other)
        for name in sorted({*before, *after}):
            inner = f"{path}.{name}" if path else name
            yield from _parted(tool, inner, before.get(name, _ABSENT), after.get(name, _ABSENT))
    elif kinds == (list, list):
        items, others = cast("list[object]", one), cast("list[object]", other)
        for index in range(max(len(items), len(others))):
            yield from _parted(tool, f"{path}[{index}]", _at(items, index), _at(others, index))
    elif one is _ABSENT or other is _ABSENT:
        code = "extra" if one is _ABSENT else "missing"
        yield _difference(tool, path, code, _written(one), _written(other))
    elif (first := written_json(one)) != (second := written_json(other)):
        code = "value" if _type(one) is _type(other) else "type"
        yield _difference(tool, path, code, first, second)


def _at(items: list[object], index: int) -> object:
    return items[index] if index < len(items) else _ABSENT


def _written(value: object) -> str:
    return "" if value is _ABSENT else written_json(value)


def _type(value: object) -> type:
    return float if type(value) is int else type(value)


def _difference(
    tool: str, path: str, code: str, recorded: str, replayed: str
) -> ArgumentDifference:
    return ArgumentDifference(
        tool=tool,
        path=path,
        code=code,
        recorded=_cut(recorded),
        replayed=_cut(replayed),
    )


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
