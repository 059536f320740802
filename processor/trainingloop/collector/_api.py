"""The JSON API: the store's reads for processes that do not own it, and the state of this one."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from importlib.metadata import version
from typing import TYPE_CHECKING, Final, cast

import orjson
from starlette.responses import Response
from starlette.routing import Route

from trainingloop.collector._tables import encodable, parameter, table_document
from trainingloop.collector.actions import tenant_of
from trainingloop.collector.errors import BadRequestError, NotFoundError, RefusedError
from trainingloop.instrumentation.errors import TrainingLoopError
from trainingloop.store.errors import StoreUnavailableError, UnknownReadError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from concurrent.futures import Executor
    from typing import TypeVar

    from starlette.requests import Request

    from trainingloop.collector._pipeline import Pipeline
    from trainingloop.collector.actions import Action, State

    Answer = TypeVar("Answer")

_MOST_BYTES: Final = 1024**2
_JSON: Final = "application/json"


class Api:
    """Answers ``/api/v1/``.

    Args:
        pipeline: whose store is read and whose counters are told.
        executor: runs the reads; each of its threads has a client of its own.
        ports: the ports this process listens on, by protocol, once they are known.
        actions: what else can be asked for, by its path under ``/api/v1/``.
        states: what other parts of this process tell of themselves, by the name health gives them.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        executor: Executor,
        ports: Callable[[], Mapping[str, int]],
        actions: Mapping[str, Action],
        states: Mapping[str, State],
    ) -> None:
        self._store = pipeline.store
        self._pipeline = pipeline
        self._executor = executor
        self._ports = ports
        self._actions = actions
        self._states = states

    def routes(self) -> list[Route]:
        """Return the routes of the API."""
        return [
            Route("/api/v1/health", self.health, methods=["GET"]),
            Route("/api/v1/tenants", self.tenants, methods=["GET"]),
            Route("/api/v1/reads/{name}", self.read, methods=["POST"]),
            *(
                Route(f"/api/v1/{path}", self._route_of(action), methods=["POST"])
                for path, action in self._actions.items()
            ),
        ]

    async def health(self, request: Request) -> Response:  # noqa: ARG002  # Starlette's signature
        """Tell whether decisions can be stored now, and what became of those so far."""
        try:
            await self._run(self._store.ping)
            is_reachable = True
        except StoreUnavailableError:
            is_reachable = False
        document = {
            "status": "ok" if is_reachable else "unavailable",
            "version": version("trainingloop"),
            "store": {"engine": self._store.address.engine, "is_reachable": is_reachable},
            "ports": dict(self._ports()),
            "counters": asdict(self._pipeline.counters()),
            **{name: state() for name, state in self._states.items()},
        }
        return _json(document, status=200 if is_reachable else 503)

    async def tenants(self, request: Request) -> Response:  # noqa: ARG002  # Starlette's signature
        """List who has recorded anything."""
        try:
            return _json({"tenants": await self._run(self._store.tenants)})
        except TrainingLoopError as error:
            return _error(error)

    async def read(self, request: Request) -> Response:
        """Answer one named read of one tenant."""
        try:
            body = await _object(request)
            reads = self._store.reads(tenant_of(body))
            parameters = _parameters(body)
            name = str(request.path_params["name"])
            table = await self._run(lambda: reads.table(name, parameters))
        except TrainingLoopError as error:
            return _error(error)
        return _json(table_document(table))

    def _route_of(self, action: Action) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                document = await _object(request)
                return _json(await self._run(lambda: action(document)))
            except TrainingLoopError as error:
                return _error(error)

        return answer

    async def _run(self, work: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)


async def _object(request: Request) -> dict[str, object]:
    if request.headers.get("content-type", "").partition(";")[0].strip() != _JSON:
        # A web page can send other types across origins without asking first.
        raise BadRequestError(f"a body of another type was sent: send {_JSON}")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise BadRequestError("the body is larger than 1 MiB: ask for less at once")
    try:
        parsed: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        parsed = None
    if not isinstance(parsed, dict):
        raise BadRequestError('a JSON object was expected: {"tenant": "…", "parameters": {…}}')
    return cast("dict[str, object]", parsed)


def _parameters(body: Mapping[str, object]) -> dict[str, object]:
    given = body.get("parameters", {})
    if not isinstance(given, dict):
        raise BadRequestError("'parameters' must be an object of the read's parameters by name")
    return {name: parameter(value) for name, value in cast("dict[str, object]", given).items()}


def _error(error: TrainingLoopError) -> Response:
    if isinstance(error, UnknownReadError):
        status, code = 404, "unknown_read"
    elif isinstance(error, NotFoundError):
        status, code = 404, "not_found"
    elif isinstance(error, StoreUnavailableError | RefusedError):
        status, code = 503, "store_unavailable"
    elif isinstance(error, BadRequestError):
        status, code = 400, "bad_request"
    else:
        status, code = 500, "failed"
    return _json({"error": {"code": code, "message": str(error)}}, status=status)


def _json(document: Mapping[str, object], *, status: int = 200) -> Response:
    body = orjson.dumps(document, default=encodable, option=orjson.OPT_NON_STR_KEYS)
    return Response(body, status_code=status, media_type=_JSON)
