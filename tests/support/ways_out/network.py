"""Over the network, by the standard library."""

from __future__ import annotations

import asyncio
import concurrent.futures
import ftplib
import http.client
import smtplib
import socket
import threading
import urllib.request
from typing import TYPE_CHECKING

from support.ways_out.way import way, witness

if TYPE_CHECKING:
    from support.ways_out.way import Target


@way()
def _tcp_urllib(target: Target) -> object:
    return urllib.request.urlopen(target.url("tcp_urllib"), timeout=2)


@way()
def _tcp_http_client(target: Target) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", target.port("tcp_http_client"), timeout=2)
    connection.request("POST", "/", b"{}")


@way()
def _tcp_raw(target: Target) -> None:
    socket.create_connection(("127.0.0.1", target.port("tcp_raw")), timeout=2)


@way()
def _tcp_connect_ex(target: Target) -> None:
    with socket.socket() as sock:
        sock.connect_ex(("127.0.0.1", target.port("tcp_connect_ex")))


@way()
def _tcp_name_that_lies(target: Target) -> None:
    """An address that compares equal to the endpoint's and is another."""

    class Lying(str):
        __slots__ = ()

        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return hash("127.0.0.1")

    class Port(int):
        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return hash(target.endpoint)

    address = (Lying("127.0.0.1"), Port(target.port("tcp_name_that_lies")))
    with socket.socket() as sock:
        sock.connect(address)


@way()
def _tcp_asyncio(target: Target) -> None:
    async def connect() -> None:
        loop = asyncio.get_running_loop()
        with socket.socket() as sock:
            sock.setblocking(False)
            await loop.sock_connect(sock, ("127.0.0.1", target.port("tcp_asyncio")))

    target.loop.run_until_complete(connect())


@way()
def _tcp_smtplib(target: Target) -> None:
    smtplib.SMTP("127.0.0.1", target.port("tcp_smtplib"), timeout=2)


@way()
def _tcp_ftplib(target: Target) -> None:
    ftplib.FTP().connect("127.0.0.1", target.port("tcp_ftplib"), timeout=2)


@way()
def _tcp_thread(target: Target) -> None:
    failed: list[OSError] = []

    def connect() -> None:
        try:
            socket.create_connection(("127.0.0.1", target.port("tcp_thread")), timeout=2)
        except OSError as error:
            failed.append(error)

    thread = threading.Thread(target=connect)
    thread.start()
    thread.join()
    for error in failed:
        raise error


@way()
def _tcp_executor(target: Target) -> None:
    with concurrent.futures.ThreadPoolExecutor(1) as executor:
        address = ("127.0.0.1", target.port("tcp_executor"))
        executor.submit(socket.create_connection, address, 2).result()


@way()
def _udp_raw(target: Target) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(b"secret", ("127.0.0.1", target.port("udp_raw")))


@way()
def _udp_connected(target: Target) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(("127.0.0.1", target.port("udp_connected")))
        sock.send(b"secret")


@way()
def _udp_dns_query(target: Target) -> None:
    """A question to a name server of the attacker, with what it wants to tell in the name."""
    query = (
        b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x06secret\x07example\x00\x00\x01\x00\x01"
    )
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendmsg([query], [], 0, ("127.0.0.1", target.port("udp_dns_query")))


@way()
def _name_lookup(target: Target) -> None:
    socket.getaddrinfo("localhost", 80)
    witness(target.path("name_lookup"))


@way()
def _name_lookup_by_host(target: Target) -> None:
    socket.gethostbyname("localhost")
    witness(target.path("name_lookup_by_host"))


@way()
def _tcp_listen(target: Target) -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
    witness(target.path("tcp_listen"))


@way()
def _unix_socket(target: Target) -> None:
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(target.path("unix_socket.listening"))
        sock.sendall(b"secret")
