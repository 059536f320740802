"""What became of the recorded spans, on request and once more when the process ends."""

from __future__ import annotations

import atexit
import logging
from functools import cache

from trainingloop.instrumentation.accounting import LAST_DELIVERY_S, RecorderStats, ledger

_logger = logging.getLogger(__name__)


def recorder_stats() -> RecorderStats:
    """How many spans this process emitted, redacted, exported and lost so far."""
    return ledger().snapshot()


@cache
def report_loss_at_exit() -> None:
    """Say so when the process ends if anything was lost.

    To be called before a tracer provider is made: what is registered first runs last, and the
    provider sends its last batch on its way out.
    """
    atexit.register(report_loss)


def report_loss() -> None:
    """One line with numbers, if anything was lost."""
    stats = recorder_stats()
    if stats.lost or stats.queued > 0:
        _logger.warning(
            "trainingloop lost %d of %d recorded spans: %d dropped, %d failed to be delivered, "
            "%d not delivered within the %d seconds that a process may take to end.",
            stats.lost + max(stats.queued, 0),
            stats.emitted,
            stats.dropped,
            stats.failed,
            max(stats.queued, 0),
            LAST_DELIVERY_S,
        )
