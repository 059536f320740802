"""The pages say what is true: their examples run and their tables are complete."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.otlp_sink import otlp_sink
from trainingloop.instrumentation import semconv

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

    from support.otlp_sink import OtlpSink

ROOT = Path(__file__).parent.parent
_EXAMPLE = re.compile(r"```python\n(.*?)```", re.DOTALL)
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")
_OTHERS_RUN_BY_THEIR_OWN_TESTS = {
    "export.md",
    "feedback.md",
    "redaction.md",
    "replay-comparison.md",
}


def _pages() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def _examples() -> list[ParameterSet]:
    return [
        pytest.param(code, id=f"{page.name}-{number}")
        for page in _pages()
        if page.name not in _OTHERS_RUN_BY_THEIR_OWN_TESTS
        for number, code in enumerate(_EXAMPLE.findall(page.read_text()), 1)
    ]


def _run(code: str, sink: OtlpSink, data_dir: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "OTEL_EXPORTER_OTLP_ENDPOINT": sink.endpoint,
        "TRAININGLOOP_DATA_DIR": str(data_dir),
    }
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=60
    )


@pytest.mark.parametrize("code", _examples())
def test_an_example_runs_as_it_is_printed(code: str, tmp_path: Path) -> None:
    """Copied from the page it ends well, says nothing on stderr and sends decisions."""
    with otlp_sink() as sink:
        done = _run(code, sink, tmp_path)

        kinds = {span.attributes.get(semconv.DECISION_KIND) for span in sink.spans}
    assert (done.returncode, done.stderr) == (0, "")
    assert {"tool_call", "playbook"} <= kinds


def test_every_attribute_is_documented() -> None:
    """The table of attributes holds every name that semconv.py spells."""
    page = (ROOT / "docs" / "attributes.md").read_text()
    names = [
        value
        for name, value in vars(semconv).items()
        if name.isupper() and isinstance(value, str) and "." in value
    ]

    assert [name for name in names if f"`{name}`" not in page] == []


@pytest.mark.parametrize("page", _pages(), ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page names a file that exists."""
    targets = _LINK.findall(page.read_text())

    assert [target for target in targets if not (page.parent / target).exists()] == []
