"""The same contract with the previous major version of the openai client."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_DIRECTORY = _ROOT / ".cache" / "openai2"
_REQUIREMENT = "openai>=2,<3"
_CONTRACT = Path(__file__).with_name("test_openai_contract.py")


def _installed() -> Path:
    """A directory with openai 2.x, made on first use; everything else is this environment's."""
    if any(_DIRECTORY.glob("openai-2*.dist-info")):
        return _DIRECTORY
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    installer = [uv, "pip"] if uv else [sys.executable, "-m", "pip"]
    target = ["install", "--quiet", "--target", str(_DIRECTORY), _REQUIREMENT]
    if uv:
        target += ["--python", sys.executable]
    finished = subprocess.run(
        [*installer, *target], capture_output=True, text=True, check=False, timeout=300
    )
    if finished.returncode != 0:
        shutil.rmtree(_DIRECTORY, ignore_errors=True)
        pytest.skip(f"{_REQUIREMENT} cannot be installed here")
    return _DIRECTORY


@pytest.mark.slow
def test_the_contract_holds_with_openai_2() -> None:
    """Every test of the contract passes with openai 2.x, too."""
    directory = _installed()
    environment = {**os.environ, "PYTHONPATH": str(directory)}

    version = subprocess.run(
        [sys.executable, "-c", "import openai; print(openai.__version__)"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    finished = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(_CONTRACT)],
        env=environment,
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )

    assert version.stdout.startswith("2.")
    assert finished.returncode == 0, finished.stdout
