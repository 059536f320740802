"""Rules of the tree that no linter knows."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PORTIONS = ("instrumentation", "processor", "analytics_app")


def _packages() -> list[str]:
    return [
        f"trainingloop.{found.name}"
        for portion in PORTIONS
        for found in pkgutil.iter_modules([str(ROOT / portion / "trainingloop")])
    ]


@pytest.mark.parametrize("portion", PORTIONS)
def test_the_namespace_has_no_init_file(portion: str) -> None:
    """One ``trainingloop/__init__.py`` would hide the other portions."""
    assert not (ROOT / portion / "trainingloop" / "__init__.py").exists()


@pytest.mark.parametrize("package", _packages())
def test_a_door_holds_what_it_lists(package: str) -> None:
    """Each package names what it offers in ``__all__`` and has all of it."""
    door = importlib.import_module(package)

    missing = [name for name in door.__all__ if not hasattr(door, name)]

    assert door.__all__
    assert missing == []


@pytest.mark.parametrize("package", _packages())
def test_a_package_says_that_it_is_typed(package: str) -> None:
    """Each portion ships ``py.typed``, or type checkers ignore it."""
    path = Path(str(importlib.import_module(package).__file__)).parent

    assert (path / "py.typed").exists()


def test_every_environment_variable_is_documented() -> None:
    """A setting nobody can find is no setting."""
    documented = "\n".join(
        path.read_text() for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    )
    used = {
        node.value
        for portion in PORTIONS
        for path in (ROOT / portion).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith("TRAININGLOOP_")
        and node.value.isupper()
        and " " not in node.value
    }

    assert sorted(name for name in used if name not in documented) == []


def test_attribute_names_are_spelled_once() -> None:
    """``trainingloop.*`` attribute names come from semconv.py, in Python at least."""
    known = {
        node.value
        for node in ast.walk(
            ast.parse(
                (ROOT / "instrumentation/trainingloop/instrumentation/semconv.py").read_text()
            )
        )
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith("trainingloop.")
    }

    repeated = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.value}"
        for portion in PORTIONS
        for path in (ROOT / portion).rglob("*.py")
        if path.name != "semconv.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and node.value in known
    ]

    assert repeated == []
