"""Where a request may go: the address guard in front of every connection.

Belongs here: resolving a host once, refusing addresses that are nobody else's business (loopback, private, link-local), connecting
to exactly the address that was checked, a clock over every byte of a request, certificates and what an operator may allow of them.
Does not belong here: requests and answers (`fetching`).

A name is resolved when a connection is made and never again for it, so an answer of the name server that changes between check
and connection has no effect; redirects make connections of their own and pass here too. The host's name stays in `Host` and in TLS.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import certifi
import httpcore

# Host → addresses as text.
Resolver = Callable[[str, int], list[str]]
# Seconds for the name server.
_RESOLVING = 15.0
# OpenSSL's X509_V_FLAG_NO_CHECK_TIME.
_NO_CHECK_TIME = 0x200000
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class RefusedError(Exception):
    """A host that is not connected to, with the address that is the reason."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(f"{host} is {address}")
        self.host = host
        self.address = address


class UnresolvedError(Exception):
    """A host whose name leads nowhere."""


class Clock:
    """How long the request of the present thread may still take."""

    def __init__(self) -> None:
        self._local = threading.local()

    def start(self, seconds: float) -> None:
        self._local.end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds; never above what a single read may take, zero or less when the time is over."""
        return float(getattr(self._local, "end", float("inf"))) - time.monotonic()


def system_resolver(host: str, port: int) -> list[str]:
    """What the system says, in its order. Raises UnresolvedError; also when it says nothing for long."""
    found: list[str] = []
    failed: list[BaseException] = []

    def ask() -> None:
        try:
            found.extend(str(a[4][0]) for a in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as e:
            failed.append(e)

    # The system's call cannot be given a time.
    thread = threading.Thread(target=ask, name="resolve", daemon=True)
    thread.start()
    thread.join(_RESOLVING)
    if not found:
        raise UnresolvedError(str(failed[0]) if failed else f"no answer of the name server for {host}")
    return list(dict.fromkeys(found))


def _inside(address: Address) -> Iterable[Address]:
    """The address and those that it carries: an IPv6 address may stand for one of IPv4."""
    yield address
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            yield address.ipv4_mapped
        if address.sixtofour is not None:
            yield address.sixtofour
        if address.teredo is not None:
            yield from address.teredo
        if address in _NAT64:
            yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)


def is_public(text: str) -> bool:
    """Whether an address is one that anybody on the internet may be asked at."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    mapped = isinstance(address, ipaddress.IPv6Address) and (address.ipv4_mapped is not None or address in _NAT64)
    for each in _inside(address):
        if each is address and mapped:
            continue
        if not each.is_global or each.is_multicast or each.is_unspecified or each.is_reserved:
            return False
    return True


def maybe_public(host: str) -> bool:
    """Whether a host may be asked for, as far as its name tells: behind a proxy there is nothing else to go by."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return host != "localhost" and not host.endswith((".localhost", ".local", ".internal"))
    return is_public(host.strip("[]"))


def checked(host: str, port: int, resolver: Resolver, *, private: bool) -> list[str]:
    """The addresses of a host. Raises RefusedError when any of them is not public, unless private ones are allowed."""
    addresses = resolver(host, port)
    if not addresses:
        raise UnresolvedError(f"no address for {host}")
    if not private:
        for address in addresses:
            if not is_public(address):
                raise RefusedError(host, address)
    return addresses


class _Stream(httpcore.NetworkStream):
    """A connection on which nothing takes longer than the request's clock allows."""

    def __init__(self, inner: httpcore.NetworkStream, clock: Clock) -> None:
        self._inner = inner
        self._clock = clock

    def _within(self, timeout: float | None) -> float:
        left = self._clock.left()
        if left <= 0:
            raise httpcore.ReadTimeout("the time for this request is over")
        return left if timeout is None else min(timeout, left)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._within(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._within(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, self._within(timeout)), self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class Backend(httpcore.SyncBackend):
    """Connects to addresses that were checked, and to no others."""

    def __init__(self, resolver: Resolver, clock: Clock, *, private: bool) -> None:
        self._resolver = resolver
        self._clock = clock
        self._private = private

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        error: Exception | None = None
        for address in checked(host, port, self._resolver, private=self._private):
            left = self._clock.left()
            if left <= 0:
                raise httpcore.ConnectTimeout("the time for this request is over")
            try:
                within = left if timeout is None else min(timeout, left)
                inner = super().connect_tcp(address, port, within, local_address, socket_options)
                return _Stream(inner, self._clock)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as e:
                error = e
        assert error is not None
        raise error

    def connect_unix_socket(self, path: str, timeout: float | None = None, socket_options: Any = None) -> Any:
        raise httpcore.UnsupportedProtocol("no request of ours goes to a socket file")


@cache
def context(*, expired: bool, foreign: bool) -> ssl.SSLContext:
    """How certificates are looked at: strictly, but for their time or their name where an operator allows that."""
    # The system's authorities, an office's own among them, and those of the web where the system has none.
    made = ssl.create_default_context()
    made.load_verify_locations(certifi.where())
    if expired:
        made.verify_flags |= ssl.VerifyFlags(_NO_CHECK_TIME)
    if foreign:
        made.check_hostname = False
    return made
