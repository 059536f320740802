"""What answers do or raise: how often before and after, and which decisions changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from trainingloop.replay._comparing.flips import Flip, in_order, paired_test
from trainingloop.replay._comparing.pairs import is_escalation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trainingloop.replay._comparing.flips import PairedTest
    from trainingloop.replay._comparing.pairs import Pair
    from trainingloop.replay._judging.judgement import Flag, Judgement


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
    return _shift(pairs, _escalates, is_baseline=is_baseline)


def safety(pairs: Sequence[Pair], *, is_baseline: bool) -> Shift:
    """Return which answers raise a flag that the other does not, whichever flag it is."""
    return _shift(pairs, _flagged, is_baseline=is_baseline)


def safety_by_flag(pairs: Sequence[Pair], *, is_baseline: bool) -> tuple[FlagShift, ...]:
    """Return the same for each flag that any answer raises."""
    names = {
        flag.name
        for pair in pairs
        if (judgement := pair.compared) is not None
        for flag in (*judgement.recorded_flags, *judgement.replayed_flags)
    }
    return tuple(
        FlagShift(flag=name, shift=_shift(pairs, _flagged_as(name), is_baseline=is_baseline))
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


_Telling = Callable[["Judgement"], _Told]
_NOTHING: Final[frozenset[str]] = frozenset()
_HANDED_OVER: Final = frozenset({"escalate"})


def _escalates(judgement: Judgement) -> _Told:
    return _Told(
        before=_HANDED_OVER if is_escalation(judgement.recorded_kind) else _NOTHING,
        after=_HANDED_OVER if is_escalation(judgement.replayed_kind) else _NOTHING,
    )


def _flagged(judgement: Judgement) -> _Told:
    return _Told(
        before=_names(judgement.recorded_flags),
        after=_names(judgement.replayed_flags),
    )


def _names(flags: Iterable[Flag]) -> frozenset[str]:
    return frozenset(flag.name for flag in flags)


def _flagged_as(name: str) -> _Telling:
    only = frozenset({name})

    def told(judgement: Judgement) -> _Told:
        every = _flagged(judgement)
        return _Told(before=every.before & only, after=every.after & only)

    return told


def _shift(pairs: Sequence[Pair], tell: _Telling, *, is_baseline: bool) -> Shift:
    said = {id(pair): tell(found) for pair in pairs if (found := pair.compared) is not None}
    floor = {id(pair): tell(found) for pair in pairs if (found := pair.floor_compared) is not None}
    judged = [pair for pair in pairs if id(pair) in said]
    both = [pair for pair in judged if id(pair) in floor]
    return Shift(
        recorded=sum(bool(told.before) for told in said.values()),
        replayed=sum(bool(told.after) for told in said.values()),
        gained=_flips((pair, told.gained) for pair in judged if (told := said[id(pair)]).gained),
        lost=_flips((pair, told.lost) for pair in judged if (told := said[id(pair)]).lost),
        test=paired_test(judged, [_step(said[id(pair)]) for pair in judged]),
        floor_gained=sum(bool(told.gained) for told in floor.values()) if floor else None,
        floor_lost=sum(bool(told.lost) for told in floor.values()) if floor else None,
        beyond_floor=paired_test(
            both, [_step(_again(floor[id(pair)], said[id(pair)])) for pair in both]
        )
        if is_baseline
        else None,
    )


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
