"""``--store``: before the command or after it, from the environment, or the user's own."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")

STORE: Final = "TRAININGLOOP_STORE"
"""Where the decisions are, as a DSN. Default ``chdb://<data dir>/store``."""
STORE_HELP: Final = (
    "Where the decisions are: chdb:///folder, or clickhouse://user@host/database. "
    f"Else {STORE}, else a folder in the user's data directory."
)


def default_dsn() -> str:
    """Return the store of this user."""
    from trainingloop.instrumentation.environment import data_dir  # imports the recorder

    return f"chdb://{data_dir() / 'store'}"


def with_store(command: Callable[Concatenate[str, P], R]) -> Callable[P, R]:
    """Give ``command`` a ``--store`` option and, as its first argument, the DSN that holds."""

    @click.option("--store", "own_store", metavar="DSN", help=STORE_HELP)
    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        own = kwargs.pop("own_store", None)
        return command(str(own or _of_group() or default_dsn()), *args, **kwargs)

    return wrapped


def with_named_store(command: Callable[Concatenate[str | None, P], R]) -> Callable[P, R]:
    """Give ``command`` the DSN that was written on the command line, or None.

    For a command that must not touch the store the environment names.
    """

    @click.option("--store", "own_store", metavar="DSN", help="Record into this store as it is.")
    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        own = kwargs.pop("own_store", None)
        named = own or (_of_group() if _is_on_command_line() else None)
        return command(str(named) if named else None, *args, **kwargs)

    return wrapped


def _of_group() -> str | None:
    root = click.get_current_context().find_root()
    found: object = root.params.get("store")
    return str(found) if found else None


def _is_on_command_line() -> bool:
    root = click.get_current_context().find_root()
    return root.get_parameter_source("store") is ParameterSource.COMMANDLINE
