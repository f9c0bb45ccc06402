"""The tests' database: migrated once for all workers, emptied by deleting what there is."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction

from tests.guards import lifted

#: What migrating leaves in the tables, and every test finds there again.
KEPT = ("django_content_type", "auth_permission")


def share_migrations(room: Path) -> None:
    """Let the database that will be made for this worker be a copy of one that is migrated once a run.

    ``room`` is a folder which all workers of a run have in common, and no other run.
    """
    template = _template(room)
    with _alone(room / "migrated.lock"), (room / "migrated.lock").open("r+") as done:
        if not done.read():
            _migrate(template)
            done.write(template)
    creation: Any = connection.creation
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = template
        creation._destroy_test_db = _drop
        return
    create = creation._create_test_db

    def copied(*given: Any, **how: Any) -> str:
        name: str = create(*given, **how)
        shutil.copyfile(template, name)
        return name

    creation._create_test_db = copied


def _drop(name: str, verbosity: int) -> None:
    """Away with a worker's database, whoever is in it: the server may notice late that a process was killed."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {connection.ops.quote_name(name)} WITH (FORCE)")


def drop_shared() -> None:
    """Away with what was migrated for all workers; files go with their folder."""
    if connection.vendor == "postgresql":
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(_template(Path()))}")


def _template(room: Path) -> str:
    if connection.vendor == "sqlite":
        return str(room / "migrated.sqlite3")
    return f"test_{settings.DATABASES['default']['NAME']}_migrated"


def _migrate(template: str) -> None:
    """Make the database ``template``; the connection afterwards knows nothing of it."""
    at: Any = connection.settings_dict
    usual, wanted = at["NAME"], at["TEST"]["NAME"]
    at["TEST"]["NAME"] = template
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connection.close()
    finally:
        at["TEST"]["NAME"] = wanted
        at["NAME"] = settings.DATABASES["default"]["NAME"] = usual


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """One worker at a time."""
    with lock.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def url() -> str:
    """The tests' own database, as another process may name it."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    user, host, port = at["USER"], quote(at["HOST"], safe=""), at["PORT"]
    password = f":{quote(at['PASSWORD'], safe='')}" if at["PASSWORD"] else ""
    return f"postgres://{user}{password}@{host}{f':{port}' if port else ''}/{at['NAME']}"


def full() -> list[str]:
    """The tables in which there is more than what migrating left."""
    names = [name for name in connection.introspection.django_table_names(only_existing=True) if name not in KEPT]
    named = ((name, connection.ops.quote_name(name)) for name in sorted(names))
    asked = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {quoted})" for name, quoted in named)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return [name for (name,) in cursor.fetchall()]


def empty() -> None:
    """Leave every table as migrating left it. Most are empty already: deleting is quicker than truncating."""
    filled = full()
    with lifted(filled), transaction.atomic(), connection.cursor() as cursor:
        # References are checked when all are empty.
        for name in filled:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")


def numbering(tables: Iterable[str]) -> list[str]:
    """Statements after which the next row of each of these tables has the number behind the last one."""
    with connection.cursor() as cursor:
        known = [one for table in tables for one in connection.introspection.get_sequences(cursor, table)]
    if connection.vendor == "sqlite":
        return connection.ops.sequence_reset_by_name_sql(no_style(), known)
    return [
        "SELECT setval('{name}', COALESCE(MAX({column}), 1), MAX({column}) IS NOT NULL) FROM {table}".format_map(one)
        for one in known
    ]
