"""What a key file says: one secret, or a keyring with one key a line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation import environment
from trainingloop.instrumentation._keyring import INSTALLATION, MIN_CHARACTERS, Key, Keyring
from trainingloop.instrumentation.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

_HEADER: Final = "# trainingloop keys"
"""The first line of a keyring; what begins in another way is one secret."""
_EXPLANATION: Final = (
    "# One key a line: tenant, id, when it was made, secret. * is every tenant without a line.",
    "# A tenant's first line is its current key, the others are earlier ones.",
)
_SHAPE: Final = "'tenant id created secret', with '-' for an id or a time nobody wrote down"
_FIELDS: Final = 4
_BYTE_ORDER_MARK: Final = "\ufeff"
"""What some editors begin a file with. Of one secret it is a part: it always was."""
_UNKNOWN: Final = "-"
_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"


def keyring_of(text: str, path: Path) -> Keyring:
    """Return the keyring a file holds.

    Raises:
        ConfigurationError: It is not one; file and line are named, no secret is.
    """
    lines = [line.strip() for line in text.split("\n")]
    if lines[0].removeprefix(_BYTE_ORDER_MARK) != _HEADER:
        return Keyring(installation=(_only_key(lines, path),))
    keys: dict[str, list[Key]] = {}
    line_of: dict[str, int] = {}
    for number, line in enumerate(lines[1:], 2):
        if line and not line.startswith("#"):
            place = _Place(path=path, line=number)
            owner, key = _parsed(line, place)
            if key.id in line_of:
                raise place.error(
                    f"repeats the key of line {line_of[key.id]}: every key stands once, with one "
                    "tenant. Take one of the two lines out"
                )
            line_of[key.id] = number
            keys.setdefault(owner, []).append(key)
    if INSTALLATION not in keys:
        raise ConfigurationError(
            f"{path} has no key for tenants without one of their own: put its line back, or add "
            f"'{INSTALLATION} - - ' and a secret of at least {MIN_CHARACTERS} characters"
        )
    installation = tuple(keys.pop(INSTALLATION))
    return Keyring(
        installation=installation, tenants={owner: tuple(own) for owner, own in keys.items()}
    )


def text_of(keyring: Keyring) -> str:
    """Return what a file with ``keyring`` says."""
    keys = [(INSTALLATION, key) for key in keyring.installation]
    for tenant, own in sorted(keyring.tenants.items()):
        keys += ((tenant, key) for key in own)
    lines = (
        f"{owner} {key.id} {_written(key.created)} {key.secret.decode()}" for owner, key in keys
    )
    return "\n".join((_HEADER, *_EXPLANATION, *lines, ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    path: Path
    line: int

    def error(self, problem: str) -> ConfigurationError:
        return ConfigurationError(f"line {self.line} of {self.path} {problem}")


def _only_key(lines: list[str], path: Path) -> Key:
    written = [(number, line) for number, line in enumerate(lines, 1) if line] or [(1, "")]
    if len(written) > 1:
        raise _Place(path=path, line=written[1][0]).error(
            f"is one too many: a key file is one secret on one line, or begins with the line "
            f"'{_HEADER}' and has one key a line: {_SHAPE}"
        )
    try:
        return Key.of(written[0][1].encode())
    except ConfigurationError as error:
        raise _Place(path=path, line=written[0][0]).error(f"is no key: {error}") from None


def _parsed(line: str, place: _Place) -> tuple[str, Key]:
    # The secret comes last, and may hold spaces: somebody may have chosen a sentence.
    fields = line.split(maxsplit=_FIELDS - 1)
    if len(fields) != _FIELDS:
        raise place.error(f"has {len(fields)} fields, a key has {_FIELDS}: {_SHAPE}")
    owner, key_id, created, secret = fields
    if owner != INSTALLATION and not environment.is_tenant(owner):
        raise place.error(
            f"does not begin with a tenant: {environment.TENANT_RULE}, or '{INSTALLATION}' for "
            "every tenant without a line"
        )
    try:
        key = Key.of(secret.encode(), created=_read(created, place))
    except ConfigurationError as error:
        raise place.error(f"holds no key: {error}") from None
    if key_id not in (_UNKNOWN, key.id):
        raise place.error(
            "has an id that is not its secret's: part of the line was changed or cut off. Put the "
            "line back as it was; where the secret is the right one, write '-' for the id"
        )
    return owner, key


def _read(created: str, place: _Place) -> datetime | None:
    if created == _UNKNOWN:
        return None
    try:
        return datetime.strptime(created, _TIME).replace(tzinfo=UTC)
    except ValueError:
        raise place.error(
            "does not say when the key was made: write it as 2026-11-22T09:30:00Z, or '-'"
        ) from None


def _written(created: datetime | None) -> str:
    return _UNKNOWN if created is None else created.astimezone(UTC).strftime(_TIME)
