"""Builds the Go Collector once for all tests, or skips them where there is no Go."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from collector_go.harness import ROOT

_GO_IS_MISSING = 3


@pytest.fixture(scope="session")
def binary() -> Path:
    """The Collector of ``deploy/collector/builder.yaml``, built only when the manifest changed."""
    build = subprocess.run(
        [str(ROOT / "deploy/collector/build.sh")], capture_output=True, text=True, timeout=2400
    )
    if build.returncode == _GO_IS_MISSING:
        pytest.skip(
            "Go is not installed, so there is no Collector to test otel-collector.yaml with"
        )
    assert build.returncode == 0, build.stderr
    return Path(build.stdout.splitlines()[-1])
