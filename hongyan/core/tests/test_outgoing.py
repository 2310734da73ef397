"""Calling out: what may be reached, by which address, for how long and how much (BARS A 30).

The network is a stub: names mean what `names` says, and every permitted connection ends at a server of the test.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hongyan.core import outgoing
from hongyan.core.models import ParameterValue
from hongyan.core.outgoing import CallFailed, call, is_reachable

pytestmark = pytest.mark.django_db

PUBLIC, OTHER_PUBLIC, HOST = "1.2.4.8", "114.114.114.114", "partner.example"
LIMIT = 1000


class Partner(BaseHTTPRequestHandler):
    """The other side."""

    heard: list[tuple[str, str, bytes]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.heard.append((self.path, self.headers["Host"], body))
        self._say(200, b"got it")

    def do_GET(self) -> None:
        self.heard.append((self.path, self.headers["Host"], b""))
        if self.path == "/moved":
            self._say(302, b"", Location="http://127.0.0.1/secret")
        elif self.path == "/huge":
            self._say(200, b"x" * (LIMIT + 1))
        elif self.path == "/drip":
            self.send_response(200)
            self.end_headers()
            for _ in range(40):
                self.wfile.write(b"x")
                sleep(0.1)
        else:
            self._say(200, b"hello")

    def _say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for HOST with its key, which is its own authority."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    built = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "partner.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + built.public_bytes(serialization.Encoding.PEM))
    return path


class PartnerServer(ThreadingHTTPServer):
    """Says nothing when a line is cut, which is what several tests do."""

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@pytest.fixture(scope="module")
def partner(certificate: Path) -> Iterator[ThreadingHTTPServer]:
    server = PartnerServer(("127.0.0.1", 0), Partner)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """What a name server says of a name: one list of addresses an answer, the last one again and again."""
    table: dict[str, list[list[str]]] = {HOST: [[PUBLIC]]}
    resolve = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *arguments: object, **options: object) -> list[tuple[object, ...]]:
        if host not in table:  # numbers in any spelling mean what the system says
            return resolve(host, port, *arguments, **options)  # type: ignore[arg-type,return-value]
        answers = table[host]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return table


@pytest.fixture
def dialled(
    monkeypatch: pytest.MonkeyPatch, partner: ThreadingHTTPServer, certificate: Path
) -> Iterator[list[tuple[str, int]]]:
    """The addresses that were connected to. Behind every one stands the partner, whose certificate is trusted."""
    connections: list[tuple[str, int]] = []
    connect = socket.create_connection

    def create_connection(address: tuple[str, int], timeout: float) -> socket.socket:
        connections.append(address)
        if address[0] == OTHER_PUBLIC:
            raise ConnectionRefusedError
        return connect(partner.server_address[:2], timeout)

    monkeypatch.setattr(socket, "create_connection", create_connection)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    Partner.heard.clear()
    return connections


def allow(*networks: str) -> None:
    ParameterValue.objects.create(
        key=outgoing.INTRANET.key,
        value=list(networks),
        effective_from="2020-01-01",
        set_at="2020-01-01T00:00Z",
        set_by="test",
    )


@pytest.fixture
def failure(names: object, dialled: list[tuple[str, int]]) -> Callable[..., str]:
    """Why a call fails."""

    def of(url: str, **options: object) -> str:
        with pytest.raises(CallFailed) as caught:
            call(url, **options)  # type: ignore[arg-type]
        return caught.value.code

    return of


@pytest.mark.usefixtures("names")
def test_a_call_goes_to_the_address_under_the_name(dialled: list[tuple[str, int]]) -> None:
    answer = call(f"https://{HOST}/a/b?c=1", method="POST", body=b"{}", headers={"X-Mark": "1"})
    assert (answer.status, answer.body) == (200, b"got it")
    assert dialled == [(PUBLIC, 443)]
    assert Partner.heard == [("/a/b?c=1", HOST, b"{}")]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0",  # noqa: S104  refused, not bound to
        "100.100.100.200", "192.0.0.192", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "::1", "::", "fe80::1", "fc00::1", "ff02::1", "fd00:ec2::254", "::ffff:127.0.0.1", "::ffff:1.2.4.8",
        "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)  # fmt: skip
def test_a_name_of_an_inner_address_is_refused_and_nobody_is_dialled(
    names: dict[str, list[list[str]]],
    dialled: list[tuple[str, int]],
    failure: Callable[..., str],
    address: str,
) -> None:
    names[HOST] = [[address]]
    assert failure(f"https://{HOST}/") == "forbidden"
    names[HOST] = [[PUBLIC, address]]  # one among good ones spoils all
    assert failure(f"https://{HOST}/") == "forbidden"
    assert dialled == []


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::]",
    ],
)
def test_an_address_is_known_in_any_spelling(
    dialled: list[tuple[str, int]], failure: Callable[..., str], host: str
) -> None:
    assert failure(f"https://{host}/") in {"forbidden", "unknown_host"}
    assert dialled == []


def test_a_name_is_asked_for_once(names: dict[str, list[list[str]]], dialled: list[tuple[str, int]]) -> None:
    """DNS rebinding: public when judged, our own machine a moment later."""
    names[HOST] = [[PUBLIC], ["127.0.0.1"]]
    assert call(f"https://{HOST}/").body == b"hello"
    assert dialled == [(PUBLIC, 443)]
    with pytest.raises(CallFailed):
        call(f"https://{HOST}/")
    assert dialled == [(PUBLIC, 443)]


@pytest.mark.usefixtures("names")
def test_a_redirect_is_not_followed(dialled: list[tuple[str, int]]) -> None:
    answer = call(f"https://{HOST}/moved")
    assert (answer.status, answer.headers["location"]) == (302, "http://127.0.0.1/secret")
    assert dialled == [(PUBLIC, 443)]
    assert [path for path, _host, _body in Partner.heard] == ["/moved"]


@pytest.mark.parametrize(
    "url",
    [
        f"http://{HOST}/", f"ftp://{HOST}/", "file:///etc/passwd", "gopher://x/", f"https://me@{HOST}/",
        f"https://{HOST}:0/", f"https://{HOST}:70000/", f"https://{HOST}/\r\nX: 1", f"https://{HOST}/\u3002",
        f"https://{PUBLIC}\\@{HOST}/", "https:///x", "", f"https://{HOST}/{'x' * 2000}",
    ],
)  # fmt: skip
def test_an_odd_address_is_refused(
    dialled: list[tuple[str, int]], failure: Callable[..., str], url: str
) -> None:
    assert failure(url) == "address"
    assert dialled == []


def test_our_own_ranges_are_reached_only_by_a_setting(
    names: dict[str, list[list[str]]], dialled: list[tuple[str, int]], failure: Callable[..., str]
) -> None:
    names[HOST] = [["10.20.1.1"]]
    assert failure(f"https://{HOST}/") == "forbidden"
    allow("10.20.0.0/16", "127.0.0.0/8", "169.254.0.0/16")
    assert call(f"https://{HOST}:8443/").status == 200
    assert dialled == [("10.20.1.1", 8443)]
    for never in ("127.0.0.1", "169.254.169.254", "10.21.1.1"):
        names[HOST] = [[never]]
        assert failure(f"https://{HOST}/") == "forbidden"


def test_a_setting_that_is_no_network_opens_nothing(failure: Callable[..., str]) -> None:
    allow("everything")
    assert failure(f"https://{HOST}/") == "setting"


def test_the_certificate_must_be_of_the_name(
    names: dict[str, list[list[str]]], failure: Callable[..., str]
) -> None:
    names["other.example"] = [[PUBLIC]]
    assert failure("https://other.example/") == "certificate"
    assert Partner.heard == []


def test_no_more_is_read_than_the_limit(failure: Callable[..., str]) -> None:
    assert failure(f"https://{HOST}/huge", limit=LIMIT) == "too_large"
    assert len(call(f"https://{HOST}/huge", limit=LIMIT + 1).body) == LIMIT + 1


def test_dripping_bytes_do_not_hold_the_line(
    monkeypatch: pytest.MonkeyPatch, failure: Callable[..., str]
) -> None:
    """Every byte comes in time, all of them together do not."""
    monkeypatch.setattr(
        outgoing, "value_of", lambda parameter: 0.5 if parameter is outgoing.LONGEST_CALL else []
    )
    begun = monotonic()
    assert failure(f"https://{HOST}/drip") == "timeout"
    assert monotonic() - begun < 2


def test_the_next_address_is_tried(names: dict[str, list[list[str]]], dialled: list[tuple[str, int]]) -> None:
    names[HOST] = [[OTHER_PUBLIC, PUBLIC]]
    assert call(f"https://{HOST}/").status == 200
    assert dialled == [(OTHER_PUBLIC, 443), (PUBLIC, 443)]


def test_nobody_there_and_no_such_name(
    names: dict[str, list[list[str]]], failure: Callable[..., str]
) -> None:
    names[HOST] = [[OTHER_PUBLIC]]
    assert failure(f"https://{HOST}/") == "unreachable"
    names[HOST] = [[]]
    assert failure(f"https://{HOST}/") == "forbidden"


@pytest.mark.parametrize(
    "options",
    [
        {"method": "GET / HTTP/1.1\r\nX: y\r\n"},
        {"headers": {"X-Mark": "1\r\nHost: other"}},
        {"headers": {"X-Mark": "邮"}},
    ],
)
def test_nothing_is_slipped_in_between_the_lines(
    failure: Callable[..., str], options: dict[str, object]
) -> None:
    assert failure(f"https://{HOST}/", **options) == "address"
    assert Partner.heard == []


def test_a_sites_own_addresses_are_not_public() -> None:
    """RFC 3879 gave them up, routers did not; the standard library calls them global."""
    ours = [ipaddress.ip_network("fec0:1::/32")]
    assert not is_reachable(ipaddress.ip_address("fec0::1"))
    assert is_reachable(ipaddress.ip_address("fec0:1::1"), ours)


def test_what_is_private_in_no_table_of_ours_is_still_not_public() -> None:
    """The standard library's tables, not a list that grows old here."""
    reserved = ("192.0.2.1", "203.0.113.1", "2001:db8::1", "100::1")
    assert not any(is_reachable(ipaddress.ip_address(text)) for text in reserved)
    assert is_reachable(ipaddress.ip_address("2408:8000::1"))
