"""Sends evaluations in the background."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Self

from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter

from trainingloop.evaluations._sender import Sender
from trainingloop.evaluations.environment import evaluations_url
from trainingloop.store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Generator

    from trainingloop.store import Store

_logger = logging.getLogger(__name__)

_PAUSE_S: Final = 5.0
_LONGEST_PAUSE_S: Final = 300.0
_DELIVERY_TIMEOUT_S: Final = 10.0
_CLOSING_S: Final = 15.0
"""A thread that hangs longer than a delivery may take holds nothing up: it is a daemon."""


class Evaluations:
    """One thread that sends votes and outcomes somewhere as they are found.

    Nobody waits for it: what cannot be delivered is tried again, less and less often, and nothing
    is held meanwhile but how far it has come.

    Args:
        store: where votes and outcomes are.
        url: of the log records of an OTLP/HTTP receiver, such as
            ``http://127.0.0.1:4318/v1/logs``.
        pause_s: between two looks.
    """

    def __init__(self, store: Store, url: str, *, pause_s: float = _PAUSE_S) -> None:
        exporter = OTLPLogExporter(
            endpoint=url, timeout=_DELIVERY_TIMEOUT_S, compression=Compression.Gzip
        )
        self._sender = Sender(store, exporter)
        self._pause_s = pause_s
        self._closing = threading.Event()
        self._thread = threading.Thread(
            target=self._run, name="trainingloop-evaluations", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """End, without waiting for what was not delivered."""
        self._closing.set()
        self._sender.close()
        self._thread.join(_CLOSING_S)

    def _run(self) -> None:
        pause_s = self._pause_s
        while not self._closing.wait(pause_s):
            is_delivered = self._try()
            pause_s = self._pause_s if is_delivered else min(2 * pause_s, _LONGEST_PAUSE_S)

    def _try(self) -> bool:
        try:
            return self._sender.send_new()
        except StoreError as error:
            _logger.warning("evaluations were not sent: %s", error)
        except Exception as error:  # noqa: BLE001  # the thread outlives whatever one row holds
            # The type alone: a message may quote a row.
            _logger.warning("evaluations were not sent: %s", type(error).__name__)
        return False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def sending_evaluations(store: Store) -> Generator[None]:
    """Send votes and outcomes while in the block, if the environment says where to.

    Raises:
        EvaluationsError: it says something that is no URL.
    """
    url = evaluations_url()
    if url is None:
        yield
        return
    with Evaluations(store, url):
        yield
