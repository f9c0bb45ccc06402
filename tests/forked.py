"""Processes that a test starts and may kill, each forked from one in which everything is imported already.

Starting Python and importing the whole takes longer than what most of them do. ``python -m tests.forked`` is the one
that is forked: it reads on each line the database, the module and the words for its ``main``, and touches no database
itself, so that its children begin as any new process does.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator
from functools import cache
from typing import Never, Self

#: Before the exit status, after everything a child said.
END = "\0"
#: What the children would import one by one.
PRELOADED = ("config.urls", "approvals.demo.load", "approvals.clockwork", "workflows.flags.look", "tests.law.demodeeds")


class Forked:
    """A process that runs the ``main`` of a module on a database; a test has one at a time and reads it to its end."""

    def __init__(self, module: str, *words: str, url: str) -> None:
        from config import database

        self._nursery = _nursery()
        assert self._nursery.stdin is not None
        print(json.dumps([database.parse(url=url)["NAME"], module, words]), file=self._nursery.stdin, flush=True)
        self.pid = int(self._line())
        self._status: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        if self._status is None:
            self.kill()
            self.wait()

    def __iter__(self) -> Iterator[str]:
        """The lines that it says, until it has ended."""
        while self._status is None:
            line, end, status = self._line().partition(END)
            if end:
                self._status = int(status)
            if line:
                yield line

    def kill(self) -> None:
        """As the kernel does it: without a word."""
        os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """Its exit status, or the negative number of the signal that killed it."""
        for _line in self:
            pass
        assert self._status is not None
        return self._status

    def _line(self) -> str:
        assert self._nursery.stdout is not None
        line = self._nursery.stdout.readline()
        assert line, "the process that is forked has ended"
        return line


def run(module: str, *words: str, url: str) -> str:
    """All that a process says which must end well."""
    with Forked(module, *words, url=url) as process:
        said = "".join(process)
        assert process.wait() == 0, said
    return said


@cache
def _nursery() -> subprocess.Popen[str]:
    from django.conf import settings

    from tests.database import url

    # The store of files is this process's own, so that each finds what the other has kept.
    own = {"DATABASE_URL": url(), "TESTS_FILES": str(settings.MEDIA_ROOT), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.forked"], env=os.environ | own, stdin=pipe, stdout=pipe, text=True
    )
    atexit.register(_end, process)
    return process


def _end(process: subprocess.Popen[str]) -> None:
    """It ends when nobody can ask it for anything any more."""
    process.communicate()


def main() -> None:
    """Fork a child for every line, and say how each ended."""
    import django

    django.setup()
    for module in PRELOADED:
        importlib.import_module(module)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _do(*json.loads(line))
        _pid, status = os.waitpid(child, 0)
        print(f"{END}{os.waitstatus_to_exitcode(status)}", flush=True)


def _do(name: str, module: str, words: list[str]) -> Never:
    from django.db import connection

    print(os.getpid(), flush=True)
    connection.settings_dict["NAME"] = name
    status = 1
    try:
        importlib.import_module(module).main(*words)
        status = 0
    finally:
        # It must not go on in the loop of the one that forked it, whatever happened.
        if status:
            traceback.print_exc(file=sys.stdout)
        sys.stdout.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
