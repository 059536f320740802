"""The ``trainingloop`` command."""

from __future__ import annotations

import signal
import sys

__all__ = ["main"]


def main() -> None:
    """Run the command this process was started with, and end the process."""
    try:
        from trainingloop.cli._app import cli  # the base install has no click
    except ImportError as error:
        sys.exit(
            f"the trainingloop command needs {error.name}: pip install 'trainingloop[local]', "
            "or 'trainingloop[server]' where the store is a ClickHouse server"
        )
    # A service manager's way to stop, too, is one in which temporary files and children go away.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    cli()
