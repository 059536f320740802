"""Redaction that is broken says so before it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from trainingloop.processor import BrokenRedactionError, Redactor
from trainingloop.processor._detectors import DETECTORS
from trainingloop.processor.policy import load_policy

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping
    from pathlib import Path
    from typing import Any

KEY = b"a key that only tests use, 32+ bytes"


def _blind(plain: object, /) -> Iterator[object]:
    """A detector that finds nothing any more."""
    del plain
    return iter(())


def _raising(plain: object, /) -> Iterator[object]:
    """A detector that breaks."""
    raise RuntimeError(str(plain))


@pytest.mark.parametrize(
    ("detector", "kind"),
    [
        ("emails", "EMAIL"),
        ("numbers", "PHONE"),
        ("lettered_ids", "IBAN"),
        ("network", "IP"),
        ("births", "DOB"),
        ("streets", "ADDRESS"),
    ],
)
def test_a_detector_that_finds_nothing_keeps_the_redactor_from_starting(
    detector: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the kinds."""
    monkeypatch.setitem(_mutable(), detector, _blind)

    with pytest.raises(BrokenRedactionError, match=kind):
        Redactor(key=KEY, engine="fast")


def test_a_detector_that_raises_keeps_the_redactor_from_starting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A recorder whose every value fails is of no use either."""
    monkeypatch.setitem(_mutable(), "numbers", _raising)

    with pytest.raises(BrokenRedactionError):
        Redactor(key=KEY, engine="fast")


def test_what_the_policy_keeps_is_not_looked_for(tmp_path: Path) -> None:
    """A policy that keeps a kind is no fault."""
    path = tmp_path / "redaction.yaml"
    path.write_text("version: 1\nentities: {EMAIL: keep}\nallow: ['+1 415 555 0132']\n")

    redactor = Redactor(key=KEY, engine="fast", policy=load_policy(path))

    assert redactor.text("ada@example.com") == "ada@example.com"


def _mutable() -> MutableMapping[str, Any]:
    """The table of detectors, as what it is underneath."""
    assert isinstance(DETECTORS, dict)
    return DETECTORS
