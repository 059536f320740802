"""What answers do or raise: how often before and after, and which decisions changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from trainingloop.replay._comparing.flips import Flip, in_order, paired_test
from trainingloop.replay._comparing.pairs import is_escalation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from trainingloop.replay._comparing.flips import PairedTest
    from trainingloop.replay._comparing.pairs import Pair
    from trainingloop.replay._judging.judgement import Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How often something is so of the recorded answers and of the replayed ones."""

    recorded: int
    """Decisions of whose recorded answer it is so."""
    replayed: int
    gained: tuple[Flip, ...]
    """Decisions of whose replayed answer alone it is so, or which gained another name of it."""
    lost: tuple[Flip, ...]
    """Decisions of whose recorded answer alone it is so, or which lost a name of it."""
    test: PairedTest | None
    """The replayed answers against the recorded ones; None where nothing was compared."""
    floor_gained: int | None
    """The same of the second arm; None without one."""
    floor_lost: int | None
    beyond_floor: PairedTest | None
    """The candidate against the recorded version asked again; None without that arm."""
    adjusted_p: float | None = None
    """After Holm, of ``beyond_floor`` where there is one, else of ``test``."""

    @property
    def deciding(self) -> PairedTest | None:
        """The test that takes chance into account, where there is one."""
        return self.beyond_floor or self.test


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagShift:
    """One kind of unsafe answer."""

    flag: str
    shift: Shift


def escalations(pairs: Sequence[Pair], *, is_baseline: bool) -> Shift:
    """Return which decisions are handed over to a human only now, and which no longer."""
    return _shift(_said(pairs, _escalates), is_baseline=is_baseline)


def safety(pairs: Sequence[Pair], *, is_baseline: bool) -> Shift:
    """Return which answers raise a flag that the other does not, whichever flag it is."""
    return _shift(_said(pairs, _flagged), is_baseline=is_baseline)


def safety_by_flag(pairs: Sequence[Pair], *, is_baseline: bool) -> tuple[FlagShift, ...]:
    """Return the same for each flag that any answer raises."""
    said = _said(pairs, _flagged)
    names = {name for one in said if one.told for name in one.told.before | one.told.after}
    return tuple(
        FlagShift(flag=name, shift=_shift(_about(said, name), is_baseline=is_baseline))
        for name in sorted(names)
    )


class _Told(NamedTuple):
    """What is so of the two answers of a judgement, by name; nothing where a set is empty."""

    before: frozenset[str]
    after: frozenset[str]

    @property
    def gained(self) -> frozenset[str]:
        return self.after - self.before

    @property
    def lost(self) -> frozenset[str]:
        return self.before - self.after


class _Said(NamedTuple):
    """A pair, and what is so of its answers; None of an arm without one."""

    pair: Pair
    told: _Told | None
    floor: _Told | None


_NOTHING: Final[frozenset[str]] = frozenset()
_TOLD_NOTHING: Final = _Told(before=_NOTHING, after=_NOTHING)
_HANDED_OVER: Final = frozenset({"escalate"})


def _escalates(judgement: Judgement) -> _Told:
    return _Told(
        before=_HANDED_OVER if is_escalation(judgement.recorded_kind) else _NOTHING,
        after=_HANDED_OVER if is_escalation(judgement.replayed_kind) else _NOTHING,
    )


def _flagged(judgement: Judgement) -> _Told:
    if not (judgement.recorded_flags or judgement.replayed_flags):
        return _TOLD_NOTHING
    return _Told(
        before=frozenset(flag.name for flag in judgement.recorded_flags),
        after=frozenset(flag.name for flag in judgement.replayed_flags),
    )


def _said(pairs: Sequence[Pair], tell: Callable[[Judgement], _Told]) -> list[_Said]:
    return [
        _Said(
            pair=pair,
            told=None if (found := pair.compared) is None else tell(found),
            floor=None if (again := pair.floor_compared) is None else tell(again),
        )
        for pair in pairs
    ]


def _about(said: list[_Said], name: str) -> list[_Said]:
    """Leave of everything that is so what is called ``name``."""
    only = frozenset({name})

    def narrowed(told: _Told | None) -> _Told | None:
        if told is None or told is _TOLD_NOTHING:
            return told
        return _Told(before=told.before & only, after=told.after & only)

    return [
        _Said(pair=one.pair, told=narrowed(one.told), floor=narrowed(one.floor)) for one in said
    ]


def _shift(said: list[_Said], *, is_baseline: bool) -> Shift:
    judged = [(pair, told) for pair, told, _ in said if told is not None]
    floor = [again for *_, again in said if again is not None]
    both = [
        (pair, _again(again, told))
        for pair, told, again in said
        if told is not None and again is not None
    ]
    return Shift(
        recorded=sum(bool(told.before) for _, told in judged),
        replayed=sum(bool(told.after) for _, told in judged),
        gained=_flips((pair, told.gained) for pair, told in judged if told.gained),
        lost=_flips((pair, told.lost) for pair, told in judged if told.lost),
        test=_tested(judged),
        floor_gained=sum(bool(again.gained) for again in floor) if floor else None,
        floor_lost=sum(bool(again.lost) for again in floor) if floor else None,
        beyond_floor=_tested(both) if is_baseline else None,
    )


def _tested(told: list[tuple[Pair, _Told]]) -> PairedTest | None:
    return paired_test([pair for pair, _ in told], [_step(one) for _, one in told])


def _again(floor: _Told, said: _Told) -> _Told:
    """Set the candidate's answer against that of the recorded version, asked again."""
    return _Told(before=floor.after, after=said.after)


def _step(told: _Told) -> int:
    """1 where something is only gained, -1 where it is only lost, 0 where neither or both."""
    return bool(told.gained) - bool(told.lost)


def _flips(changed: Iterable[tuple[Pair, frozenset[str]]]) -> tuple[Flip, ...]:
    return in_order(
        Flip(
            decision_id=pair.decision_id,
            step=pair.step,
            compared_id=pair.compared_id or pair.decision_id,
            names=tuple(sorted(names)),
            evidence=_evidence(pair, names),
        )
        for pair, names in changed
    )


def _evidence(pair: Pair, names: frozenset[str]) -> str:
    judgement = pair.judgement
    flags = (*judgement.recorded_flags, *judgement.replayed_flags) if judgement else ()
    return "; ".join(dict.fromkeys(flag.evidence for flag in flags if flag.name in names))
