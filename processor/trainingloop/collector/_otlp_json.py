"""OTLP/JSON as the protobuf message it stands for."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final, cast

import orjson
from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

_ID_FIELDS: Final = ("traceId", "spanId", "parentSpanId")


def parse_json(body: bytes) -> ExportTraceServiceRequest:
    """Return the request in ``body``; fields it should not have are ignored, as OTLP asks.

    Raises:
        ValueError: the body is no JSON, or no OTLP.
    """
    parsed: object = orjson.loads(body)
    if not isinstance(parsed, dict):
        raise ValueError("a JSON object was expected")  # noqa: TRY004  # one error for all bad bodies
    document = cast("dict[str, object]", parsed)
    for carrier in _carriers_of_ids(document):
        _encode_ids(carrier)
    request = ExportTraceServiceRequest()
    try:
        json_format.ParseDict(document, request, ignore_unknown_fields=True)
    except (json_format.ParseError, TypeError, AttributeError) as error:
        raise ValueError("the JSON object is no trace request") from error
    return request


def _carriers_of_ids(document: dict[str, object]) -> Iterator[dict[str, object]]:
    """Yield the spans and links, as far as the document has the shape for them."""
    for resource_spans in _objects(document, "resourceSpans"):
        for scope_spans in _objects(resource_spans, "scopeSpans"):
            for span in _objects(scope_spans, "spans"):
                yield span
                yield from _objects(span, "links")


def _objects(parent: dict[str, object], field: str) -> Iterator[dict[str, object]]:
    children = parent.get(field)
    if isinstance(children, list):
        for child in cast("list[object]", children):
            if isinstance(child, dict):
                yield cast("dict[str, object]", child)


def _encode_ids(carrier: dict[str, object]) -> None:
    """Write the ids in base64, which protobuf expects of JSON; OTLP has them in hex."""
    for field in _ID_FIELDS:
        given = carrier.get(field)
        if isinstance(given, str):
            try:
                carrier[field] = base64.b64encode(bytes.fromhex(given)).decode()
            except ValueError:
                # An empty id: the span is rejected by itself, and its batch is not.
                carrier[field] = ""
