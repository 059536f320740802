"""``keys``: the secrets behind tokens, one of the installation and those of single tenants."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import click

from trainingloop.cli._errors import KeysError
from trainingloop.cli._output import counted, examples, listed, print_json, print_table
from trainingloop.cli._tenant_option import named_tenant
from trainingloop.instrumentation import environment
from trainingloop.instrumentation.keys import (
    INSTALLATION,
    Key,
    Keyring,
    edit_keyring,
    load_keyring,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_JSON_HELP: Final = "Print JSON."
_COLUMNS: Final = {"tenant": "tenant", "id": "key", "created": "created (UTC)", "state": "state"}
_TOKEN_COLUMNS: Final = {"token": "token", "key": "key", "state": "state"}
_RESTART: Final = (
    "Restart agents and `trainingloop serve`: they go on with the keys they began with."
)
_COPIES: Final = "Copies of the key file, in backups and on other machines, have to go, too."


def _owner(context: click.Context, parameter: click.Parameter, value: str) -> str:
    return value if value == INSTALLATION else named_tenant(context, parameter, value)


@click.group(
    epilog=examples(
        "trainingloop keys list",
        "trainingloop keys create --tenant acme",
        "trainingloop keys rotate --tenant acme",
        "trainingloop keys destroy --tenant acme",
        "trainingloop keys token --tenant acme --kind PHONE '+1 415 555 0132'",
    )
)
def keys() -> None:
    """Manage the keys behind tokens and pseudonyms.

    Tokens can be compared, and made again from a known value, by whoever has their key. All
    tenants use the installation's key until they get one of their own. Secrets are never shown.
    """


@keys.command(
    name="list",
    epilog=examples(
        "trainingloop keys list --json",
    ),
)
@click.option("--json", "as_json", is_flag=True, help=_JSON_HELP)
def list_keys(as_json: bool) -> None:
    """List the keys.

    The tenant * is every one without a key of its own. A current key makes new tokens, an earlier
    one is kept to recognise older ones.
    """
    records = list(_records(load_keyring()))
    if environment.read(environment.REDACTION_KEY):
        _tell(f"{environment.REDACTION_KEY} is the key of all tenants; the key file is not read.")
    if as_json:
        print_json(records)
    else:
        print_table(_COLUMNS, records, empty="there are no keys")


@keys.command(
    epilog=examples(
        "trainingloop keys create --tenant acme",
    )
)
@click.option("--tenant", required=True, callback=named_tenant, help="Who gets the key.")
def create(tenant: str) -> None:
    """Give a tenant a key of its own.

    From then on its tokens differ from earlier ones, and no other tenant's tokens hang on the
    same key: it can be destroyed.
    """

    def change(keyring: Keyring) -> Keyring:
        if keyring.of_owner(tenant):
            raise KeysError(
                f"{tenant!r} has a key of its own already: `trainingloop keys rotate --tenant "
                f"{tenant}` makes a new one"
            )
        return keyring.with_current(tenant, _fresh())

    _show_current(edit_keyring(change), tenant)
    _tell(
        f"Tokens of {tenant!r} made from now on differ from earlier ones. Those were made with the "
        "installation's key and can be linked as long as that exists.",
        _RESTART,
    )


@keys.command(
    epilog=examples(
        "trainingloop keys rotate",
        "trainingloop keys rotate --tenant acme",
    )
)
@click.option(
    "--tenant",
    default=INSTALLATION,
    callback=_owner,
    help="Whose key; otherwise that of all tenants without one of their own.",
)
def rotate(tenant: str) -> None:
    """Make new tokens with a new key.

    The old one is kept, so that earlier tokens can still be found by `keys token`.
    """

    def change(keyring: Keyring) -> Keyring:
        _own_keys(keyring, tenant)
        return keyring.with_current(tenant, _fresh())

    _show_current(edit_keyring(change), tenant)
    _tell(
        f"Tokens of {_named(tenant)} made from now on differ from earlier ones; `trainingloop keys "
        "token` knows both.",
        _RESTART,
    )


@keys.command(
    epilog=examples(
        "trainingloop keys destroy --tenant acme",
        "trainingloop keys destroy --tenant acme --key-id 1f0c22ab --yes",
    )
)
@click.option(
    "--tenant",
    required=True,
    callback=_owner,
    help="Whose key; * is that of all tenants without one of their own.",
)
@click.option("--key-id", metavar="ID", help="Which one; otherwise all of the tenant's.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def destroy(tenant: str, key_id: str | None, yes: bool) -> None:
    """Remove keys for good.

    Tokens made with them can be linked to no value any more, and nothing brings a key back. If the
    current one goes, the tenant gets a new one at once.
    """
    doomed = _doomed(load_keyring(), tenant, key_id)
    ids = listed([key.id for key in doomed])
    if not yes:
        click.confirm(
            f"Tokens made with {counted(len(doomed), 'key')} of {_named(tenant)} ({ids}) can never "
            "be linked to a value again. Destroy?",
            abort=True,
            err=True,
        )

    def change(keyring: Keyring) -> Keyring:
        if _doomed(keyring, tenant, key_id) != doomed:
            raise KeysError(
                f"the keys of {_named(tenant)} were changed meanwhile, none was destroyed: look at "
                "them with `trainingloop keys list`, then try again"
            )
        return keyring.without(tenant, key_id, successor=_fresh())

    _show_current(edit_keyring(change), tenant)
    _tell(f"Destroyed: {ids}.", _COPIES, _RESTART)
    if tenant != INSTALLATION:
        _tell(
            f"Tokens from before {tenant!r} had a key of its own were made with the installation's "
            "and can be linked as long as that exists."
        )


@keys.command(
    epilog=examples(
        "trainingloop keys token --tenant acme --kind PHONE '+1 415 555 0132'",
        "trainingloop keys token --tenant acme --kind CUSTOMER - < customer-id.txt",
    )
)
@click.option("--tenant", required=True, callback=named_tenant, help="In whose decisions.")
@click.option(
    "--kind",
    required=True,
    metavar="KIND",
    help="What the value is, as tokens call it: EMAIL, PHONE, PERSON, ADDRESS, IP, … or one of the "
    "policy's own kinds. CUSTOMER is the id the recorder was given.",
)
@click.option("--json", "as_json", is_flag=True, help=_JSON_HELP)
@click.argument("value")
def token(tenant: str, kind: str, value: str, as_json: bool) -> None:
    """Show the tokens that stand for a value one knows.

    To find what is stored about somebody who asks for it or wants it erased, search decisions
    for these tokens: `trainingloop export | grep TOKEN`. As VALUE, - reads the value from standard
    input, so that no shell keeps it in its history.
    """
    from trainingloop.cli._key_tokens import TokenFinder  # the redaction: start-up time

    finder, kind = TokenFinder(tenant), kind.upper()
    if kind not in finder.kinds:
        raise click.BadParameter(
            f"no kind that has tokens was given: use one of {listed(finder.kinds)}; those of "
            "others are the same for all values",
            param_hint="--kind",
        )
    known = sys.stdin.buffer.read().decode("utf-8", "replace") if value == "-" else value
    keyring = load_keyring()
    records = [
        {"token": found, "key": key.id, "state": state}
        for key, state in _with_state((keyring.for_tenant(tenant), *keyring.earlier(tenant)))
        for found in finder.tokens(known.strip(), kind, key)
    ]
    if not records:
        raise KeysError(
            f"the value was not recognised as {kind}, so no token stands for it: write it as the "
            "customer would, a telephone number with + and its country code"
        )
    if as_json:
        print_json(records)
    else:
        print_table(_TOKEN_COLUMNS, records, empty="")


def _records(keyring: Keyring) -> Iterator[dict[str, object]]:
    for owner in (INSTALLATION, *sorted(keyring.tenants)):
        for key, state in _with_state(keyring.of_owner(owner)):
            yield {"tenant": owner, "id": key.id, "created": key.created, "state": state}


def _with_state(owned: tuple[Key, ...]) -> Iterator[tuple[Key, str]]:
    for position, key in enumerate(owned):
        yield key, "earlier" if position else "current"


def _own_keys(keyring: Keyring, owner: str) -> tuple[Key, ...]:
    owned = keyring.of_owner(owner)
    if not owned:
        raise KeysError(
            f"{owner!r} has no key of its own, it uses the installation's, as others do: "
            f"`trainingloop keys create --tenant {owner}` gives it one. "
            "Tokens made before stay linked to the installation's key"
        )
    return owned


def _doomed(keyring: Keyring, owner: str, key_id: str | None) -> tuple[Key, ...]:
    owned = _own_keys(keyring, owner)
    doomed = tuple(key for key in owned if key_id in (None, key.id))
    if not doomed:
        raise KeysError(
            f"{_named(owner)} has no key {key_id!r}: use one of {listed([key.id for key in owned])}"
        )
    return doomed


def _fresh() -> Key:
    return Key.fresh(created=datetime.now(UTC))


def _named(owner: str) -> str:
    return "the installation" if owner == INSTALLATION else repr(owner)


def _show_current(keyring: Keyring, owner: str) -> None:
    click.echo(f"{owner} {keyring.of_owner(owner)[0].id}")


def _tell(*notices: str) -> None:
    for notice in notices:
        click.echo(notice, err=True)
