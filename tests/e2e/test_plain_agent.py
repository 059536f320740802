"""The whole line: an agent without a line of ours, recorded over OTLP into the store."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.openai_server import Call, Reply, openai_server
from support.serving import ServeProcess
from support.spans import EVERYTHING
from trainingloop.collector.remote import RemoteStore

if TYPE_CHECKING:
    from trainingloop.collector.remote import RemoteReads

_ROOT = Path(__file__).parents[2]
_PHONE = "+1 415 555 0100"
_REPLIES = (
    Reply(tool_calls=(Call("find_table", {"day": "Friday", "guests": 2}),)),
    Reply(tool_calls=(Call("book_table", {"table": "T4", "phone": _PHONE}),)),
    Reply("Table T4 is booked for you."),
)


def _record(endpoint: str, base_url: str, folder: Path) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("OTEL_")},
        "OPENAI_BASE_URL": base_url,
        "OPENAI_API_KEY": "unused",
        "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint,
        "OTEL_SERVICE_NAME": "plain-agent",
        "TRAININGLOOP_CODE_VERSION": "v1.4.2",
        "TRAININGLOOP_DATA_DIR": str(folder / "data"),
    }
    launcher = Path(sys.executable).with_name("opentelemetry-instrument")
    subprocess.run(
        [launcher, sys.executable, "examples/plain_agent.py"],
        cwd=_ROOT,
        env=environment,
        check=True,
        timeout=120,
        capture_output=True,
    )


def _decisions(reads: RemoteReads) -> list[dict[str, object]]:
    page = reads.table("export_decisions", _page_from_the_beginning())
    return list(page.records())


def _page_from_the_beginning() -> dict[str, object]:
    return {**EVERYTHING, "limit": 100, "after_at": EVERYTHING["since"], "after": ""}


@pytest.mark.slow
def test_a_plain_agents_decisions_are_stored_redacted(tmp_path: Path) -> None:
    """Its three turns are decisions with model, prompt hash and code version, without the phone."""
    with ServeProcess(tmp_path) as process, openai_server(*_REPLIES) as server:
        assert process.served is not None, process.log()
        _record(process.served.otlp_http_url, server.base_url, tmp_path)
        reads = RemoteStore(process.served.otlp_http_url).reads("default")

        decisions = _decisions(reads)

    assert [record["decision_kind"] for record in decisions] == [
        "tool_call",
        "tool_call",
        "message",
    ]
    assert {record["code_version"] for record in decisions} == {"v1.4.2"}
    assert {record["request_model"] for record in decisions} == {"gpt-4o-mini"}
    assert len({record["prompt_hash"] for record in decisions} - {""}) == 1
    assert {record["redaction_status"] for record in decisions} == {"ok"}
    assert _PHONE not in str(decisions)
    assert "kim@example.com" not in str(decisions)
    assert "<PHONE_" in str(decisions)
