"""Driving a run from a terminal: progress that can be watched, and a stop that can be trusted."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click

from trainingloop.cli._output import console
from trainingloop.cli._replay_report import dollars, duration

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import FrameType

    from trainingloop.cli._workspace import Workspace
    from trainingloop.replay.driving import Progress

_LOGGED_S: Final = 30.0


def drive_run(workspace: Workspace, tenant: str, run_id: str) -> bool:
    """Replay a run until it ends or somebody interrupts it.

    Returns:
        Whether it was interrupted.
    """
    from trainingloop.replay.driving import drive  # heavy

    with _interruptible() as stop, _watched() as show:
        drive(
            workspace,
            tenant,
            run_id,
            on_progress=show,
            stop=stop,
        )
    return stop.is_set()


@contextmanager
def _interruptible() -> Generator[threading.Event]:
    """Turn the first Ctrl-C into a stop that loses nothing; the second one ends at once."""
    stop = threading.Event()

    def interrupt(number: int, frame: FrameType | None) -> None:
        del number, frame
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        click.echo(
            "\nstopping: what is on its way is awaited; Ctrl-C again leaves at once", err=True
        )

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _watched() -> Generator[Callable[[Progress], None]]:
    """Show how far a run is: a bar on a terminal, a line now and then elsewhere."""
    out = console(stderr=True)
    if not out.is_terminal:
        yield ProgressLog(time.monotonic).show
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    bar = Bar(
        TextColumn("replaying"),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TextColumn("{task.description}", markup=False),
        console=out,
        transient=True,
    )
    with bar:
        task = bar.add_task("starting", total=None)

        def show(progress: Progress) -> None:
            bar.update(
                task,
                total=progress.all,
                completed=progress.done,
                description=progress_text(progress),
            )

        yield show


class ProgressLog:
    """Writes how far a run is as lines of a log.

    Args:
        monotonic: seconds since whenever, by a clock nobody sets.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._next_s = monotonic() + _LOGGED_S
        self._was_waiting = False

    def show(self, progress: Progress) -> None:
        """Write a line, if it is time for one or the endpoint begins to ask for patience."""
        now_s, is_waiting = self._monotonic(), progress.waiting_s > 0
        # Endpoints that are overrun ask for it again and again: once in a while is enough.
        if now_s < self._next_s and (self._was_waiting or not is_waiting):
            return
        self._next_s, self._was_waiting = now_s + _LOGGED_S, is_waiting
        click.echo(
            f"replaying: {progress.done:,} of {progress.all:,} settled, {progress_text(progress)}",
            err=True,
        )


def progress_text(progress: Progress) -> str:
    """Return rate, time left, cost and whatever is waited for."""
    parts = [f"{progress.per_second:.1f}/s"]
    if progress.seconds_left is not None:
        parts.append(f"{duration(progress.seconds_left)} left")
    if progress.cost_usd:
        parts.append(dollars(progress.cost_usd))
    if progress.waiting_s:
        parts.append(f"the endpoint asks to wait {duration(progress.waiting_s)}")
    return ", ".join(parts)
