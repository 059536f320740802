"""What the pages of this process look at: one open store, and the gateway in front of it."""

from __future__ import annotations

import itertools
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from trainingloop.analytics_app.errors import NoWorkspaceError, SlowReadError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from trainingloop.collector import Counters
    from trainingloop.collector.actions import Action
    from trainingloop.store import Table

T = TypeVar("T")

READ_TIMEOUT_S: Final = 30.0
# Streamlit runs every rerun in a new thread, and the store keeps one client for each thread that
# ever read: a few threads of our own bound both.
_READ_THREADS: Final = 4
_numbers = itertools.count(1)


class TenantReads(Protocol):
    """The reads of one tenant, as `trainingloop.store.Reads` has them."""

    def table(self, name: str, parameters: Mapping[str, object] | None = None) -> Table:
        """Return the answer of the read called ``name``."""
        ...


class ReadableStore(Protocol):
    """What the pages need of a `trainingloop.store.Store`."""

    def reads(self, tenant: str) -> TenantReads:
        """Return the reads of ``tenant``."""
        ...

    def tenants(self) -> list[str]:
        """Return the tenants that have recorded anything."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """The receivers of this process, for the pages that speak about them."""

    http_url: str
    grpc_url: str
    counters: Callable[[], Counters]


class Workspace:
    """Reads for the pages, on a bounded number of threads.

    Args:
        store: the open store; whoever opened it closes it.
        gateway: the receivers in front of it, or None when there are none.
        actions: what the pages can have done, see `trainingloop.actions`.
        timeout_s: how long a page waits for one read.
    """

    def __init__(
        self,
        store: ReadableStore,
        *,
        gateway: Gateway | None = None,
        actions: Mapping[str, Action] | None = None,
        timeout_s: float = READ_TIMEOUT_S,
    ) -> None:
        self.number: Final = next(_numbers)
        """Tells the workspaces of one process apart, in the keys of caches."""
        self.gateway: Final = gateway
        self._store = store
        self._actions = actions or {}
        self._timeout_s = timeout_s
        self._threads = ThreadPoolExecutor(_READ_THREADS, thread_name_prefix="dashboard-read")

    def table(self, tenant: str, name: str, parameters: Mapping[str, object]) -> Table:
        """Return the answer of one read of ``tenant``.

        Raises:
            StoreError: the store refused.
            SlowReadError: it did not answer in time.
        """
        return self._wait(
            self._threads.submit(lambda: self._store.reads(tenant).table(name, parameters))
        )

    def tenants(self) -> list[str]:
        """Return the tenants there are, sorted.

        Raises:
            StoreError: the store refused.
            SlowReadError: it did not answer in time.
        """
        return self._wait(self._threads.submit(self._store.tenants))

    def can(self, action: str) -> bool:
        """Whether this process does an action; without receivers it may do none."""
        return action in self._actions

    def act(self, action: str, document: Mapping[str, object]) -> Mapping[str, object]:
        """Have an action of the JSON API done, such as ``feedback``, and return what it answers.

        Raises:
            BadRequestError: the action did not understand the document.
            NotFoundError: the document names something that is not there.
            StoreError: the store refused.
            SlowReadError: it did not end in time; it may still be done.
        """
        return self._wait(self._threads.submit(lambda: self._actions[action](document)))

    def close(self) -> None:
        """Let the reads under way finish and take no more."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _wait(self, future: Future[T]) -> T:
        try:
            return future.result(self._timeout_s)
        except FutureTimeoutError as error:
            future.cancel()
            raise SlowReadError(
                f"the store did not answer within {self._timeout_s:g} s: "
                "choose a shorter time range, or try again when less is being written"
            ) from error


class _Holder:
    """The one place a page, which is a script, can find the workspace in."""

    workspace: Workspace | None = None


def hold_workspace(workspace: Workspace | None) -> None:
    """Give the pages of this process ``workspace``, or take it from them."""
    _Holder.workspace = workspace


def current_workspace() -> Workspace:
    """Return the workspace of this process.

    Raises:
        NoWorkspaceError: nobody opened one.
    """
    if _Holder.workspace is None:
        raise NoWorkspaceError(
            "these pages were started without a store: start them with 'trainingloop serve'"
        )
    return _Holder.workspace
