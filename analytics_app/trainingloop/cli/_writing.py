"""Files that commands write: they appear whole, or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Generator


@contextmanager
def written(output: Path | None) -> Generator[IO[bytes]]:
    """Open what is written to: standard output, or a file that appears when all went well."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if output.exists() and not output.is_file():
        # A pipe or a device cannot be replaced.
        with output.open("wb") as file:
            yield file
        return
    with replacing(output) as file:
        yield file


@contextmanager
def replacing(output: Path) -> Generator[IO[bytes]]:
    """Open a file that takes the place of ``output`` when all went well."""
    try:
        descriptor, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
    except OSError as error:
        raise click.ClickException(
            f"cannot write {output} ({error.strerror}): give a file in a folder you can write"
        ) from error
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        temporary.replace(output)
    except OSError as error:
        raise click.ClickException(f"cannot write {output} ({error.strerror})") from error
    finally:
        temporary.unlink(missing_ok=True)
