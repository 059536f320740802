"""Whether ports can be listened on, before anything is begun that needs them."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


def is_free(host: str, port: int) -> bool:
    """Whether this process could listen on ``port`` of ``host`` now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError:
            return False
    return True


def refuse_taken_ports(host: str, ports: Mapping[str, int]) -> None:
    """End the command if one of ``ports``, by their options, is taken."""
    for option, port in ports.items():
        if not is_free(host, port):
            raise click.ClickException(
                f"port {port} of {host} is taken: end what listens there, or choose another "
                f"port with {option} (0: any free one)"
            )
