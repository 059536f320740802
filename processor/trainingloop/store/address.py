"""Where a store lives: the DSN, parsed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from trainingloop.store.errors import StoreAddressError

DATABASE: Final = "trainingloop"
_ALLOWED: Final = (
    "chdb:///absolute/dir, chdb://relative/dir, clickhouse://[user[:password]@]host[:port][/db] "
    "or clickhouses://… for TLS; ?cluster=NAME for a replicated cluster"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreAddress:
    """A parsed DSN."""

    engine: Literal["chdb", "clickhouse"]
    directory: Path | None = None
    """The folder of an embedded store: the engine's files and who owns them."""
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    is_secure: bool = False
    database: str = DATABASE
    cluster: str = ""

    def __repr__(self) -> str:
        """Show where, never the password."""
        place = self.directory or f"{self.host}:{self.port}/{self.database}"
        return f"StoreAddress({self.engine}://{place})"


def parse_address(dsn: str) -> StoreAddress:
    """Return where ``dsn`` points.

    Raises:
        StoreAddressError: the DSN has another scheme, no place, or a port that is no number.
    """
    scheme, separator, rest = dsn.partition("://")
    if not separator or scheme not in ("chdb", "clickhouse", "clickhouses"):
        raise StoreAddressError(f"{_without_password(dsn)!r} is no store: use {_ALLOWED}")
    if scheme == "chdb":
        return _embedded(dsn, rest)
    return _server(dsn, is_secure=scheme == "clickhouses")


def _embedded(dsn: str, rest: str) -> StoreAddress:
    place = unquote(rest.partition("?")[0])
    if not place or place == "memory":
        raise StoreAddressError(f"{dsn!r} names no folder: use {_ALLOWED}")
    return StoreAddress(engine="chdb", directory=Path(place).expanduser().absolute())


def _server(dsn: str, *, is_secure: bool) -> StoreAddress:
    try:
        parts = urlsplit(dsn)
        port = parts.port or (8443 if is_secure else 8123)
    except ValueError as error:
        raise StoreAddressError(
            f"{_without_password(dsn)!r} is no store: use {_ALLOWED}"
        ) from error
    if not parts.hostname:
        raise StoreAddressError(f"{_without_password(dsn)!r} names no host: use {_ALLOWED}")
    database = parts.path.strip("/") or DATABASE
    if not database.isidentifier():
        raise StoreAddressError(f"{database!r} is no database name: use letters, digits and _")
    return StoreAddress(
        engine="clickhouse",
        host=parts.hostname,
        port=port,
        user=unquote(parts.username or "default"),
        password=unquote(parts.password or ""),
        is_secure=is_secure,
        database=database,
        cluster=_cluster(parts.query),
    )


def _cluster(query: str) -> str:
    name = (parse_qs(query).get("cluster") or [""])[0]
    if name and not name.replace("-", "_").isidentifier():
        raise StoreAddressError(f"{name!r} is no cluster name: use letters, digits, - and _")
    return name


def _without_password(dsn: str) -> str:
    head, at, tail = dsn.rpartition("@")
    return f"{head.partition('://')[0]}://…@{tail}" if at else dsn
