"""``opentelemetry-instrument`` on an agent that has not one line of ours."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.instrumentation.distro import (  # type: ignore[attr-defined]  # ignored inside
    BaseDistro,
)

from support.openai_server import Call, Reply, openai_server
from support.otlp_sink import OtlpSink, otlp_sink
from trainingloop.instrumentation import semconv
from trainingloop.instrumentation.distro import TrainingLoopConfigurator, TrainingLoopDistro

_ROOT = Path(__file__).parents[2]
_AGENT = _ROOT / "examples" / "plain_agent.py"
_REPLIES = (
    Reply(tool_calls=(Call("find_table", {"day": "Friday", "guests": 2}),)),
    Reply(tool_calls=(Call("book_table", {"table": "T4", "phone": "+1 415 555 0100"}),)),
    Reply("Table T4 is booked for you."),
)
_DEPLOYED = {"OTEL_RESOURCE_ATTRIBUTES": f"vcs.ref.head.revision={'ab' * 20}"}
_STAND_IN = '''
"""Redaction for a test: hides two known values and exports at once."""
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor


def _clean(value):
    if not isinstance(value, str):
        return value
    return value.replace("+1 415 555 0100", "<PHONE_aaaabbbb>").replace(
        "kim@example.com", "<EMAIL_aaaabbbb>"
    )


class _Redacting(SimpleSpanProcessor):
    def on_end(self, span):
        super().on_end(
            ReadableSpan(
                name=span.name, context=span.context, parent=span.parent, resource=span.resource,
                attributes={key: _clean(value) for key, value in span.attributes.items()},
                kind=span.kind, status=span.status, start_time=span.start_time,
                end_time=span.end_time, instrumentation_scope=span.instrumentation_scope,
            )
        )


def spans(exporter):
    return _Redacting(exporter)
'''


def _stand_in(directory: Path) -> Path:
    """A package whose entry point comes before the installed one."""
    described = directory / "standin-1.dist-info"
    described.mkdir()
    (directory / "standin.py").write_text(_STAND_IN)
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: standin\nVersion: 1\n")
    (described / "entry_points.txt").write_text("[trainingloop_redaction]\nspans = standin:spans\n")
    return directory


def _run_agent(base_url: str, sink: OtlpSink, home: Path, **more: str) -> str:
    inherited = {
        key: value for key, value in os.environ.items() if not key.startswith(("OTEL_", "TRAIN"))
    }
    environment = {
        **inherited,
        "OPENAI_BASE_URL": base_url,
        "OPENAI_API_KEY": "unused",
        "OTEL_EXPORTER_OTLP_ENDPOINT": sink.endpoint,
        "OTEL_SERVICE_NAME": "plain-agent",
        "TRAININGLOOP_DATA_DIR": str(home / "data"),
        "PYTHONPATH": str(home),
        **more,
    }
    launcher = Path(sys.executable).with_name("opentelemetry-instrument")
    finished = subprocess.run(
        [launcher, sys.executable, str(_AGENT)],
        env=environment,
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert finished.returncode == 0, finished.stderr
    assert "Table T4 is booked for you." in finished.stdout
    return finished.stderr


def test_an_unmodified_agent_is_recorded(tmp_path: Path) -> None:
    """Its three model turns arrive redacted, with models, parameters and code version."""
    home = _stand_in(tmp_path)

    with openai_server(*_REPLIES) as server, otlp_sink() as sink:
        stderr = _run_agent(server.base_url, sink, home, TRAININGLOOP_TENANT="acme", **_DEPLOYED)

    turns = sink.spans
    assert stderr == ""
    assert [turn.name for turn in turns] == ["chat gpt-4o-mini"] * 3
    assert sink.encodings == {"gzip"}
    assert sink.content_types == {"application/x-protobuf"}
    for turn in turns:
        assert turn.attributes[semconv.SOURCE] == "sdk"
        assert turn.attributes[semconv.TENANT_ID] == "acme"
        assert turn.attributes[semconv.RESPONSE_MODEL] == "gpt-4o-mini-2024-07-18"
        assert turn.attributes[semconv.REQUEST_PARAMS] == '{"tool_choice":"auto"}'
        assert turn.attributes[semconv.CODE_VERSION] == "abababababab"
        assert turn.resource[semconv.SERVICE_NAME] == "plain-agent"
        assert turn.resource[semconv.VCS_REVISION] == "ab" * 20
        assert turn.resource[semconv.SERVICE_INSTANCE_ID]
        assert "<EMAIL_aaaabbbb>" in str(turn.attributes[semconv.INPUT_MESSAGES])
    assert not [body for body in sink.bodies if b"kim@example.com" in body]


def test_the_real_redaction_is_found_and_used(tmp_path: Path) -> None:
    """With the processor of this package no personal data is in what is sent."""
    with openai_server(*_REPLIES) as server, otlp_sink() as sink:
        stderr = _run_agent(server.base_url, sink, tmp_path)

    sent = b"".join(sink.bodies)
    assert stderr == ""
    assert len(sink.spans) == 3
    assert b"kim@example.com" not in sent
    assert b"555 0100" not in sent
    assert {turn.attributes[semconv.REDACTION_STATUS] for turn in sink.spans} == {"ok"}
    assert [turn.attributes[semconv.DECISION_KIND] for turn in sink.spans] == [
        "tool_call",
        "tool_call",
        "message",
    ]
    assert len({turn.attributes[semconv.PROMPT_HASH] for turn in sink.spans}) == 1


def test_an_agent_without_redaction_sends_nothing_and_works(tmp_path: Path) -> None:
    """A redaction that cannot be loaded costs the record, not the agent."""
    home = _stand_in(tmp_path)
    (home / "standin.py").write_text("raise ImportError('broken on purpose')")

    with openai_server(*_REPLIES) as server, otlp_sink() as sink:
        stderr = _run_agent(server.base_url, sink, home)

    assert sink.bodies == []
    assert "No spans will be exported" in stderr
    assert "trainingloop lost 3 of 3 recorded spans" in stderr


def test_a_configuration_file_is_refused(tmp_path: Path) -> None:
    """Its exporters would get unredacted spans; the agent runs unrecorded, with a warning."""
    home = _stand_in(tmp_path)

    with openai_server(*_REPLIES) as server, otlp_sink() as sink:
        stderr = _run_agent(server.base_url, sink, home, OTEL_CONFIG_FILE="otel.yaml")

    assert sink.bodies == []
    assert "nothing is recorded" in stderr


class _Loaded:
    """Stands for an entry point and remembers whether it was loaded."""

    def __init__(self, name: str, value: str) -> None:
        self.name = name
        self.value = value
        self.is_loaded = False

    def load(self) -> Any:
        """What an entry point of an instrumentation gives."""
        self.is_loaded = True
        return _Instrumentor


class _Instrumentor:
    def instrument(self, **kwargs: object) -> None:
        """Instrument nothing."""


@pytest.mark.parametrize(
    ("name", "value", "is_loaded"),
    [
        ("openai", "opentelemetry.instrumentation.openai_v2:OpenAIInstrumentor", False),
        ("openai", "opentelemetry.instrumentation.openai:OpenAIInstrumentor", False),
        ("sqlite3", "opentelemetry.instrumentation.sqlite3:SQLite3Instrumentor", True),
    ],
)
def test_openai_is_instrumented_only_once(name: str, value: str, *, is_loaded: bool) -> None:
    """Other instrumentations of openai are passed over; those of other libraries are loaded."""
    entry_point = _Loaded(name, value)

    distro: Any = TrainingLoopDistro()
    distro.load_instrumentor(entry_point)

    assert entry_point.is_loaded is is_loaded


def test_the_entry_points_name_our_classes() -> None:
    """What the package declares can be loaded and is what OpenTelemetry expects."""
    assert issubclass(TrainingLoopDistro, BaseDistro)
    assert hasattr(TrainingLoopConfigurator, "configure")
