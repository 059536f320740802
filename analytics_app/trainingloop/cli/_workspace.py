"""The store, whether this process owns it or a running ``serve`` does."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

import click

from trainingloop.cli._errors import NoStoreError

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    from trainingloop.collector import Outcome, Pipeline, RemoteStore
    from trainingloop.collector.actions import Action
    from trainingloop.store import Store, Table
    from trainingloop.store.address import StoreAddress
    from trainingloop.store.errors import StoreInUseError

_PATIENCE_S: Final = 5.0
"""Another command may own the store for a moment, or a serve may still be starting."""
_PAUSE_S: Final = 0.1
_ATTEMPTS: Final = 8


class TenantReads(Protocol):
    """The reads of one tenant."""

    def table(self, name: str, parameters: Mapping[str, object] | None = None) -> Table:
        """Return the answer of the read called ``name``."""
        ...


class Workspace(Protocol):
    """What commands do with a store."""

    def reads(self, tenant: str) -> TenantReads:
        """Return the reads of ``tenant``."""
        ...

    def tenants(self) -> list[str]:
        """Return the tenants that have recorded anything, sorted."""
        ...

    def send(self, request: ExportTraceServiceRequest) -> Outcome:
        """Store ``request``, redacted; durable on return."""
        ...

    def act(self, action: str, document: Mapping[str, object]) -> Mapping[str, object]:
        """Do what ``document`` asks of an action of the JSON API, such as ``outcomes/run``."""
        ...

    def close(self) -> None:
        """Finish what is under way and let the store go."""
        ...


class _LocalWorkspace:
    """A store this process owns."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pipeline: Pipeline | None = None
        self._actions: Mapping[str, Action] = {}
        # Who drives a replay acts from several threads, and the first of them may be any.
        self._turn = threading.Lock()

    def reads(self, tenant: str) -> TenantReads:
        return self._store.reads(tenant)

    def tenants(self) -> list[str]:
        return self._store.tenants()

    def send(self, request: ExportTraceServiceRequest) -> Outcome:
        return self._writer().accept(request, source="import")

    def act(self, action: str, document: Mapping[str, object]) -> Mapping[str, object]:
        self._writer()
        return self._actions[action](document)

    def close(self) -> None:
        try:
            if self._pipeline is not None:
                self._pipeline.close()
        finally:
            self._store.close()

    def _writer(self) -> Pipeline:
        with self._turn:
            if self._pipeline is None:
                self._pipeline, self._actions = self._opened()
            return self._pipeline

    def _opened(self) -> tuple[Pipeline, Mapping[str, Action]]:
        from trainingloop.actions import actions  # heavy
        from trainingloop.collector import Pipeline
        from trainingloop.outcomes.rules import rules_from_environment
        from trainingloop.processor import Redactor

        redactor, rules = Redactor(), rules_from_environment()
        pipeline = Pipeline(self._store, redactor)
        return pipeline, actions(self._store, pipeline, redactor, rules)


class _RemoteWorkspace:
    """A store that a running ``serve`` owns; it is asked again while it is too busy."""

    def __init__(self, store: RemoteStore) -> None:
        self._store = store

    def reads(self, tenant: str) -> TenantReads:
        return self._store.reads(tenant)

    def tenants(self) -> list[str]:
        return self._store.tenants()

    def send(self, request: ExportTraceServiceRequest) -> Outcome:
        from trainingloop.collector.errors import RefusedError  # heavy

        for _ in range(_ATTEMPTS):
            try:
                return self._store.send(request)
            except RefusedError as error:
                time.sleep(error.retry_after_s)
        return self._store.send(request)

    def act(self, action: str, document: Mapping[str, object]) -> Mapping[str, object]:
        return self._store.act(action, document)

    def close(self) -> None:
        """Nothing is held."""


@contextmanager
def open_workspace(dsn: str, *, may_create: bool = False) -> Generator[Workspace]:
    """Open the store at ``dsn``, here or through the process that owns it.

    Args:
        dsn: see `trainingloop.store.address.parse_address`.
        may_create: whether a store that does not exist is made.

    Raises:
        NoStoreError: there is none and none may be made.
        StoreInUseError: a process owns it that answers no requests.
    """
    address = parsed_address(dsn)
    if not may_create and address.directory and not (address.directory / "engine").exists():
        raise NoStoreError(
            f"there is no store at {str(address.directory)!r} yet: record something with "
            "trainingloop serve, demo or import, or name another store with --store"
        )
    workspace = _opened(dsn)
    try:
        yield workspace
    finally:
        workspace.close()


def parsed_address(dsn: str) -> StoreAddress:
    """Return where ``dsn`` points; a senseless one ends the command with what is allowed."""
    from trainingloop.store.address import parse_address  # heavy
    from trainingloop.store.errors import StoreAddressError

    try:
        return parse_address(dsn)
    except StoreAddressError as error:
        raise click.BadParameter(str(error), param_hint="--store") from error


def _opened(dsn: str) -> Workspace:
    from trainingloop.store import open_store  # heavy
    from trainingloop.store.errors import StoreInUseError

    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return _LocalWorkspace(open_store(dsn))
        except StoreInUseError as error:
            if remote := _remote(error):
                return remote
            if time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE_S)


def _remote(error: StoreInUseError) -> Workspace | None:
    from trainingloop.collector import RemoteStore  # heavy

    return (
        _RemoteWorkspace(RemoteStore(error.owner.url)) if error.owner and error.owner.url else None
    )
