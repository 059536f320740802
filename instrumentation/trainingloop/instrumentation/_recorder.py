"""The one recorder of this process, if it has been set up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

    from trainingloop.instrumentation.keys import Keyring


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorder:
    """What the recording functions need to know."""

    tracer: Tracer
    tenant: str
    """The tenant of conversations that name none."""
    keys: Keyring | None
    """The secrets behind customer pseudonyms; without them no customer is recorded."""
    captures_content: bool
    """Whether arguments and results of tools are recorded."""


class _Slot:
    """Holds the recorder; a class, because a module's global would need ``global``."""

    __slots__ = ("recorder",)

    def __init__(self) -> None:
        self.recorder: Recorder | None = None


_slot = _Slot()


def current() -> Recorder | None:
    """The recorder, or ``None`` while nothing is configured."""
    return _slot.recorder


def use(recorder: Recorder | None) -> None:
    """Record with this one from now on."""
    _slot.recorder = recorder
