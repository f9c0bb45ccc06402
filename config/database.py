"""DATABASE_URL, read the same way by every command."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

# A writer waits this long for SQLite's single write lock before it gives up.
SQLITE_TIMEOUT_S = 20
POSTGRESQL_CONNECTION_AGE_S_MAX = 60
# From this run of a query on, the server keeps its plan.
PREPARED_FROM = 5


class UnreadableDatabaseUrl(ValueError):
    """DATABASE_URL names neither an SQLite file nor a PostgreSQL database."""


def parse(*, url: str) -> dict[str, Any]:
    """Django's description of the database that `url` names.

    `sqlite:///relative.sqlite3`, `sqlite:////absolute.sqlite3`, `sqlite://:memory:`,
    `postgres://user:password@host:port/name`. A socket folder stands percent-encoded in the host's
    place or as `?host=/folder`; further query parameters go to libpq. Raises UnreadableDatabaseUrl.
    """
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite" and rest:
        return sqlite(path=":memory:" if rest == ":memory:" else unquote(rest.removeprefix("/")))
    if scheme in {"postgres", "postgresql"} and rest:
        return _postgresql(url)
    # The URL may hold a password: say what is wanted, do not repeat what was given.
    raise UnreadableDatabaseUrl("DATABASE_URL must be sqlite:///path/to/file or postgres://user:password@host/name")


def sqlite(*, path: str | Path) -> dict[str, Any]:
    """The embedded database in the file `path`.

    A transaction takes the write lock at its start: one that read first and wrote later would
    otherwise be refused outright, without waiting, when another wrote in between. `synchronous`
    stays FULL: an act that was confirmed survives a power cut.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "timeout": SQLITE_TIMEOUT_S,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    try:
        port = parts.port
    except ValueError as error:
        raise UnreadableDatabaseUrl("DATABASE_URL has a port that is not a number") from error
    # urlsplit lowers the host's letters, which would spoil a socket folder's name.
    host = parts.netloc.rpartition("@")[2].removesuffix(f":{port}" if port else "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(host)),
        "PORT": options.pop("port", str(port or "")),
        "CONN_MAX_AGE": POSTGRESQL_CONNECTION_AGE_S_MAX,
        "CONN_HEALTH_CHECKS": True,
        # A query that runs often is planned once a session. An outside pooler that shares sessions
        # between transactions must be told of it: PgBouncer by max_prepared_statements.
        "OPTIONS": {"prepare_threshold": PREPARED_FROM, **options},
    }
