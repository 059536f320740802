"""The openai client as a replay uses it: one endpoint, its pinned addresses, bounded answers."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Final

import certifi
import httpx2
import openai

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from trainingloop.replay._wire import Opening

MOST_BYTES: Final = 16 * 1024 * 1024
"""Of one answer; the longest answers of today's models are well below one MiB."""


class BadBodyError(Exception):
    """An answer's body that is not read to its end; the message says what is wrong with it."""


def client_for(opening: Opening) -> openai.AsyncOpenAI:
    """Return a client that tries once, follows nothing, and knows no proxy.

    Args:
        opening: the endpoint, its key and addresses.
    """
    http = httpx2.AsyncClient(
        transport=_Pinned(opening),
        # The time of an attempt as a whole is bounded where it is made.
        timeout=httpx2.Timeout(opening.timeout_s),
        follow_redirects=False,
        trust_env=False,
        # Compressed, a small answer could become a huge one.
        headers={"accept-encoding": "identity"},
    )
    return openai.AsyncOpenAI(
        api_key=opening.key, base_url=opening.base_url, max_retries=0, http_client=http
    )


class _Pinned(httpx2.AsyncBaseTransport):
    """Connects to the addresses the parent resolved, one after the other until one answers."""

    def __init__(self, opening: Opening) -> None:
        self._hosts = tuple(dict.fromkeys(host for host, _port in opening.peers))
        self._connections = httpx2.AsyncHTTPTransport(
            verify=_trusted(),
            trust_env=False,
            limits=httpx2.Limits(
                max_connections=opening.concurrency,
                max_keepalive_connections=opening.concurrency,
            ),
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send it, with the name it was made for in its header and in TLS."""
        name = request.url.host
        request.extensions = {**request.extensions, "sni_hostname": name}
        *others, last = self._hosts
        for host in others:
            try:
                return await self._sent(request, host)
            except httpx2.ConnectError:
                continue
        return await self._sent(request, last)

    async def _sent(self, request: httpx2.Request, host: str) -> httpx2.Response:
        request.url = request.url.copy_with(host=host)
        response = await self._connections.handle_async_request(request)
        encoding = response.headers.get("content-encoding", "identity")
        if encoding.strip().lower() != "identity":
            await response.aclose()
            raise BadBodyError("it is compressed, though the request said not to")
        if isinstance(response.stream, httpx2.AsyncByteStream):
            response.stream = _Bounded(response.stream)
        return response

    async def aclose(self) -> None:
        """Close every connection."""
        await self._connections.aclose()


class _Bounded(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        seen_bytes = 0
        async for piece in self._stream:
            seen_bytes += len(piece)
            if seen_bytes > MOST_BYTES:
                raise BadBodyError("it is longer than any answer")
            yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()


def _trusted() -> ssl.SSLContext:
    """Return whom the machine trusts, or ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` if they are set."""
    paths = ssl.get_default_verify_paths()
    if not (paths.cafile or paths.capath):
        return ssl.create_default_context(cafile=certifi.where())
    return ssl.create_default_context()
