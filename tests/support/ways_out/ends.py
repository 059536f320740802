"""By what no event tells of, and by the last thing a process does."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from support.ways_out.way import ENDING, UNSEEN, way

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.ways_out.way import Target


@way(UNSEEN)
def _file_tls_keys(target: Target) -> None:
    """OpenSSL opens the file itself."""
    import ssl

    ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).keylog_filename = target.path("file_tls_keys")


@way(ENDING)
def _ending_exec(target: Target) -> None:
    os.execv(target.touch, ["touch", target.path("ending_exec")])


@way(ENDING)
def _ending_finalizer(target: Target) -> None:
    """Interpreters forget their hooks before they forget everything else."""
    import codecs

    class Last:
        def __init__(self, make: Callable[[str], None], path: str) -> None:
            self.make = make
            self.path = path

        def __call__(self, _name: str) -> None:
            return None

        def __del__(self) -> None:
            self.make(self.path)

    codecs.register(Last(os.mkdir, target.path("ending_finalizer")))
