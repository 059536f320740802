"""Brings a store to the schema this version of trainingloop writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainingloop.store._sql import Statement, statements
from trainingloop.store.errors import StoreError, StoreTooNewError

if TYPE_CHECKING:
    from trainingloop.store._connection import Connection
    from trainingloop.store.address import StoreAddress


def migrate(connection: Connection, address: StoreAddress) -> None:
    """Apply what is missing, in order; each migration can be run again after a crash.

    Raises:
        StoreTooNewError: the store has a migration this version does not know.
        StoreError: an applied migration had another text than the one shipped now.
    """
    known = statements("migrations")
    connection.command(_render("CREATE DATABASE IF NOT EXISTS {database} {on_cluster}", address))
    connection.command(_render(known[0].text, address))
    applied = _applied(connection, address)
    _refuse_newer(applied, known)
    for migration in known:
        if migration.number not in applied:
            connection.command(_render(migration.text, address))
            _record(connection, address, migration)
        elif applied[migration.number] != migration.checksum:
            raise StoreError(
                f"migration {migration.name!r} was applied with another text: this store and this "
                "trainingloop do not belong together; use the version that made it or a new store"
            )


def _render(text: str, address: StoreAddress) -> str:
    return (
        text.replace("{database}", address.database)
        .replace("{on_cluster}", f"ON CLUSTER '{address.cluster}'" if address.cluster else "")
        .replace("{replicated}", "Replicated" if address.cluster else "")
    )


def _applied(connection: Connection, address: StoreAddress) -> dict[int, str]:
    table = connection.query(
        f"SELECT number, checksum FROM {address.database}.schema_migrations FINAL",  # noqa: S608  # an identifier parse_address has checked
        {},
    )
    return {int(str(number)): _text(checksum) for number, checksum in table.rows}


def _text(value: object) -> str:
    """FixedString arrives as bytes or text, depending on the client's version."""
    return value.decode() if isinstance(value, bytes) else str(value)


def _refuse_newer(applied: dict[int, str], known: tuple[Statement, ...]) -> None:
    newest = max(applied, default=0)
    if newest > known[-1].number:
        raise StoreTooNewError(
            f"the store is at schema {newest}, this trainingloop knows up to {known[-1].number}: "
            "upgrade trainingloop, or use another --store"
        )


def _record(connection: Connection, address: StoreAddress, migration: Statement) -> None:
    connection.query(
        f"INSERT INTO {address.database}.schema_migrations (number, name, checksum) "
        "SELECT {number:UInt32}, {name:String}, {checksum:String}",
        {"number": migration.number, "name": migration.name, "checksum": migration.checksum},
    )
