"""The secret of an installation and the pseudonyms made with it."""

from __future__ import annotations

import logging
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainingloop.instrumentation import environment
from trainingloop.instrumentation.errors import ConfigurationError
from trainingloop.instrumentation.keys import load_key, pseudonym

_KEY = b"a key for tests only"


@pytest.fixture(autouse=True)
def _no_key_in_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TRAININGLOOP_REDACTION_KEY", raising=False)
    monkeypatch.delenv("TRAININGLOOP_REDACTION_KEY_FILE", raising=False)
    monkeypatch.setenv("TRAININGLOOP_DATA_DIR", str(tmp_path / "store"))


def test_first_use_creates_a_key_only_its_owner_can_read(tmp_path: Path) -> None:
    """The key appears on first use, with mode 0600, and is the same from then on."""
    first = load_key()

    file = tmp_path / "store" / "redaction.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert first == file.read_bytes() == load_key()


def test_environment_overrules_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key in the environment is used as it is."""
    monkeypatch.setenv("TRAININGLOOP_REDACTION_KEY", "0123456789abcdef")

    assert load_key() == b"0123456789abcdef"


def test_a_short_key_is_refused_without_being_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that could be guessed is an error, and the message does not repeat it."""
    monkeypatch.setenv("TRAININGLOOP_REDACTION_KEY", "hunter2")

    with pytest.raises(ConfigurationError, match="7 characters") as caught:
        load_key()

    assert "hunter2" not in str(caught.value)


def test_unwritable_place_means_one_key_for_this_process(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Where no file can be made, a random key serves the process, with one warning."""
    (tmp_path / "file").write_text("no directory")
    monkeypatch.setenv("TRAININGLOOP_REDACTION_KEY_FILE", str(tmp_path / "file" / "key"))

    with caplog.at_level(logging.WARNING):
        keys = {load_key(), load_key()}

    assert len(keys) == 1
    assert len(caplog.records) == 1


def test_a_user_without_a_home_gets_one_key_for_the_process(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Containers run under users that nobody has heard of; their agents are recorded too."""
    monkeypatch.delenv("TRAININGLOOP_DATA_DIR")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setattr(Path, "home", _no_home)

    with caplog.at_level(logging.WARNING):
        keys = {load_key(), load_key()}

    assert len(keys) == 1
    assert "no home directory: set TRAININGLOOP_DATA_DIR" in caplog.text
    with pytest.raises(ConfigurationError, match="set TRAININGLOOP_DATA_DIR"):
        environment.data_dir()


def _no_home() -> Path:
    raise RuntimeError("Could not determine home directory.")


def test_pseudonym_is_stable_and_bound_to_its_tenant() -> None:
    """One customer has one pseudonym at a tenant, and another at the next."""
    at_acme = pseudonym(_KEY, "acme", "customer", "crm-42")

    assert at_acme == pseudonym(_KEY, "acme", "customer", "crm-42")
    assert at_acme != pseudonym(_KEY, "other", "customer", "crm-42")
    assert len(at_acme) == 8


@given(st.lists(st.tuples(st.text(), st.text(), st.text()), unique=True, max_size=20))
def test_no_two_triples_share_a_pseudonym(triples: list[tuple[str, str, str]]) -> None:
    """Moving a character from one part to the next makes another pseudonym."""
    pseudonyms = {pseudonym(_KEY, *triple, characters=52) for triple in triples}

    assert len(pseudonyms) == len(triples)
