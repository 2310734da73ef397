"""Calling out (出站调用): the one way this house speaks to another server over HTTP.

An address that a person typed can lead to our own database, a cloud's metadata or a neighbour's switch (SSRF). So a
name is resolved once, every address it has is judged, and the connection goes to an address that was judged: what the
name server says a moment later (DNS rebinding) is never asked for. Certificate, SNI and Host stay those of the name.
Redirects are answers like any other and are not followed. Source: BARS A 30.
"""

from __future__ import annotations

import ipaddress
import logging
import re
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal
from http.client import HTTPS_PORT, HTTPConnection, HTTPException, HTTPResponse
from threading import Event, Timer
from time import monotonic
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext_lazy as _

from hongyan.core.parameters import Parameter, define, value_of

log = logging.getLogger(__name__)

INTRANET = define(
    Parameter(
        is_guarded=True,
        key="outgoing.intranet",
        default=[],
        kind="list",
        label=_("出站调用可以到达的内网网段，例如 10.20.0.0/16"),
        source="BARS A 30",
    )
)
LONGEST_CALL = define(
    Parameter(
        is_guarded=True,
        key="outgoing.seconds",
        default=10,
        kind="int",
        label=_("出站调用最长等待多久"),
        unit=_("秒"),
        source="BARS A 33",
        minimum=Decimal(1),
        maximum=Decimal(60),
    )
)
LARGEST_ANSWER = 1 << 20
"""Bytes of an answer's body that are read unless the caller asks for another limit."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_URL = re.compile(r"[!-~]{1,2000}")
_TRANSLATED = ipaddress.ip_network("64:ff9b::/32")  # NAT64, RFC 6052 and RFC 8215
_NOT_PUBLIC = (
    ipaddress.ip_network("100.64.0.0/10"),  # carriers' own addresses, RFC 6598
    ipaddress.ip_network("192.0.0.0/24"),  # protocols', RFC 6890; a cloud keeps its metadata there
    ipaddress.ip_network("fec0::/10"),  # sites' own addresses before there were fc00::/7, RFC 3879
)


class CallFailed(Exception):
    """A call that was refused or came to nothing; nothing is known about whether the other side acted on it.

    `code` is one of address, setting, forbidden, unknown_host, timeout, too_large, certificate, unreachable.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said, whatever its status; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def call(
    url: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    limit: int = LARGEST_ANSWER,
    schemes: Sequence[str] = ("https",),
) -> Answer:
    """Send one request and read its answer. `limit` is in bytes of the answer's body.

    All of it, from connecting to the last byte, takes no longer than the parameter says. Errors: CallFailed.
    """
    parts = _parts(url, schemes)
    try:
        answer = _call(parts, method, body, headers or {}, limit)
    except CallFailed as error:
        log.warning("outgoing call failed", extra={"host": parts.hostname, "code": error.code})
        raise
    log.info("outgoing call", extra={"host": parts.hostname, "status": answer.status})
    return answer


def _call(
    parts: SplitResult, method: str, body: bytes | None, headers: Mapping[str, str], limit: int
) -> Answer:
    host, kind = str(parts.hostname), _KINDS[parts.scheme]
    port = parts.port or kind.default_port
    addresses = _judged(_resolved(host, port), _own_ranges())
    seconds = value_of(LONGEST_CALL)
    connection = kind(host, port, addresses=addresses, seconds=seconds)
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    with _in_time(connection, seconds):
        try:
            connection.request(method, path, body, {"Accept-Encoding": "identity", **headers})
        except OSError:  # a certificate's error is a ValueError too
            raise
        except ValueError as error:  # a method or header that would be more than one line
            raise CallFailed("address") from error
        return _read(connection.getresponse(), limit)


def is_reachable(address: Address, allowed: Sequence[Network] = ()) -> bool:
    """Whether a call may go to an address: a public one, or a private one of the house's own ranges.

    Loopback, link-local (where clouds keep their metadata), multicast, reserved addresses and those that hide another
    (IPv4 mapped, 6to4, Teredo, NAT64) are never reached, whatever `allowed` says.

    >>> ours = [ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("127.0.0.0/8")]
    >>> [is_reachable(ipaddress.ip_address(text), ours) for text in ("1.2.4.8", "10.1.1.1", "127.0.0.1", "192.168.0.1")]
    [True, True, False, False]
    """
    never = (
        address.is_loopback, address.is_link_local, address.is_multicast, address.is_unspecified, address.is_reserved,
    )  # fmt: skip
    if any(never) or _hides_another(address):
        return False
    if not address.is_global or any(address in network for network in _NOT_PUBLIC):
        return any(address in network for network in allowed)
    return True


def _own_ranges() -> list[Network]:
    """The house's own networks. Errors: CallFailed(setting) when what was entered is no network: nothing is guessed."""
    try:
        return [ipaddress.ip_network(text, strict=False) for text in value_of(INTRANET)]
    except ValueError as error:
        raise CallFailed("setting") from error


def _hides_another(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv4Address):
        return False
    hidden = (address.ipv4_mapped, address.sixtofour, address.teredo)
    return any(one is not None for one in hidden) or address in _TRANSLATED


def _parts(url: str, schemes: Sequence[str]) -> SplitResult:
    """An address taken apart. Errors: CallFailed(address) for another scheme, a user's name, odd characters."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise CallFailed("address") from error
    is_plain = parts.username is None and parts.password is None and port != 0
    if (
        not _URL.fullmatch(url)
        or "\\" in url
        or parts.scheme not in schemes
        or not parts.hostname
        or not is_plain
    ):
        raise CallFailed("address")
    return parts


def _resolved(host: str, port: int) -> list[str]:
    """All addresses of a name, asked for once. Errors: CallFailed(unknown_host)."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise CallFailed("unknown_host") from error
    return [str(entry[4][0]) for entry in found]


def _judged(texts: Sequence[str], allowed: Sequence[Network]) -> list[str]:
    """The addresses, if every one may be reached: a name with one of ours among them was made to deceive.

    Errors: CallFailed(forbidden).
    """
    if not texts or not all(is_reachable(ipaddress.ip_address(text), allowed) for text in texts):
        raise CallFailed("forbidden")
    return list(texts)


class _Plain(HTTPConnection):
    """A connection by name that opens to addresses known before, whatever the name means by then."""

    def __init__(self, host: str, port: int, *, addresses: Sequence[str], seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self._addresses, self._seconds = addresses, seconds
        self.line: socket.socket | None = None
        """What `sock` forgets once an answer begins whose end closes the connection."""

    def connect(self) -> None:
        self.line = self.sock = _open(self._addresses, self.port, self._seconds)


class _Secure(_Plain):
    """The same under TLS; the certificate has to be that of the name."""

    default_port = HTTPS_PORT

    def connect(self) -> None:
        super().connect()
        context = ssl.create_default_context()
        secured = context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
        self.line = self.sock = secured
        secured.do_handshake()  # after the assignment: whoever cuts the line has to find it


_KINDS = {"http": _Plain, "https": _Secure}


def _open(addresses: Sequence[str], port: int, seconds: float) -> socket.socket:
    """A socket to the first address that answers; all attempts together take `seconds`. Errors: OSError."""
    ends, failure = monotonic() + seconds, OSError("no address")
    for address in addresses:
        try:
            return socket.create_connection((address, port), max(ends - monotonic(), 0.001))
        except OSError as error:
            failure = error
    raise failure


@contextmanager
def _in_time(connection: _Plain, seconds: float) -> Iterator[None]:
    """Cut the connection when time is up, however slowly bytes drip; turn what went wrong into CallFailed."""
    is_over = Event()

    def cut() -> None:
        is_over.set()
        if connection.line:
            with suppress(OSError):
                connection.line.shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, HTTPException) as error:
        if is_over.is_set() or isinstance(error, TimeoutError):
            raise CallFailed("timeout") from error
        raise CallFailed("certificate" if isinstance(error, ssl.SSLError) else "unreachable") from error
    finally:
        timer.cancel()
        connection.close()
    if is_over.is_set():  # cut while reading, what was read looks whole
        raise CallFailed("timeout")


def _read(response: HTTPResponse, limit: int) -> Answer:
    """The answer, of which no more than `limit` bytes are taken into memory. Errors: CallFailed(too_large)."""
    body = response.read(limit + 1)
    if len(body) > limit:
        raise CallFailed("too_large")
    return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, body)
