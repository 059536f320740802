"""The secrets behind tokens: one of the installation, and those of tenants with their own."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from trainingloop.instrumentation.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

INSTALLATION: Final = "*"
"""What stands in the place of a tenant for the keys that serve all the others."""
MIN_CHARACTERS: Final = 16
_ID_CHARACTERS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One secret and the id that names it in spans, listings and the key file."""

    id: str
    secret: bytes = field(repr=False)
    created: datetime | None = None
    """When it was made, where somebody wrote that down."""

    @classmethod
    def of(cls, secret: bytes, *, created: datetime | None = None) -> Key:
        """The key with this secret; its id is a hash, so that it is the same everywhere.

        Raises:
            ConfigurationError: The secret is too short to keep anything secret.
        """
        if len(secret) < MIN_CHARACTERS:
            raise ConfigurationError(
                f"a secret of {len(secret)} characters was given; a redaction key needs at least "
                f"{MIN_CHARACTERS}. Make one with: python -c 'import secrets; "
                "print(secrets.token_hex(32))'"
            )
        digest = hashlib.sha256(secret).hexdigest()
        return cls(id=digest[:_ID_CHARACTERS], secret=secret, created=created)

    @classmethod
    def fresh(cls, *, created: datetime) -> Key:
        """A key nobody has seen before."""
        return cls.of(secrets.token_hex(32).encode(), created=created.replace(microsecond=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """Which key makes a tenant's tokens now, and which ones made them earlier.

    It travels to other processes; its representation shows ids and never a secret.
    """

    installation: tuple[Key, ...]
    """The keys of tenants without any of their own: the current one, then older ones."""
    tenants: Mapping[str, tuple[Key, ...]] = field(
        default_factory=dict[str, tuple[Key, ...]], hash=False
    )
    """The keys of tenants with their own: the current one, then older ones."""

    @classmethod
    def of(cls, secret: bytes) -> Keyring:
        """The keyring of an installation with one secret for all tenants.

        Raises:
            ConfigurationError: The secret is too short to keep anything secret.
        """
        return cls(installation=(Key.of(secret),))

    def for_tenant(self, tenant: str) -> Key:
        """The key that makes the tenant's tokens: its own, else the installation's."""
        own = self.tenants.get(tenant)
        return own[0] if own else self.installation[0]

    def earlier(self, tenant: str) -> tuple[Key, ...]:
        """The keys the tenant's older tokens may have been made with, newest first.

        A tenant with keys of its own may have begun with the installation's: those come last.
        """
        own = self.tenants.get(tenant, ())
        return own[1:] + self.installation if own else self.installation[1:]

    def oldest(self, tenant: str) -> Key:
        """The key behind ids that outlast a rotation: the oldest of the tenant's own, if any."""
        return (self.tenants.get(tenant) or self.installation)[-1]

    def of_owner(self, owner: str) -> tuple[Key, ...]:
        """The keys of one tenant or, as ``*``, of the installation, the current one first."""
        return self.installation if owner == INSTALLATION else self.tenants.get(owner, ())

    def with_current(self, owner: str, key: Key) -> Keyring:
        """This keyring with another current key of ``owner``; its older keys stay."""
        return self._with(owner, (key, *self.of_owner(owner)))

    def without(self, owner: str, key_id: str | None, *, successor: Key) -> Keyring:
        """This keyring without one key of ``owner``, or without any of them.

        Args:
            owner: a tenant or, as ``*``, the installation.
            key_id: which key goes; all of the owner's when not given.
            successor: becomes the current key if that was among them, so that nothing new is
                ever made with a key that is gone, or with that of somebody else.
        """
        keys = self.of_owner(owner)
        kept = tuple(key for key in keys if key_id is not None and key.id != key_id)
        is_current_gone = kept[:1] != keys[:1]
        return self._with(owner, (successor, *kept) if is_current_gone else kept)

    def _with(self, owner: str, keys: tuple[Key, ...]) -> Keyring:
        if owner == INSTALLATION:
            return replace(self, installation=keys)
        return replace(self, tenants={**self.tenants, owner: keys})
