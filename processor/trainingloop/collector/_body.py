"""Bodies of OTLP/HTTP: their types, their bounds, and the answers in the same type."""

from __future__ import annotations

import zlib
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from google.protobuf import json_format
from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from trainingloop.collector._otlp_json import parse_json
from trainingloop.collector.errors import (
    BodyTooLargeError,
    MalformedRequestError,
    UnsupportedBodyError,
)

if TYPE_CHECKING:
    from google.protobuf.message import Message

LIMIT_BYTES: Final = 64 * 1024**2
"""What OTLP recommends; it holds for the body as sent and for what it unpacks to."""
_GZIP_WINDOW: Final = 16 + zlib.MAX_WBITS


class BodyType(StrEnum):
    """A content type that is understood."""

    PROTOBUF = "application/x-protobuf"
    JSON = "application/json"


def body_type(content_type: str) -> BodyType:
    """Return the type a Content-Type header names.

    Raises:
        UnsupportedBodyError: it is neither of the two OTLP has.
    """
    name = content_type.partition(";")[0].strip().lower()
    try:
        return BodyType(name)
    except ValueError:
        raise UnsupportedBodyError(
            "this content type is not understood: send application/x-protobuf or application/json"
        ) from None


def check_encoding(content_encoding: str) -> str:
    """Return the encoding a Content-Encoding header names.

    Raises:
        UnsupportedBodyError: it is neither gzip nor none.
    """
    name = content_encoding.strip().lower()
    if name not in ("", "identity", "gzip"):
        raise UnsupportedBodyError("this content encoding is not understood: send gzip or none")
    return name


def too_large() -> BodyTooLargeError:
    """Return the error of a body above the limit."""
    return BodyTooLargeError(
        f"the body is larger than {LIMIT_BYTES // 1024**2} MiB, as sent or unpacked: "
        "send smaller batches"
    )


def unpack(body: bytes, encoding: str) -> bytes:
    """Return the body as it was before compression.

    Raises:
        BodyTooLargeError: it unpacks to more than the limit; unpacking stops there.
        MalformedRequestError: it is no gzip.
    """
    return _gunzip(body) if encoding == "gzip" else body


def _gunzip(body: bytes) -> bytes:
    unpacked: list[bytes] = []
    room, rest = LIMIT_BYTES, body
    while rest:
        member = zlib.decompressobj(_GZIP_WINDOW)
        try:
            unpacked.append(member.decompress(rest, room + 1))
        except zlib.error:
            raise MalformedRequestError("the body is no valid gzip") from None
        room -= len(unpacked[-1])
        if room < 0:
            raise too_large()
        if not member.eof:
            raise MalformedRequestError("the body is gzip that ends too early")
        rest = member.unused_data
    return b"".join(unpacked)


def parse(body: bytes, kind: BodyType) -> ExportTraceServiceRequest:
    """Return the request in ``body``.

    Raises:
        MalformedRequestError: the body is something else; the message quotes nothing of it.
    """
    try:
        if kind is BodyType.JSON:
            return parse_json(body)
        return ExportTraceServiceRequest.FromString(body)
    except (DecodeError, ValueError):
        raise MalformedRequestError(
            f"the body is no valid OTLP trace request in {kind.value}"
        ) from None


def encode(message: Message, kind: BodyType) -> bytes:
    """Return an answer in the type of the request."""
    if kind is BodyType.JSON:
        return json_format.MessageToJson(message, indent=None).encode()
    return message.SerializeToString()
