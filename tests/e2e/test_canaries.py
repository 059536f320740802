"""Personal data in every hiding place, sent raw to a real ``serve``: it is nowhere afterwards."""

from __future__ import annotations

import base64
import http.client
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import grpc
import pytest
from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from support.hiding_places import Planter, plant, refused_bodies
from support.planted import readings
from support.serving import ServeProcess
from support.spans import EVERYTHING
from trainingloop.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from support.planted import Planted

_EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
_TABLES = ("otel_traces", "decisions", "tool_executions", "conversation_events")
_TENANTS = ("acme", "other", "third")
_ID_FIELDS = ("traceId", "spanId", "parentSpanId")

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """Everything ``serve`` left behind, by where it was found."""

    folder: Path
    planted: list[Planted]
    texts: Mapping[str, str]


def _post(url: str, path: str, body: bytes, content_type: str) -> tuple[int, str]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    connection.request("POST", path, body=body, headers={"Content-Type": content_type})
    answer = connection.getresponse()
    text = f"{answer.getheaders()} {answer.read()!r}"
    connection.close()
    return answer.status, text


def _otlp_json(request: ExportTraceServiceRequest) -> bytes:
    document = json_format.MessageToDict(request)
    spans = document["resourceSpans"][0]["scopeSpans"][0]["spans"]
    for carrier in [*spans, *(link for span in spans for link in span.get("links", []))]:
        for field in _ID_FIELDS:
            if field in carrier:
                carrier[field] = base64.b64decode(carrier[field]).hex()
    return json.dumps(document).encode()


def _by_grpc(url: str, body: bytes) -> str:
    with cast("Any", grpc).insecure_channel(url.removeprefix("http://")) as channel:
        call = channel.unary_unary(_EXPORT, request_serializer=None, response_deserializer=None)
        try:
            return repr(call(body, timeout=60))
        except grpc.RpcError as error:
            refused = cast("Any", error)
            return f"{refused.details()} {refused.trailing_metadata()}"


def _request(tenant: str, origin: str, first: int) -> tuple[ExportTraceServiceRequest, Planter]:
    request, at = ExportTraceServiceRequest(), Planter(origin, first=first)
    plant(request, at)
    resource = request.resource_spans[0].resource
    resource.attributes.add(key="trainingloop.tenant.id").value.string_value = tenant
    return request, at


def _send_everything(http_url: str, grpc_url: str) -> tuple[list[Planted], dict[str, str]]:
    """Send all there is in all three ways; return who was planted, and all answers."""
    protobuf, in_protobuf = _request(_TENANTS[0], "protobuf", 0)
    in_json, planted_in_json = _request(_TENANTS[1], "JSON", 200)
    by_grpc, in_grpc = _request(_TENANTS[2], "gRPC", 400)
    refused = Planter("refused", first=600)
    answers = [
        _post(http_url, "/v1/traces", protobuf.SerializeToString(), "application/x-protobuf"),
        _post(http_url, "/v1/traces", _otlp_json(in_json), "application/json"),
    ]
    assert [status for status, _ in answers] == [200, 200]
    accepted = _by_grpc(grpc_url, by_grpc.SerializeToString())
    texts = {"answers": f"{answers} {accepted}"}
    for kind, body in refused_bodies(refused).items():
        status, text = _post(http_url, "/v1/traces", body, kind)
        assert status in (400, 415)
        texts[f"refusal of {kind}"] = text
    texts["refusal by gRPC"] = _by_grpc(grpc_url, b"\xff" + refused("gRPC").text.encode())
    planted = in_protobuf.planted + planted_in_json.planted + in_grpc.planted + refused.planted
    return planted, texts


def _reads(http_url: str) -> str:
    """Return what the JSON API tells of all tenants' decisions."""
    page = {"limit": 500, "after_at": EVERYTHING["since"], "after": ""}
    texts: list[str] = []
    for tenant in _TENANTS:
        body = json.dumps(
            {"tenant": tenant, "parameters": {**EVERYTHING, **page}}, default=datetime.isoformat
        )
        status, text = _post(
            http_url, "/api/v1/reads/export_decisions", body.encode(), "application/json"
        )
        assert status == 200, text
        texts.append(text)
    return "\n".join(texts)


def _exported(folder: Path) -> str:
    finished = subprocess.run(
        [
            sys.executable,
            "-m",
            "trainingloop.cli",
            "export",
            "--store",
            f"chdb://{folder / 'store'}",
        ],
        env={**os.environ, "TRAININGLOOP_DATA_DIR": str(folder / "data")},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    for line in finished.stdout.splitlines():
        json.loads(line)
    return finished.stdout + finished.stderr


def _stored(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each column of each table, also those that are computed."""
    with open_store(f"chdb://{folder / 'store'}") as store:
        for table in _TABLES:
            found = store._connection.query(
                f"SELECT * FROM {table} "
                "SETTINGS asterisk_include_materialized_columns = 1, final = 0",
                {},
            )
            for index, column in enumerate(found.columns):
                yield f"{table}.{column}", "\n".join(str(row[index]) for row in found.rows)


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    """All that is left after everything was sent, and ``serve`` was stopped."""
    folder = tmp_path_factory.mktemp("serve")
    (folder / "tmp").mkdir()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TMPDIR", str(folder / "tmp"))
        serving = ServeProcess(folder)
    with serving:
        assert serving.served is not None, serving.log()
        http_url, grpc_url = serving.served.otlp_http_url, serving.served.otlp_grpc_url
        planted, texts = _send_everything(http_url, grpc_url)
        texts["export"] = _exported(folder)
        texts["API"] = _reads(http_url)
        assert serving.stop(signal.SIGTERM) == 0
        texts["log"] = serving.log()
    texts.update(_stored(folder))
    return Aftermath(folder=folder, planted=planted, texts=texts)


def test_no_personal_data_is_found_in_anything_that_can_be_read(aftermath: Aftermath) -> None:
    """Export, API, answers, logs and every column of every table; also what is encoded there."""
    found = [
        f"{kind} of [{person.place}] in {where}"
        for where, text in aftermath.texts.items()
        for reading in readings(text)
        for person in aftermath.planted
        for kind in person.found_in(reading)
    ]

    assert sorted(set(found)) == []


def test_no_personal_data_is_found_in_any_file(aftermath: Aftermath) -> None:
    """The engine's files, what serve wrote beside them, and its temporary files."""
    found = [
        f"{kind} of [{person.place}] in {path.relative_to(aftermath.folder)}"
        for path in aftermath.folder.rglob("*")
        if path.is_file()
        for text in (path.read_bytes().decode("latin-1"),)
        for person in aftermath.planted
        for kind in person.found_in(text)
    ]

    assert sorted(found) == []


def test_what_is_planted_would_be_found(aftermath: Aftermath) -> None:
    """In clear and as the engine or a sender may encode it: the search itself is sound."""
    for person in aftermath.planted:
        encoded = base64.b64encode(person.text.encode()).decode()

        assert len(person.found_in(person.text)) == 9, person.text
        assert any(len(person.found_in(text)) == 9 for text in readings(encoded))


def test_everything_was_stored_that_can_be(aftermath: Aftermath) -> None:
    """That nothing was found is not because nothing is there."""
    spans = aftermath.texts["otel_traces.SpanId"].splitlines()
    redacted = aftermath.texts["otel_traces.SpanAttributes"]

    assert len(spans) == 10 * len(_TENANTS)
    assert aftermath.texts["decisions.tenant_id"].count("acme") == 8
    assert all(f"<{kind}" in redacted for kind in ("EMAIL", "PHONE", "CARD", "IBAN", "SSN"))


def test_json_stays_json(aftermath: Aftermath) -> None:
    """Also where personal data was taken out of JSON within JSON."""
    for column in ("input_messages", "output_messages"):
        for text in aftermath.texts[f"decisions.{column}"].splitlines():
            assert isinstance(json.loads(text or "[]"), list)
