"""The key file: what it may say, and that it is never half written nor lost."""

from __future__ import annotations

import errno
import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from trainingloop.instrumentation.errors import ConfigurationError
from trainingloop.instrumentation.keys import (
    INSTALLATION,
    Key,
    Keyring,
    edit_keyring,
    load_keyring,
    pseudonym,
)

_NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
_SECRET = "an invented  secret with spaces in it"
_OTHER = "0123456789abcdef0123456789abcdef"
_HEADER = "# trainingloop keys"


@pytest.fixture
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the keys are; nothing is there yet."""
    path = tmp_path / "keys" / "redaction.key"
    path.parent.mkdir()
    monkeypatch.delenv("TRAININGLOOP_REDACTION_KEY", raising=False)
    monkeypatch.setenv("TRAININGLOOP_REDACTION_KEY_FILE", str(path))
    return path


def _fresh(owner: str) -> Keyring:
    return edit_keyring(
        lambda keyring: keyring.with_current(owner, Key.fresh(created=datetime.now(UTC)))
    )


def test_a_file_of_one_secret_stays_as_it_is(file: Path) -> None:
    """Reading it, as before there were keyrings, changes nothing about it."""
    file.write_text(f"{_SECRET}\n")

    keyring = load_keyring()

    assert keyring == Keyring.of(_SECRET.encode())
    assert file.read_text() == f"{_SECRET}\n"


def test_a_keyring_is_read_line_by_line(file: Path) -> None:
    """Owners in any order, the current key first; ids and times may be missing."""
    file.write_text(
        f"{_HEADER}\n\n  # ours\nacme - 2026-11-22T09:30:00Z {_SECRET}\n* - - {_OTHER}\n"
        "acme - - an older secret of acme\n"
    )

    keyring = load_keyring()

    assert keyring.installation == (Key.of(_OTHER.encode()),)
    assert keyring.of_owner("acme") == (
        Key.of(_SECRET.encode(), created=_NOW),
        Key.of(b"an older secret of acme"),
    )


def test_the_first_key_of_a_tenant_keeps_the_installations(file: Path) -> None:
    """A file of one secret becomes a keyring in which that secret stays what it was."""
    file.write_text(_SECRET)

    written = _fresh("acme")

    assert load_keyring() == written
    assert written.installation == (Key.of(_SECRET.encode()),)
    assert file.read_text().startswith(f"{_HEADER}\n")


def test_a_rotation_keeps_the_older_key(file: Path) -> None:
    """Both are in the file afterwards, the new one in front."""
    before = _fresh("acme").of_owner("acme")

    _fresh("acme")

    assert load_keyring().of_owner("acme")[1:] == before


def test_a_destroyed_key_is_gone_and_its_tokens_with_it(file: Path) -> None:
    """The secret is in no file of the directory, and the same value has another token."""
    secret = _fresh("acme").for_tenant("acme").secret

    edit_keyring(lambda keyring: keyring.without("acme", None, successor=Key.fresh(created=_NOW)))

    assert not any(secret in path.read_bytes() for path in file.parent.iterdir())
    assert load_keyring().of_owner("acme") != ()
    assert _token(load_keyring().for_tenant("acme").secret) != _token(secret)


def _token(secret: bytes) -> str:
    return pseudonym(secret, "acme", "PHONE", "+14155550132")


def test_an_edit_takes_away_what_a_killed_one_left(file: Path) -> None:
    """A half-written successor may hold a secret that is destroyed now."""
    _fresh("acme")
    left_behind = file.parent / f".{file.name}-new-abc"
    left_behind.write_text("acme - - secrets")

    _fresh("acme")

    assert not left_behind.exists()


def test_only_the_owner_can_read_an_edited_file(file: Path) -> None:
    """Whatever it was before."""
    file.write_text(_SECRET)
    file.chmod(0o644)

    _fresh("acme")

    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only an administrator edits others' files")
def test_a_file_stays_its_owners(file: Path) -> None:
    """An administrator's edit does not lock the service out of its own keys."""
    file.write_text(_SECRET)
    os.chown(file, 4321, 4322)

    _fresh("acme")

    assert (file.stat().st_uid, file.stat().st_gid) == (4321, 4322)


def test_a_link_stays_a_link(file: Path, tmp_path: Path) -> None:
    """The file it leads to is the one that is written."""
    real = tmp_path / "real.key"
    real.write_text(_SECRET)
    file.symlink_to(real)

    written = _fresh("acme")

    assert file.is_symlink()
    assert load_keyring() == written
    assert "acme" in real.read_text()


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (f"acme {_SECRET.split()[0]}", "line 3 .* has 2 fields, a key has 4"),
        (f"a/b - - {_SECRET}", "line 3 .* does not begin with a tenant: 1 to 64 letters"),
        ("acme - - geheim", "line 3 .* holds no key: a secret of 6 characters"),
        (f"acme deadbeef - {_SECRET}", "line 3 .* has an id that is not its secret's"),
        (f"acme - gestern {_SECRET}", "line 3 .* does not say when the key was made"),
        (f"\nacme - - {_OTHER}", "line 4 .* repeats the key of line 2"),
    ],
    ids=["cut", "tenant", "short", "id", "time", "twice"],
)
def test_a_malformed_line_is_named_and_not_quoted(file: Path, lines: str, said: str) -> None:
    """File and line are in the message, no secret is, and edits change nothing."""
    content = f"{_HEADER}\n* - - {_OTHER}\n{lines}\n"
    file.write_text(content)

    for attempt in (load_keyring, lambda: _fresh("acme")):
        with pytest.raises(ConfigurationError, match=said) as caught:
            attempt()
        assert str(file) in str(caught.value)
        assert not any(word in str(caught.value) for word in ("invented", "geheim", _OTHER))
    assert file.read_text() == content


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1 .* is no key: a secret of 0 characters"),
        (b"hunter2", "line 1 .* is no key: a secret of 7 characters"),
        (_SECRET.encode() + b"\nacme - - " + _OTHER.encode(), "line 2 .* is one too many"),
        (f"{_HEADER}\nacme - - {_OTHER}".encode(), "has no key for tenants without one"),
        (b"\xff\xfe" + _SECRET.encode(), "holds bytes that are no text"),
        (b"\0" * 64, "holds zero bytes"),
    ],
    ids=["empty", "short", "no header", "no installation", "not text", "zeros"],
)
def test_a_file_that_is_no_key_file_is_refused(file: Path, content: bytes, said: str) -> None:
    """A key that is not the one somebody meant would cut all joins, unnoticed."""
    file.write_bytes(content)

    with pytest.raises(ConfigurationError, match=said) as caught:
        load_keyring()

    assert "invented" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert file.read_bytes() == content


def test_a_file_that_cannot_be_read_is_refused(file: Path) -> None:
    """There is a key, so another one must not be used in its place."""
    file.mkdir()

    with pytest.raises(ConfigurationError, match=r"cannot be read .* let this user read it"):
        load_keyring()


@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EROFS, errno.EBUSY])
def test_a_failed_write_loses_no_key(
    file: Path, monkeypatch: pytest.MonkeyPatch, reason: int
) -> None:
    """A full or read-only disk, or a file mounted by itself: an error, and all is as it was."""
    before, content = _fresh("acme"), file.read_text()

    def fail(*_: object) -> None:
        raise OSError(reason, os.strerror(reason))

    with monkeypatch.context() as failing:
        failing.setattr(Path if reason == errno.EBUSY else os, _failing_call(reason), fail)
        with pytest.raises(ConfigurationError, match="its keys are as they were"):
            _fresh("acme")

    assert file.read_text() == content
    assert load_keyring() == before
    assert {path.name for path in file.parent.iterdir()} == {file.name, f"{file.name}.lock"}


def _failing_call(reason: int) -> str:
    return "replace" if reason == errno.EBUSY else "fsync"


def test_a_place_without_a_directory_is_an_error_for_who_edits(
    file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Who changes keys must know that they were not written."""
    (tmp_path / "file").write_text("no directory")
    monkeypatch.setenv("TRAININGLOOP_REDACTION_KEY_FILE", str(tmp_path / "file" / "key"))

    with pytest.raises(ConfigurationError, match="could not be written"):
        _fresh("acme")


def test_nothing_is_edited_while_the_environment_holds_the_key(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is not read then: a key in it would serve nobody."""
    monkeypatch.setenv("TRAININGLOOP_REDACTION_KEY", _SECRET)

    with pytest.raises(ConfigurationError, match="TRAININGLOOP_REDACTION_KEY is set"):
        _fresh("acme")

    assert not file.exists()


def test_processes_that_start_together_get_one_key(file: Path) -> None:
    """Whoever creates the file first wins, the others read it."""
    barrier = threading.Barrier(8)

    def load() -> Keyring:
        barrier.wait()
        return load_keyring()

    with ThreadPoolExecutor(8) as threads:
        found = [promise.result() for promise in [threads.submit(load) for _ in range(8)]]

    assert len({keyring.installation for keyring in found}) == 1
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_edits_at_the_same_time_all_count(file: Path) -> None:
    """None writes over what another has written."""
    tenants = [f"tenant-{number}" for number in range(12)]

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(_fresh, [*tenants, *tenants, INSTALLATION]))

    keyring = load_keyring()
    assert {tenant: len(keys) for tenant, keys in keyring.tenants.items()} == dict.fromkeys(
        tenants, 2
    )
    assert len(keyring.installation) == 2
