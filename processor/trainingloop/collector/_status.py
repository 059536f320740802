"""Errors as OTLP tells them: google.rpc.Status, and RetryInfo in gRPC trailers."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, cast

from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.duration_pb2 import Duration

# googleapis-common-protos ships stubs without the marker that says so.
from google.rpc.error_details_pb2 import (  # type: ignore[import-untyped]  # see above
    RetryInfo,
)
from google.rpc.status_pb2 import (  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]  # see above
    Status,
)

if TYPE_CHECKING:
    from google.protobuf.message import Message


class Code(IntEnum):
    """The codes of google.rpc.Code that are answered here."""

    INVALID_ARGUMENT = 3
    RESOURCE_EXHAUSTED = 8
    UNIMPLEMENTED = 12
    INTERNAL = 13
    UNAVAILABLE = 14


def status_message(code: Code, message: str) -> Message:
    """Return the body of an error answer."""
    return cast("Message", Status(code=code, message=message))


def retry_trailers(code: Code, message: str, retry_after_s: int) -> tuple[tuple[str, bytes], ...]:
    """Say when to retry in both trailers there are: senders read one or the other."""
    retry = cast("Message", RetryInfo(retry_delay=Duration(seconds=retry_after_s)))
    details = AnyMessage()
    details.Pack(retry)
    status = cast("Message", Status(code=code, message=message, details=[details]))
    return (
        ("google.rpc.retryinfo-bin", retry.SerializeToString()),
        ("grpc-status-details-bin", status.SerializeToString()),
    )
