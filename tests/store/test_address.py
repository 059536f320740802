"""What a DSN may say."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainingloop.store.address import StoreAddress, parse_address
from trainingloop.store.errors import StoreAddressError


def test_an_embedded_address_names_a_folder() -> None:
    """Three slashes are an absolute folder."""
    address = parse_address("chdb:///srv/loop")

    assert address == StoreAddress(engine="chdb", directory=Path("/srv/loop"))


def test_a_relative_folder_is_resolved_once() -> None:
    """Two slashes are a folder under the working directory."""
    address = parse_address("chdb://here/store")

    assert address.directory == Path("here/store").absolute()


def test_a_server_address_has_defaults_for_what_it_leaves_out() -> None:
    """Port, user and database are ClickHouse's HTTP defaults and ours."""
    address = parse_address("clickhouse://db.example.com")

    assert address == StoreAddress(
        engine="clickhouse", host="db.example.com", port=8123, user="default"
    )


def test_a_server_address_says_everything() -> None:
    """User, password, port, database, TLS and cluster are all read."""
    address = parse_address("clickhouses://ann:s%40x@db.example.com:9440/loop?cluster=east")

    assert address == StoreAddress(
        engine="clickhouse",
        host="db.example.com",
        port=9440,
        user="ann",
        password="s@x",
        is_secure=True,
        database="loop",
        cluster="east",
    )


@pytest.mark.parametrize(
    "dsn",
    [
        "",
        "store",
        "sqlite:///x",
        "chdb://",
        "chdb://memory",
        "clickhouse://",
        "clickhouse://host:port",
        "clickhouse://host/da;ta",
        "clickhouse://host/db?cluster=a'b",
    ],
)
def test_an_address_that_names_no_store_is_refused(dsn: str) -> None:
    """The message says what would have been right."""
    with pytest.raises(StoreAddressError, match="use "):
        parse_address(dsn)


def test_a_password_is_never_shown() -> None:
    """Neither the error nor the repr of an address holds the password."""
    with pytest.raises(StoreAddressError) as caught:
        parse_address("postgres://ann:hunter2@db.example.com/x")

    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(parse_address("clickhouse://ann:hunter2@db.example.com"))
