"""The options of a run as they are asked for, looked at before they are believed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from trainingloop.collector.errors import BadRequestError
from trainingloop.replay._fields import an_object, flag, number, only, whole, word
from trainingloop.replay.runs import Arm, Budget, Mode, Options

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_CONCURRENCY: Final = 128
MOST_TIMEOUT_S: Final = 3600.0
_LEAST_TIMEOUT_S: Final = 0.1
_MOST_USD: Final = 1e9
_MOST_TOKENS: Final = 10**15
_CHANGEABLE: Final = ("budget", "concurrency", "timeout_s")


def asked_options(document: Mapping[str, object]) -> Options:
    """Return the options of a new run; what is not said is as by default.

    Raises:
        BadRequestError: one cannot be understood.
    """
    only(document, "mode", "floor", "is_moderated", *_CHANGEABLE)
    return _changed(
        Options(
            mode=word(document, "mode", Mode, Mode.PREFIX),
            floor=_floor(document),
            is_moderated=flag(document, "is_moderated"),
        ),
        document,
    )


def changed_options(before: Options, document: Mapping[str, object]) -> Options:
    """Return the options of a run that goes on otherwise.

    Raises:
        BadRequestError: one cannot be understood, or not be changed any more.
    """
    fixed = sorted(set(document) - set(_CHANGEABLE))
    if fixed:
        raise BadRequestError(
            f"{fixed[0][:50]!r} of a run cannot be changed, or its answers could not be compared: "
            f"change {', '.join(_CHANGEABLE)}, or make a new run"
        )
    return _changed(before, document)


def _changed(options: Options, document: Mapping[str, object]) -> Options:
    if "budget" in document:
        options = replace(options, budget=_budget(an_object(document, "budget")))
    if "concurrency" in document:
        most = whole(document, "concurrency", least=1, most=MOST_CONCURRENCY)
        options = replace(options, concurrency=most)
    if "timeout_s" in document:
        timeout_s = number(document, "timeout_s", least=_LEAST_TIMEOUT_S, most=MOST_TIMEOUT_S)
        options = replace(options, timeout_s=timeout_s)
    return options


def _budget(document: Mapping[str, object]) -> Budget:
    only(document, "usd", "tokens")
    usd, tokens = document.get("usd"), document.get("tokens")
    return Budget(
        usd=None if usd is None else number(document, "usd", most=_MOST_USD),
        tokens=None if tokens is None else whole(document, "tokens", most=_MOST_TOKENS),
    )


def _floor(document: Mapping[str, object]) -> Arm | None:
    if document.get("floor") is None:
        return None
    floor = word(document, "floor", Arm, Arm.BASELINE)
    if floor is Arm.CANDIDATE:
        raise BadRequestError(
            "'floor' must be baseline, repeat or null: the candidate is asked anyway"
        )
    return floor
