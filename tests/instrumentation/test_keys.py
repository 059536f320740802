"""The secrets of an installation and its tenants, and the pseudonyms made with them."""

from __future__ import annotations

import hashlib
import logging
import pickle
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainingloop.instrumentation import environment
from trainingloop.instrumentation.errors import ConfigurationError
from trainingloop.instrumentation.keys import (
    INSTALLATION,
    Key,
    Keyring,
    customer_pseudonym,
    load_keyring,
    pseudonym,
)

_KEY = b"a key for tests only"
_NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
_SECRETS = st.binary(min_size=16, max_size=40)
_TENANTS = st.from_regex(r"[A-Za-z0-9._-]{1,64}", fullmatch=True)


@pytest.fixture(autouse=True)
def _no_key_in_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TRAININGLOOP_REDACTION_KEY", raising=False)
    monkeypatch.delenv("TRAININGLOOP_REDACTION_KEY_FILE", raising=False)
    monkeypatch.setenv("TRAININGLOOP_DATA_DIR", str(tmp_path / "store"))


def test_first_use_creates_a_key_only_its_owner_can_read(tmp_path: Path) -> None:
    """The key appears on first use, with mode 0600, and is the same from then on."""
    first = load_keyring()

    file = tmp_path / "store" / "redaction.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert first == Keyring.of(file.read_bytes()) == load_keyring()


def test_environment_overrules_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key in the environment is used as it is."""
    monkeypatch.setenv("TRAININGLOOP_REDACTION_KEY", "0123456789abcdef")

    assert load_keyring() == Keyring.of(b"0123456789abcdef")


def test_a_short_key_is_refused_without_being_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that could be guessed is an error, and the message does not repeat it."""
    monkeypatch.setenv("TRAININGLOOP_REDACTION_KEY", "hunter2")

    with pytest.raises(ConfigurationError, match="7 characters") as caught:
        load_keyring()

    assert "hunter2" not in str(caught.value)


def test_unwritable_place_means_one_key_for_this_process(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Where no file can be made, a random key serves the process, with one warning."""
    (tmp_path / "file").write_text("no directory")
    monkeypatch.setenv("TRAININGLOOP_REDACTION_KEY_FILE", str(tmp_path / "file" / "key"))

    with caplog.at_level(logging.WARNING):
        keys = {load_keyring().installation, load_keyring().installation}

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
        keys = {load_keyring().installation, load_keyring().installation}

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


def test_a_single_secret_is_the_key_of_every_tenant(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment holds one key; nobody has another, and there is no earlier one."""
    monkeypatch.setenv("TRAININGLOOP_REDACTION_KEY", _KEY.decode())

    keyring = load_keyring()

    assert keyring == Keyring.of(_KEY)
    assert keyring.for_tenant("acme") == keyring.for_tenant("zenith") == Key.of(_KEY)
    assert keyring.earlier("acme") == ()


def test_no_file_is_read_while_the_environment_holds_a_key(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A key file that cannot be understood does not matter then, nor is one made."""
    monkeypatch.setenv("TRAININGLOOP_REDACTION_KEY", _KEY.decode())
    monkeypatch.setenv("TRAININGLOOP_REDACTION_KEY_FILE", str(tmp_path / "none" / "key"))

    load_keyring()

    assert not (tmp_path / "none").exists()


def test_a_tenants_own_key_comes_before_the_installations() -> None:
    """The tenant with its own key uses it, all others share the installation's."""
    keyring = Keyring.of(_KEY).with_current("acme", _key(1))

    assert keyring.for_tenant("acme") == _key(1)
    assert keyring.for_tenant("zenith") == Key.of(_KEY)


def test_earlier_keys_are_listed_newest_first() -> None:
    """What a tenant had itself, then what it may have begun with."""
    keyring = Keyring.of(_KEY)
    for owner, number in ((INSTALLATION, 1), ("acme", 2), ("acme", 3), ("acme", 4)):
        keyring = keyring.with_current(owner, _key(number))

    assert keyring.for_tenant("acme") == _key(4)
    assert keyring.earlier("acme") == (_key(3), _key(2), _key(1), Key.of(_KEY))
    assert keyring.earlier("zenith") == (Key.of(_KEY),)


def test_the_oldest_key_is_one_of_the_tenants_own() -> None:
    """Ids outlast a rotation, and go with the tenant's keys."""
    keyring = Keyring.of(_KEY).with_current("acme", _key(1)).with_current("acme", _key(2))

    assert keyring.oldest("acme") == _key(1)
    assert keyring.oldest("zenith") == Key.of(_KEY)


def test_destroying_all_keys_of_a_tenant_gives_it_a_new_one() -> None:
    """It never falls back to a key of somebody else."""
    keyring = Keyring.of(_KEY).with_current("acme", _key(1)).with_current("acme", _key(2))

    left = keyring.without("acme", None, successor=_key(3))

    assert left.of_owner("acme") == (_key(3),)
    assert left.installation == keyring.installation


@pytest.mark.parametrize(("gone", "left"), [(1, (2,)), (2, (3, 1))], ids=["earlier", "current"])
def test_destroying_one_key_leaves_the_others(gone: int, left: tuple[int, ...]) -> None:
    """A successor comes only where the current key went."""
    keyring = Keyring.of(_KEY).with_current("acme", _key(1)).with_current("acme", _key(2))

    found = keyring.without("acme", _key(gone).id, successor=_key(3)).of_owner("acme")

    assert found == tuple(map(_key, left))


@given(_SECRETS)
def test_an_id_is_derived_and_stable(secret: bytes) -> None:
    """The same secret has the same id wherever it is configured."""
    assert Key.of(secret).id == hashlib.sha256(secret).hexdigest()[:8]


@given(_SECRETS, _SECRETS)
def test_no_secret_is_shown_and_all_travel(first: bytes, second: bytes) -> None:
    """A representation has ids only; a pickled keyring is the same one elsewhere."""
    keyring = Keyring.of(first).with_current("acme", Key.of(second, created=_NOW))

    assert repr(first)[2:-1] not in repr(keyring)
    assert repr(second)[2:-1] not in repr(keyring)
    assert keyring.for_tenant("acme").id in repr(keyring)
    assert pickle.loads(pickle.dumps(keyring)) == keyring


@given(st.lists(_TENANTS, min_size=2, max_size=2, unique=True), st.text(), _SECRETS, _SECRETS)
def test_two_tenants_share_no_token(
    tenants: list[str], value: str, secret: bytes, own: bytes
) -> None:
    """Whether they use one key or two, the same value has unrelated tokens."""
    shared = Keyring.of(secret)
    apart = shared.with_current(tenants[0], Key.of(own))

    for keyring in (shared, apart):
        tokens = {
            pseudonym(keyring.for_tenant(tenant).secret, tenant, "PHONE", value, characters=52)
            for tenant in tenants
        }
        assert len(tokens) == 2


def test_a_rotation_changes_who_a_customer_is() -> None:
    """A pseudonym is made with the tenant's current key."""
    before = Keyring.of(_KEY).with_current("acme", _key(1))
    after = before.with_current("acme", _key(2))

    pseudonyms = {customer_pseudonym(keyring, "acme", "crm-42") for keyring in (before, after)}

    assert len(pseudonyms) == 2
    assert customer_pseudonym(before, "zenith", "crm-42") == customer_pseudonym(
        after, "zenith", "crm-42"
    )


def _key(number: int) -> Key:
    return Key.of(f"an invented secret, number {number}".encode(), created=_NOW)
