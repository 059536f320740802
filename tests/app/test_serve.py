"""One process that receives, stores and shows, from its start to its end."""

from __future__ import annotations

import json
import signal
import socket
import time
import urllib.request
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from support.otlp import chat_attributes, otlp_span, request_of
from support.serving import ServeProcess
from support.spans import EVERYTHING
from trainingloop.analytics_app import serve
from trainingloop.analytics_app.errors import DashboardPortError
from trainingloop.store import open_store
from trainingloop.store.errors import StoreInUseError
from trainingloop.store.owner import read_owner

if TYPE_CHECKING:
    from pathlib import Path


def _send(process: ServeProcess) -> int:
    assert process.served is not None
    body = request_of(otlp_span(chat_attributes(), number=1)).SerializeToString()
    request = urllib.request.Request(
        process.served.otlp_http_url + "/v1/traces",
        data=body,
        headers={"content-type": "application/x-protobuf"},
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        return int(response.status)


def test_the_dashboard_answers_and_stays_on_this_machine(tmp_path: Path) -> None:
    """Health and page are there; another host name is refused, or DNS rebinding could read it."""
    with ServeProcess(tmp_path) as process:
        assert process.answer("/_stcore/health") == 200
        assert process.answer("/") == 200
        assert process.answer("/decisions?kind=message") == 200
        assert process.answer("/", Host="rebound.example.com") == 400
        assert process.url.startswith("http://127.0.0.1:")


def test_others_can_find_out_where_it_answers(tmp_path: Path) -> None:
    """The card in the store's directory names the JSON API, until the process ends."""
    with ServeProcess(tmp_path) as process:
        owner = read_owner(tmp_path / "store")

        assert process.served is not None
        assert owner is not None
        assert owner.url == process.served.otlp_http_url
        assert process.served.store == f"chdb://{tmp_path / 'store'}"
    assert read_owner(tmp_path / "store") is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly_on_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    """What it acknowledged is in the store, and the store opens again."""
    with ServeProcess(tmp_path) as process:
        status = _send(process)

        code = process.stop(number)

        assert (status, code) == (200, 0)
        assert "Traceback" not in process.log()
    with open_store(f"chdb://{tmp_path / 'store'}") as store:
        ((count,),) = store.reads("default").table("decision_count", EVERYTHING).rows
        assert count == 1


def test_outcomes_follow_what_came_in(tmp_path: Path) -> None:
    """Nobody asks for them, and health tells how far they are."""
    with ServeProcess(tmp_path) as process:
        _send(process)
        sent_at = datetime.now(UTC)

        deadline = time.monotonic() + 60
        while (swept := _outcomes_state(process)["last_sweep_at"]) is None or (
            datetime.fromisoformat(str(swept)) <= sent_at
        ):
            assert time.monotonic() < deadline, process.log()
            time.sleep(0.1)

    with open_store(f"chdb://{tmp_path / 'store'}") as store:
        table = store.execute("SELECT uniqExact(rule_id) FROM decision_outcomes", {})
        assert table.rows == ((3,),)


def _outcomes_state(process: ServeProcess) -> dict[str, object]:
    assert process.served is not None
    url = process.served.otlp_http_url + "/api/v1/health"
    with urllib.request.urlopen(url, timeout=30) as response:
        state: dict[str, object] = json.load(response)["outcomes"]
        return state


def test_a_busy_port_is_named_with_its_option(tmp_path: Path) -> None:
    """Before the store is touched."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])

        with pytest.raises(DashboardPortError, match=f"{port}.*--port"):
            serve(dsn=f"chdb://{tmp_path / 'store'}", port=port)

    assert not (tmp_path / "store").exists()


def test_an_address_of_another_machine_is_refused(tmp_path: Path) -> None:
    """With the option to change."""
    with pytest.raises(DashboardPortError, match="--host"):
        serve(dsn=f"chdb://{tmp_path / 'store'}", host="192.0.2.1", port=0)


def test_a_store_in_use_is_told_with_its_owner(tmp_path: Path) -> None:
    """The second serve on one directory says who has it, and the first goes on."""
    with ServeProcess(tmp_path) as process:
        with pytest.raises(StoreInUseError, match="in use by process"):
            serve(dsn=f"chdb://{tmp_path / 'store'}", port=0, otlp_http_port=0, otlp_grpc_port=0)

        assert process.answer("/_stcore/health") == 200
