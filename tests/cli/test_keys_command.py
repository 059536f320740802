"""``keys``: listing, making, replacing and destroying the secrets behind tokens."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from click.testing import CliRunner

from support.transcripts import assistant, user
from trainingloop.cli._app import cli
from trainingloop.cli._keys import keys
from trainingloop.instrumentation.keys import Keyring, load_keyring
from trainingloop.processor import Redactor

if TYPE_CHECKING:
    from cli.conftest import Command, Finished

PAGE = Path(__file__).parents[2] / "docs" / "keys.md"
PHONE = "+1 415 555 0132"


@pytest.fixture
def file(command: Command) -> Path:
    """Where the keys of the test are; nothing is there yet."""
    return command.folder / "home" / "redaction.key"


def _listed(command: Command) -> list[tuple[object, ...]]:
    records = command.bare("keys", "list", "--json").records
    return [(record["tenant"], record["id"], record["state"]) for record in records]


def _id(finished: Finished) -> str:
    assert finished.code == 0, finished.err
    return finished.out.split()[1]


def _token(command: Command, *arguments: str) -> list[dict[str, object]]:
    return command.bare("keys", "token", "--tenant", "acme", *arguments, "--json").records


def test_the_list_shows_whose_keys_there_are(command: Command, file: Path) -> None:
    """The installation's first, current before earlier, and when each was made."""
    first = load_keyring().installation[0].id
    own = _id(command.bare("keys", "create", "--tenant", "acme"))
    second = _id(command.bare("keys", "rotate"))

    assert _listed(command) == [
        ("*", second, "current"),
        ("*", first, "earlier"),
        ("acme", own, "current"),
    ]
    table = command.bare("keys", "list").out
    assert re.search(rf"acme +{own} +20\d\d-\d\d-\d\d \d\d:\d\d:\d\d +current", table)


@pytest.mark.parametrize(
    "arguments",
    [
        ("list",),
        ("list", "--json"),
        ("create", "--tenant", "zenith"),
        ("rotate", "--tenant", "acme"),
        ("destroy", "--tenant", "acme", "--yes"),
        ("token", "--tenant", "acme", "--kind", "PHONE", PHONE),
    ],
    ids=lambda arguments: "-".join(arguments[:2]),
)
def test_no_command_shows_a_secret(command: Command, arguments: tuple[str, ...]) -> None:
    """Neither those there were nor those it makes."""
    command.bare("keys", "create", "--tenant", "acme")
    before = load_keyring()

    finished = command.bare("keys", *arguments)

    assert finished.code == 0
    for secret in {*_secrets(before), *_secrets(load_keyring())}:
        assert secret not in finished.out + finished.err


def _secrets(keyring: Keyring) -> list[str]:
    owned = [keyring.installation, *keyring.tenants.values()]
    return [key.secret.decode() for keys_of_one in owned for key in keys_of_one]


def test_a_tenants_own_key_changes_its_tokens_alone(command: Command) -> None:
    """The command says so, and that running processes go on with the old one."""
    before = load_keyring()

    finished = command.bare("keys", "create", "--tenant", "acme")

    after = load_keyring()
    assert after.for_tenant("acme").id == _id(finished) != before.for_tenant("acme").id
    assert after.for_tenant("zenith") == before.for_tenant("zenith")
    assert "differ from earlier ones" in finished.err
    assert "Restart agents" in finished.err


def test_a_second_own_key_is_made_by_a_rotation_only(command: Command, file: Path) -> None:
    """Nobody replaces a key by accident."""
    command.bare("keys", "create", "--tenant", "acme")
    content = file.read_text()

    finished = command.bare("keys", "create", "--tenant", "acme")

    assert finished.code == 1
    assert "keys rotate --tenant acme" in finished.err
    assert file.read_text() == content


@pytest.mark.parametrize("verb", ["rotate", "destroy"])
def test_a_tenant_without_a_key_has_none_to_change(command: Command, verb: str) -> None:
    """The installation's key is everybody's: the command says how to get one."""
    finished = command.bare("keys", verb, "--tenant", "acme")

    assert finished.code == 1
    assert "keys create --tenant acme" in finished.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("create", "--tenant", "a/b"),
        ("create", "--tenant", "*"),
        ("rotate", "--tenant", ""),
        ("destroy", "--yes"),
        ("token", "--tenant", "acme", "--kind", "CARD", "4111 1111 1111 1111"),
    ],
    ids=["slash", "star", "nothing", "nobody", "unjoinable kind"],
)
def test_a_wrong_command_line_is_refused(command: Command, arguments: tuple[str, ...]) -> None:
    """As everywhere, with exit code 2, and no value is repeated."""
    finished = command.bare("keys", *arguments)

    assert finished.code == 2
    assert "4111" not in finished.err


def test_destroying_asks_first(command: Command, file: Path) -> None:
    """It names the keys and what becomes of their tokens; without a yes nothing happens."""
    own = _id(command.bare("keys", "create", "--tenant", "acme"))
    content = file.read_text()

    result = CliRunner().invoke(cli, ["keys", "destroy", "--tenant", "acme"], input="n\n")

    assert result.exit_code == 1
    assert own in result.stderr
    assert "can never be linked to a value again" in result.stderr
    assert file.read_text() == content


def test_a_destroyed_key_leaves_no_way_to_its_tokens(command: Command, file: Path) -> None:
    """Its secret is gone, the tenant has a new key of its own, the token is found no more."""
    command.bare("keys", "create", "--tenant", "acme")
    secret = load_keyring().for_tenant("acme").secret
    stored = Redactor(key=secret, engine="fast").text(PHONE, tenant="acme")

    finished = command.bare("keys", "destroy", "--tenant", "acme", "--yes")

    assert finished.code == 0
    assert "Copies of the key file" in finished.err
    assert secret not in file.read_bytes()
    assert load_keyring().of_owner("acme")[0].secret not in (
        secret,
        load_keyring().installation[0].secret,
    )
    tokens = [record["token"] for record in _token(command, "--kind", "PHONE", PHONE)]
    assert stored.strip("<>") not in tokens


def test_an_earlier_key_is_destroyed_alone(command: Command) -> None:
    """The current one stays as it is."""
    first = _id(command.bare("keys", "create", "--tenant", "acme"))
    second = _id(command.bare("keys", "rotate", "--tenant", "acme"))

    finished = command.bare("keys", "destroy", "--tenant", "acme", "--key-id", first, "--yes")

    assert _id(finished) == second
    assert _listed(command)[1:] == [("acme", second, "current")]


def test_the_installations_earlier_key_can_be_destroyed(command: Command) -> None:
    """A key that leaked is replaced, then removed."""
    leaked = load_keyring().installation[0].id
    command.bare("keys", "rotate")

    finished = command.bare("keys", "destroy", "--tenant", "*", "--key-id", leaked, "--yes")

    assert finished.code == 0
    assert [key.id for key in load_keyring().installation] == [_id(finished)] != [leaked]


def test_a_key_that_is_not_there_cannot_be_destroyed(command: Command, file: Path) -> None:
    """The message names those there are."""
    own = _id(command.bare("keys", "create", "--tenant", "acme"))
    content = file.read_text()

    finished = command.bare("keys", "destroy", "--tenant", "acme", "--key-id", "0000", "--yes")

    assert finished.code == 1
    assert own in finished.err
    assert file.read_text() == content


def test_a_known_value_is_found_under_every_key(command: Command) -> None:
    """What was stored before a tenant had a key, before a rotation, and since."""
    stored = [_stored(command)]
    for change in ("create", "rotate"):
        command.bare("keys", change, "--tenant", "acme")
        stored.append(_stored(command))

    found = _token(command, "--kind", "phone", "(415) 555-0132")

    assert [record["token"] for record in found] == stored[::-1]
    assert [record["state"] for record in found] == ["current", "earlier", "earlier"]
    assert len(set(stored)) == 3


def _stored(command: Command) -> str:
    secret = load_keyring().for_tenant("acme").secret
    return Redactor(key=secret, engine="fast").text(PHONE, tenant="acme").strip("<>")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("EMAIL", "rider@example.com"),
        ("PHONE", PHONE),
        ("PERSON", "Ada Example"),
        ("ADDRESS", "742 Evergreen Terrace"),
        ("DOB", "1984-03-17"),
        ("IBAN", "GB82 WEST 1234 5698 7654 32"),
        ("ACCOUNT", "1234567890"),
        ("IP", "203.0.113.77"),
        ("MAC", "00:1b:44:11:3a:b7"),
        ("CRYPTO", "0xde0b295669a9fd93d5f28d9ec85e40f4cb697bae"),
    ],
)
def test_every_kind_with_a_token_of_its_own_is_found(
    command: Command, kind: str, value: str
) -> None:
    """A value of that kind, as somebody who asks would write it."""
    (*_, last) = _token(command, "--kind", kind, value)

    assert re.fullmatch(rf"{kind}_[a-z2-7]{{8,}}", str(last["token"]))


def test_kinds_of_the_policy_are_found(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those its recognizers find, those a field makes, and what it gives tokens or masks."""
    policy = """
        version: 1
        entities: {CARD: token, PHONE: mask}
        keys: {loyalty_no: ID}
        recognizers:
          - {name: Codes, supported_entity: BOOKING, deny_list: [BK-4711]}
    """
    monkeypatch.setenv("TRAININGLOOP_REDACTION_POLICY", command.write(policy, "policy.yaml"))
    redactor = Redactor(engine="fast")
    stored = {
        "BOOKING": redactor.text("my code is BK-4711", tenant="acme"),
        "CARD": redactor.text("my card is 4111 1111 1111 1111", tenant="acme"),
        "ID": str(redactor.attribute("loyalty_no", "Q 77", tenant="acme")),
    }
    values = {"BOOKING": "BK-4711", "CARD": "4111111111111111", "ID": "Q 77"}

    for kind, value in values.items():
        tokens = [f"<{record['token']}>" for record in _token(command, "--kind", kind, value)]
        assert any(token in stored[kind] for token in tokens)
    assert len(_token(command, "--kind", "PHONE", PHONE)) == 1


def test_what_an_import_stored_of_a_customer_is_found_in_an_export(command: Command) -> None:
    """A telephone number in the text and the customer's own id: a request can be answered."""
    chat = {
        "id": "c-1",
        "model": "gpt-4o",
        "metadata": {"customer": "crm-42"},
        "messages": [user(f"Call me on {PHONE}"), assistant("I will.")],
    }
    command.bare("keys", "create", "--tenant", "acme")
    command("import", "--tenant", "acme", command.write([chat]))

    phone, old_phone = _token(command, "--kind", "PHONE", PHONE)
    customer, _ = _token(command, "--kind", "CUSTOMER", "crm-42")

    exported = command("export", "--tenant", "acme").out
    assert f"<{phone['token']}>" in exported
    assert cast("str", customer["token"]) in exported
    assert cast("str", old_phone["token"]) not in exported


def test_a_value_can_come_from_standard_input(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that it stays out of the shell's history."""
    arguments = ["keys", "token", "--tenant", "acme", "--kind", "PHONE", "--json"]

    result = CliRunner().invoke(cli, [*arguments, "-"], input=f"{PHONE}\n")

    assert result.stdout == command.bare(*arguments, PHONE).out


@pytest.mark.parametrize("value", ["no number at all", "", "<PHONE>"])
def test_a_value_of_another_kind_has_no_token(command: Command, value: str) -> None:
    """The message says what to try, and does not repeat the value."""
    finished = command.bare("keys", "token", "--tenant", "acme", "--kind", "PHONE", value)

    assert finished.code == 1
    assert "not recognised as PHONE" in finished.err
    assert "at all" not in finished.err


def test_the_one_key_of_the_environment_cannot_be_changed(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is listed, and commands that would change it say what to do instead."""
    monkeypatch.setenv("TRAININGLOOP_REDACTION_KEY", "a key of at least sixteen characters")

    finished = command.bare("keys", "create", "--tenant", "acme")

    assert finished.code == 1
    assert "Unset it" in finished.err
    assert "the key file is not read" in command.bare("keys", "list").err
    assert [owner for owner, _, _ in _listed(command)] == ["*"]


def test_a_damaged_file_is_one_line_of_error(command: Command, file: Path) -> None:
    """File and line, no secret, no traceback."""
    command.bare("keys", "create", "--tenant", "acme")
    file.write_text(file.read_text() + "acme gone\n")

    finished = command.bare("keys", "list")

    assert finished.code == 1
    assert re.fullmatch(r"Error: line \d of .*\n", finished.err)


def test_doctor_looks_at_a_keyring_as_at_a_key(command: Command, file: Path) -> None:
    """A file others can read is warned about; a damaged one is a failure."""
    command.bare("keys", "create", "--tenant", "acme")
    found = [_key_check()]
    file.chmod(0o644)
    found.append(_key_check())
    file.write_text("short")
    found.append(_key_check())

    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert found == ["ok", "warn", "fail"]


def _key_check() -> str:
    from trainingloop.cli._checks import check_key

    return check_key().state


@pytest.mark.parametrize("verb", sorted(keys.commands))
def test_the_page_shows_the_help_of_each_command(
    verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed option shows up as a failure here."""
    if not PAGE.exists():
        pytest.skip("docs/ is not part of this installation")
    monkeypatch.setenv("COLUMNS", "80")

    shown = CliRunner().invoke(cli, ["keys", verb, "--help"], prog_name="trainingloop").stdout

    assert f"```text\n{shown.rstrip()}\n```" in PAGE.read_text()
