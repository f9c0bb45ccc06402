"""Databases that are copies of another, to play the same county several times over from the same eve."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection

from tests.database import url


class Copies:
    """Makes copies of the tests' own database, which is migrated and empty, and of its copies; drops them all."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.made = folder, list[str]()
        connection.close()
        self.origin = url()

    def make(self, name: str, *, of: str | None = None) -> str:
        """A copy called ``name``; the address to give a process. Nobody may be connected to what is copied."""
        source = of or self.origin
        if connection.vendor == "sqlite":
            path = self.folder / f"{name}.sqlite3"
            with (
                closing(sqlite3.connect(source.removeprefix("sqlite:///"))) as old,
                closing(sqlite3.connect(path)) as new,
            ):
                old.backup(new)
            return f"sqlite:///{path}"
        before, _slash, database = source.rpartition("/")
        self._say(f'CREATE DATABASE "{self._named(name)}" TEMPLATE "{database}"')
        self.made.append(self._named(name))
        return f"{before}/{self._named(name)}"

    def drop(self) -> None:
        """Nothing of it is left."""
        for name in self.made:
            self._say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(self.folder, ignore_errors=True)

    def _named(self, name: str) -> str:
        return f"{connection.settings_dict['NAME']}_{name}"

    @staticmethod
    def _say(statement: str) -> None:
        """Said from the maintenance database."""
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement)
