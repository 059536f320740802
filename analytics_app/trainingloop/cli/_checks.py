"""What ``doctor`` looks at in this installation, but for a recorded call."""

from __future__ import annotations

import http.client
import json
import platform
import stat
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, Literal

from trainingloop.cli._ports import is_free
from trainingloop.cli._serve import DASHBOARD_PORT, GRPC_PORT, HTTP_PORT
from trainingloop.instrumentation import environment
from trainingloop.instrumentation.errors import TrainingLoopError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HOST: Final = "127.0.0.1"
_TIMEOUT_S: Final = 2
_EXTRAS: Final = {
    "clickhouse_connect": "trainingloop[server]",
    "grpc": "trainingloop[server]",
    "streamlit": "trainingloop[server]",
    "pyarrow": "trainingloop[server]",
    "presidio_analyzer": "trainingloop[server]",
    "openai": "trainingloop[server]",
    "chdb": "trainingloop[local]",
}
_OLDEST_PYTHON: Final = (3, 11)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What one look found."""

    name: str
    state: Literal["ok", "warn", "fail"]
    found: str
    advice: str = ""
    """What to do about it."""


def check_python() -> Check:
    """Look at the interpreter."""
    found = platform.python_version()
    if sys.version_info < _OLDEST_PYTHON:
        return Check(name="python", state="fail", found=found, advice="use Python 3.11 or newer")
    return Check(name="python", state="ok", found=found)


def check_extras() -> Iterator[Check]:
    """Look for the libraries that only some roles need."""
    missing = {name: extra for name, extra in _EXTRAS.items() if find_spec(name) is None}
    if not missing:
        yield Check(name="extras", state="ok", found="all installed")
    for name, extra in missing.items():
        yield Check(
            name="extras",
            state="warn",
            found=f"{name} is not installed",
            advice=f"pip install '{extra}', if this machine stores or shows decisions",
        )


def check_key() -> Check:
    """Look at the secrets behind tokens and pseudonyms."""
    from trainingloop.instrumentation.keys import load_keyring  # start-up time

    try:
        load_keyring()
        if environment.read(environment.REDACTION_KEY):
            return Check(name="key", state="ok", found=f"from {environment.REDACTION_KEY}")
        return _key_file(environment.redaction_key_file())
    except TrainingLoopError as error:
        return Check(name="key", state="fail", found="unusable", advice=str(error))


def _key_file(path: Path) -> Check:
    if not path.is_file():
        return Check(
            name="key",
            state="warn",
            found="no key file can be written: each process has a key of its own",
            advice=f"set {environment.REDACTION_KEY_FILE} to a file this user can write",
        )
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return Check(
            name="key",
            state="warn",
            found=f"{path} can be read by others",
            advice=f"chmod 600 {path}",
        )
    return Check(name="key", state="ok", found=str(path))


def check_ports() -> Iterator[Check]:
    """Look whether ``serve`` could listen, or does."""
    health = _health()
    ports = {"dashboard": DASHBOARD_PORT, "OTLP/HTTP": HTTP_PORT, "OTLP/gRPC": GRPC_PORT}
    for name, port in ports.items():
        if is_free(_HOST, port):
            yield Check(name=f"port {port}", state="ok", found=f"free for {name}")
        elif health is not None:
            yield Check(name=f"port {port}", state="ok", found="a trainingloop serve is running")
        else:
            yield Check(
                name=f"port {port}",
                state="warn",
                found=f"taken by another program, {name} wants it",
                advice="end that program, or start serve with other ports",
            )


def _health() -> object:
    connection = http.client.HTTPConnection(_HOST, HTTP_PORT, timeout=_TIMEOUT_S)
    try:
        connection.request("GET", "/api/v1/health")
        answer: object = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return answer if isinstance(answer, dict) and "version" in answer else None  # pyright: ignore[reportUnknownVariableType]  # only its being there counts


def check_store(dsn: str) -> Check:
    """Open the store, which also brings it to the schema of this version."""
    from trainingloop.cli._workspace import open_workspace  # heavy

    try:
        with open_workspace(dsn, may_create=True) as workspace:
            tenants = len(workspace.tenants())
    except (TrainingLoopError, ImportError) as error:
        return Check(name="store", state="fail", found="cannot be opened", advice=str(error))
    return Check(name="store", state="ok", found=f"opens, {tenants} tenants in it")


def check_redaction() -> Check:
    """Start the redaction, which looks for an invented value of each kind first."""
    from trainingloop.processor import Redactor  # heavy
    from trainingloop.processor.policy import Category, ContentAction

    try:
        redactor = Redactor()
    except TrainingLoopError as error:
        return Check(name="redaction", state="fail", found="must not be used", advice=str(error))
    policy = redactor.policy
    names = "without a model for names" if policy.names == "off" else f"names by {policy.names}"
    found = f"invented values are found, {names}, policy {policy.fingerprint}"
    captured = sorted(
        c.value for c in Category if policy.content_action(c) is ContentAction.CAPTURE
    )
    if captured:
        return Check(
            name="redaction",
            state="warn",
            found=f"{found}; stored as it is: {', '.join(captured)}",
            advice="make sure that nobody's data can be in there",
        )
    return Check(name="redaction", state="ok", found=found)
