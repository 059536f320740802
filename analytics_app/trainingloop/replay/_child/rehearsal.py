"""Loads, before the seal, everything that asking takes: by asking once, of nobody."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

import httpx2
import openai

from trainingloop.replay._child.calls import Caller
from trainingloop.replay._child.pauses import Pause

if TYPE_CHECKING:
    from trainingloop.replay._wire import Opening

# What only a connection over a network loads.
_ON_THE_NETWORK: Final = ("anyio._backends._asyncio", "encodings.idna", "email.utils", "zlib")
_CHAT: Final = {"model": "none", "messages": ()}
_RESPONSE: Final = {"model": "none", "input": ""}
_MODERATION: Final = {"input": ""}


async def rehearse(opening: Opening) -> None:
    """Ask each kind of question of a stand-in without a network; what it answers is dropped."""
    for name in _ON_THE_NETWORK:
        importlib.import_module(name)
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(_refuse))
    client = openai.AsyncOpenAI(
        api_key="none", base_url=opening.base_url, max_retries=0, http_client=http
    )
    caller = Caller(opening, client, Pause(lambda: 0.0, lambda _seconds: None))
    await caller.answer("1", "answer", _RESPONSE if opening.api == "responses" else _CHAT)
    await caller.answer("2", "moderation", _MODERATION)
    await client.close()


def _refuse(_request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(400, json={"error": {"message": "", "code": "rehearsal"}})
