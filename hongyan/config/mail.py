"""Which server sends mails (邮件服务器), known without Django. Nothing is sent in the clear: STARTTLS or TLS only."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit


class MailError(ValueError):
    """A setting of mail that cannot be used. It may hold a password, so it is not repeated."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server that takes mails, over TLS from the first byte (`is_tls`) or from STARTTLS on."""

    host: str
    port: int
    user: str
    password: str
    is_tls: bool


_PORTS = {"smtp": 587, "smtps": 465}


def server(url: str) -> MailServer | None:
    """The server that `HONGYAN_MAIL` names; None where it is empty. Characters of user and password are %-encoded.

    Errors: MailError.

    >>> server("smtp://crm%40post.example:s%2Fecret@mail.post.example")
    MailServer(host='mail.post.example', port=587, user='crm@post.example', password='s/ecret', is_tls=False)
    >>> server("smtps://mail.post.example:8465").port, server("")
    (8465, None)
    """
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise MailError(_FORM) from None
    if parts.scheme not in _PORTS or not parts.hostname or parts.path not in {"", "/"}:
        raise MailError(_FORM)
    return MailServer(
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_tls=parts.scheme == "smtps",
    )


_FORM = (
    "HONGYAN_MAIL is not of the form smtp://user:password@host:port, or smtps://… for TLS from the first byte"
)


def sender(address: str, server: MailServer) -> str:
    """Who mails come from: what was named, else the user of the server. Errors: MailError where neither is an address.

    >>> sender("", server("smtp://crm%40post.example:x@mail.post.example"))
    'crm@post.example'
    """
    found = address or server.user
    if "@" not in found:
        raise MailError("HONGYAN_MAIL_FROM is no e-mail address: mails need a sender")
    return found


def site(address: str) -> str:
    """The address under which people open the pages, to which links in mails lead, without a slash at its end.

    Errors: MailError.

    >>> site("https://crm.post.example/")
    'https://crm.post.example'
    """
    parts = urlsplit(address)
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or parts.path not in {"", "/"}
        or parts.query
    ):
        raise MailError("HONGYAN_SITE is not of the form https://host: mails would lead nowhere")
    return f"{parts.scheme}://{parts.netloc}"
