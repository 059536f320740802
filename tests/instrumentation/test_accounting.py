"""The ledger of spans: every loss has a number."""

from __future__ import annotations

import os
import threading

from trainingloop.instrumentation.accounting import Ledger, RecorderStats, ledger


def test_a_ledger_adds_up_over_threads() -> None:
    """Counts of many threads are all there."""
    own = Ledger()

    def count() -> None:
        for _ in range(200):
            own.add(emitted=1, queued=1)
            own.add(dropped=1, queued=-1)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert own.snapshot() == RecorderStats(emitted=800, dropped=800)
    assert own.snapshot().lost == 800


def test_a_process_has_one_ledger() -> None:
    """Everybody who asks gets the same one."""
    assert ledger() is ledger()


def test_a_forked_child_counts_from_nothing() -> None:
    """The parent accounts for what it recorded; the child for its own spans only."""
    ledger().add(emitted=1)

    child = os.fork()
    if child == 0:
        os._exit(0 if ledger().snapshot() == RecorderStats() else 1)
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
