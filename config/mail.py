"""EMAIL_URL: where mail is handed over."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

# A mail server that says nothing for so long is away.
TIMEOUT_S = 20
BACKENDS = "django.core.mail.backends"
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class UnreadableEmailUrl(ValueError):
    """EMAIL_URL names no way to hand mail over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """How mail leaves: Django's backend and what it asks for."""

    backend: str
    host: str = "localhost"
    port: int = 25
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False
    folder: str | None = None


def parse(*, url: str) -> Server:
    """What `url` names.

    `smtp://user:password@host:port`, `smtp+starttls://…` (port 587), `smtps://…` (port 465);
    `file:///folder` writes each mail into a file, `console:` prints it. Raises UnreadableEmailUrl.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UnreadableEmailUrl("EMAIL_URL has a port that is not a number") from error
    if url == "console:":
        return Server(backend=f"{BACKENDS}.console.EmailBackend")
    if parts.scheme == "file" and parts.path:
        return Server(backend=f"{BACKENDS}.filebased.EmailBackend", folder=unquote(parts.path))
    if parts.scheme in PORTS and parts.hostname:
        return Server(
            backend=f"{BACKENDS}.smtp.EmailBackend", host=parts.hostname, port=port or PORTS[parts.scheme],
            user=unquote(parts.username or ""), password=unquote(parts.password or ""),
            starttls=parts.scheme == "smtp+starttls", tls=parts.scheme == "smtps",
        )  # fmt: skip
    # The URL may hold a password: say what is wanted, do not repeat what was given.
    raise UnreadableEmailUrl("EMAIL_URL must be smtp://user:password@host:port, smtp+starttls:// or smtps:// likewise")
