"""A small mail server for tests: takes mail, and can stand still in the middle, or refuse."""

from __future__ import annotations

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from threading import Event, Thread
from typing import Any


class PostOffice(socketserver.ThreadingTCPServer):
    """What has come, and how the next mail is answered."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Counter)
        self.taken: list[Message] = []
        #: Set when a mail lies here whole and its sender has not been told so yet.
        self.holding = Event()
        #: While clear, the answer to a mail is held back.
        self.answers = Event()
        self.answers.set()
        #: Instead of taking a mail for this address, say this.
        self.refuses: dict[str, str] = {}

    @property
    def url(self) -> str:
        """For EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever hangs up in the middle was killed on purpose."""


class _Counter(socketserver.StreamRequestHandler):
    server: PostOffice

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        self.say("220 test")
        for raw in self.rfile:
            word, _space, rest = raw.decode().strip().partition(" ")
            match word.upper():
                case "EHLO" | "HELO":
                    self.say("250 test")
                case "RCPT":
                    address = rest.partition("<")[2].partition(">")[0]
                    self.say(self.server.refuses.get(address, "250 ok"))
                case "DATA":
                    self.say("354 go on")
                    self.take()
                case "QUIT":
                    self.say("221 bye")
                    return
                case _:
                    self.say("250 ok")

    def take(self) -> None:
        lines = []
        for raw in self.rfile:
            if raw == b".\r\n":
                break
            lines.append(raw)
        self.server.taken.append(message_from_bytes(b"".join(lines)))
        self.server.holding.set()
        self.server.answers.wait()
        self.say("250 taken")


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """A mail server while the test lasts."""
    with PostOffice() as office:
        thread = Thread(target=office.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield office
        finally:
            office.answers.set()
            office.shutdown()
            thread.join()
