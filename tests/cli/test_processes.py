"""The command as a process of its own: beside a running ``serve``, and around the demo."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from support.transcripts import assistant, user

if TYPE_CHECKING:
    from collections.abc import Generator

_START_S = 90
_STOP_S = 30
_RUN_S = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """Runs the command in processes that share one data directory."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the user's own set-up."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith("TRAININGLOOP")
        }
        return {**kept, "TRAININGLOOP_DATA_DIR": str(self.folder / "home")}

    def run(self, *arguments: str, output: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run the command to its end; its standard output goes to a file if one is given."""
        with output.open("w") if output else nullcontext(subprocess.PIPE) as standard_output:
            return subprocess.run(
                [sys.executable, "-m", "trainingloop.cli", *arguments],
                env=self.environment,
                stdout=standard_output,
                stderr=subprocess.PIPE,
                text=True,
                timeout=_RUN_S,
                check=False,
            )

    @contextmanager
    def serving(self, *arguments: str) -> Generator[dict[str, str]]:
        """Run a command that serves; yield what it printed, by its first words."""
        process = subprocess.Popen(
            [sys.executable, "-m", "trainingloop.cli", *arguments],
            env={**self.environment, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            yield _printed(process)
            process.send_signal(signal.SIGINT)
            assert process.wait(_STOP_S) == 0
        finally:
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()


def _printed(process: subprocess.Popen[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    deadline = time.monotonic() + _START_S
    for line in process.stdout or ():
        found[line.split()[0]] = line.rstrip().partition(" ")[2].strip()
        if line.startswith("Ctrl-C"):
            return found
        assert time.monotonic() < deadline, found
    raise AssertionError(found)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A shell with a data directory of the test."""
    return Shell(folder=tmp_path)


ANY_PORTS = ("--port", "0", "--otlp-http-port", "0", "--otlp-grpc-port", "0")


def test_commands_work_while_serve_owns_the_store_and_after_it(shell: Shell) -> None:
    """They go through its JSON API, and open the store themselves when it has ended."""
    chats = shell.folder / "chats.jsonl"
    chats.write_text(json.dumps({"id": "c-1", "messages": [user(), assistant("x" * 9)]}))

    with shell.serving("serve", *ANY_PORTS):
        imported = shell.run("import", str(chats))
        listed_meanwhile = shell.run("decisions", "--json")
        exported_meanwhile = shell.run("export")

    exported_afterwards = shell.run("export")
    assert (imported.returncode, imported.stderr) == (0, "")
    assert len(json.loads(listed_meanwhile.stdout)) == 1
    assert exported_meanwhile.stdout.count("\n") == 1
    assert exported_afterwards.stdout == exported_meanwhile.stdout


@pytest.mark.parametrize("listing", [("export",), ("decisions", "--json")], ids="-".join)
def test_a_full_disk_under_the_output_is_one_line(shell: Shell, listing: tuple[str, ...]) -> None:
    """Whoever redirected it learns that the file is not whole."""
    chats = shell.folder / "chats.jsonl"
    chats.write_text(json.dumps({"id": "c-1", "messages": [user(), assistant("x" * 9)]}))
    shell.run("import", str(chats))

    finished = shell.run(*listing, output=Path("/dev/full"))

    assert finished.returncode == 1
    assert finished.stderr.startswith("Error: what was to be written did not fit")
    assert finished.stderr.count("\n") == 1


def test_a_second_serve_on_one_store_is_refused_in_one_line(shell: Shell) -> None:
    """It says who is there and where that answers."""
    with shell.serving("serve", *ANY_PORTS) as first:
        second = shell.run("serve", *ANY_PORTS)

    assert second.returncode == 1
    assert second.stderr.startswith("Error: the store ")
    assert first["OTLP/HTTP"] in second.stderr
    assert second.stderr.count("\n") == 1


@pytest.mark.slow
def test_the_demo_records_all_kinds_and_leaves_the_users_store_alone(shell: Shell) -> None:
    """A new one each time, with a notice; its counts are those of the store."""
    first = shell.run("demo", "--conversations", "6", "--no-serve")
    second = shell.run("demo", "--conversations", "6", "--no-serve")

    dsn = f"chdb://{shell.folder / 'home' / 'demo'}"
    exported = shell.run("export", "--store", dsn)
    rows = [cast("dict[str, object]", json.loads(line)) for line in exported.stdout.splitlines()]
    assert first.returncode == 0, first.stderr
    assert "was removed" not in first.stderr
    assert "was removed" in second.stderr
    assert f"{len(rows)} decisions in 6 conversations" in second.stdout
    assert {row["decision_kind"] for row in rows} == {"message", "tool_call", "playbook"}
    assert not (shell.folder / "home" / "store").exists()


def _children(process: subprocess.Popen[str]) -> list[Path]:
    """Return the /proc folders of the children of ``process``."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [Path("/proc", pid) for pid in listed.read_text().split()]


def _runs(process: Path) -> bool:
    try:
        # One that has ended and waits to be reaped has no command line any more.
        return bool((process / "cmdline").read_text())
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are found by /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_demo_that_is_stopped_takes_its_agent_along(shell: Shell, number: signal.Signals) -> None:
    """However it ends: nothing goes on recording behind the user's back."""
    demo = subprocess.Popen(
        [sys.executable, "-m", "trainingloop.cli", "demo", "--no-serve"],
        env=shell.environment,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    deadline = time.monotonic() + _START_S
    while not (agents := _children(demo)):
        assert time.monotonic() < deadline

    demo.send_signal(number)
    demo.wait(_STOP_S)

    deadline = time.monotonic() + _STOP_S
    while any(map(_runs, agents)):
        assert time.monotonic() < deadline


@pytest.mark.slow
def test_the_demo_keeps_the_dashboard_open(shell: Shell) -> None:
    """Until it is interrupted."""
    with shell.serving("demo", "--conversations", "2", *ANY_PORTS) as printed:
        listed = shell.run("tenants", "--store", f"chdb://{shell.folder / 'home' / 'demo'}")

    assert printed["dashboard"].startswith("http://127.0.0.1:")
    assert listed.returncode == 0, listed.stderr


@pytest.mark.slow
def test_doctor_finds_a_sound_installation_sound(shell: Shell) -> None:
    """Every canary is redacted, and one call becomes one decision."""
    finished = shell.run("doctor", "--json")

    checks = cast("list[dict[str, str]]", json.loads(finished.stdout))
    states = {check["name"]: check["state"] for check in checks}
    assert finished.returncode == 0, finished.stdout
    assert {"python", "key", "store", "redaction", "capture"} <= states.keys()
    assert states["capture"] == "ok"


@pytest.mark.slow
def test_doctor_says_what_is_wrong_and_what_to_do(shell: Shell) -> None:
    """A store that cannot be opened is a failure, and the other checks go on."""
    blocked = shell.folder / "file"
    blocked.write_text("no folder")

    finished = shell.run("doctor", "--store", f"chdb://{blocked}/store")

    assert finished.returncode == 1
    assert "FAIL  store" in finished.stdout
    assert "ok    capture" in finished.stdout


def test_a_busy_port_is_named_before_the_demo_begins(shell: Shell) -> None:
    """Not after a minute of recording."""
    with shell.serving("serve", *ANY_PORTS) as printed:
        port = printed["dashboard"].rpartition(":")[2]
        finished = shell.run("demo", "--port", port)

    assert finished.returncode == 1
    assert f"port {port} of 127.0.0.1 is taken" in finished.stderr
    assert "--port" in finished.stderr
