"""The store of another process, through its JSON API."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import quote, urlsplit

import orjson
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from trainingloop.collector._pipeline import Outcome
from trainingloop.collector._tables import encodable, parameter_document, read_table
from trainingloop.collector.errors import (
    BadRequestError,
    NotFoundError,
    NotStoredError,
    OverloadedError,
    RemoteStoreError,
)
from trainingloop.store.errors import StoreUnavailableError, UnknownReadError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    from trainingloop.instrumentation.errors import TrainingLoopError
    from trainingloop.store import Table

__all__ = ["RemoteReads", "RemoteStore"]

_TIMEOUT_S: Final = 120.0
_ACTION_TIMEOUT_S: Final = 3600.0
"""Working out the outcomes of years takes minutes."""
_JSON: Final = "application/json"
_PROTOBUF: Final = "application/x-protobuf"
_ERRORS: Final[Mapping[str, type[TrainingLoopError]]] = {
    "unknown_read": UnknownReadError,
    "store_unavailable": StoreUnavailableError,
    "bad_request": BadRequestError,
    "not_found": NotFoundError,
}
"""What is raised for each code of an error document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    status: int
    body: bytes
    retry_after_s: int


class RemoteReads:
    """Every read of one tenant; the twin of `trainingloop.store.Reads`."""

    def __init__(self, store: RemoteStore, tenant: str) -> None:
        self._store = store
        self.tenant: Final = tenant

    def table(self, name: str, parameters: Mapping[str, object] | None = None) -> Table:
        """Return the answer of the read called ``name``, scoped to the tenant.

        Raises:
            UnknownReadError: there is no such read.
            StoreUnavailableError: the engine of the other process refused.
            RemoteStoreError: the other process did not answer, or not as expected.
        """
        return self._store.read_table(self.tenant, name, parameters or {})


class RemoteStore:
    """A store that another process owns. Threads may share it.

    Args:
        url: where its API answers, such as ``http://127.0.0.1:4318``; what
            `trainingloop.store.owner.read_owner` tells.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            raise RemoteStoreError(f"{url!r} is no address of a store: use http://host:port")
        self.url: Final = url.rstrip("/")
        self._host = parts.hostname
        self._port = parts.port or 80
        self._path = parts.path.rstrip("/")

    def reads(self, tenant: str) -> RemoteReads:
        """Return the reads of ``tenant``."""
        return RemoteReads(self, tenant)

    def tenants(self) -> list[str]:
        """Return the tenants that have recorded anything, sorted."""
        document = self._document(self._ask("GET", "/api/v1/tenants", b"", _JSON))
        return [str(tenant) for tenant in cast("list[object]", document.get("tenants", []))]

    def health(self) -> dict[str, object]:
        """Return the state of the other process: store, ports, counters, version."""
        return _object(self._ask("GET", "/api/v1/health", b"", _JSON).body)

    def send(self, request: ExportTraceServiceRequest) -> Outcome:
        """Have the other process store ``request``; it is durable on return.

        Raises:
            OverloadedError: too much is waiting there; send it again later.
            NotStoredError: its store failed; send it again, duplicates collapse.
            RemoteStoreError: it did not answer, or found the request malformed.
        """
        answer = self._ask("POST", "/v1/traces", request.SerializeToString(), _PROTOBUF)
        if answer.status != http.HTTPStatus.OK:
            raise _refusal(answer)
        response = ExportTraceServiceResponse.FromString(answer.body)
        rejected = response.partial_success.rejected_spans
        sent = sum(
            len(scope_spans.spans)
            for resource_spans in request.resource_spans
            for scope_spans in resource_spans.scope_spans
        )
        return Outcome(
            stored=sent - rejected,
            rejected=rejected,
            message=response.partial_success.error_message,
        )

    def read_table(self, tenant: str, name: str, parameters: Mapping[str, object]) -> Table:
        """Return the answer of a read; see `RemoteReads.table`."""
        body = orjson.dumps({"tenant": tenant, "parameters": parameter_document(parameters)})
        answer = self._ask("POST", f"/api/v1/reads/{quote(name, safe='')}", body, _JSON)
        document = self._document(answer)
        try:
            return read_table(document)
        except ValueError as error:
            raise RemoteStoreError(f"{self.url} answered something that is no table") from error

    def act(self, action: str, document: Mapping[str, object]) -> dict[str, object]:
        """Have the other process do what ``document`` asks for, as its `Action` says.

        Args:
            action: its path under ``/api/v1/``, such as ``outcomes/run``.
            document: what it is given.

        Raises:
            BadRequestError: it did not understand the document.
            NotFoundError: the document names something that is not there.
            StoreUnavailableError: its engine refused.
            RemoteStoreError: it did not answer, or not as expected.
        """
        body = orjson.dumps(document, default=encodable)
        answer = self._ask("POST", f"/api/v1/{action}", body, _JSON, timeout_s=_ACTION_TIMEOUT_S)
        return self._document(answer)

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes,
        content_type: str,
        *,
        timeout_s: float = _TIMEOUT_S,
    ) -> _Answer:
        # http.client and not urllib.request: that one sends loopback requests to a proxy, if the
        # environment names one.
        connection = http.client.HTTPConnection(self._host, self._port, timeout=timeout_s)
        try:
            connection.request(
                method, self._path + path, body=body, headers={"Content-Type": content_type}
            )
            response = connection.getresponse()
            retry_after = response.getheader("Retry-After", "1")
            return _Answer(
                status=response.status,
                body=response.read(),
                retry_after_s=int(retry_after) if retry_after.isdigit() else 1,
            )
        except (OSError, http.client.HTTPException) as error:
            raise RemoteStoreError(
                f"{self.url} did not answer ({type(error).__name__}): is trainingloop serve "
                "still running?"
            ) from error
        finally:
            connection.close()

    def _document(self, answer: _Answer) -> dict[str, object]:
        document = _object(answer.body)
        if answer.status == http.HTTPStatus.OK:
            return document
        error = document.get("error")
        details = cast("dict[str, object]", error) if isinstance(error, dict) else {}
        message = str(details.get("message", f"{self.url} answered {answer.status}"))
        raise _ERRORS.get(str(details.get("code")), RemoteStoreError)(message)


def _object(body: bytes) -> dict[str, object]:
    try:
        parsed: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        parsed = None
    return cast("dict[str, object]", parsed) if isinstance(parsed, dict) else {}


def _refusal(answer: _Answer) -> Exception:
    if answer.status == http.HTTPStatus.TOO_MANY_REQUESTS:
        return OverloadedError(
            "too much is waiting to be stored: send again later",
            retry_after_s=answer.retry_after_s,
        )
    if answer.status == http.HTTPStatus.SERVICE_UNAVAILABLE:
        return NotStoredError(
            "the store of the other process failed: send again later",
            retry_after_s=answer.retry_after_s,
        )
    return RemoteStoreError(f"the other process answered {answer.status} to a trace request")
