"""Where a key stands in a TOML text.

`tomllib` tells values, not lines. This scanner reads a text that `tomllib` has already accepted,
so it only has to find keys, never to judge syntax.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

Path = tuple[str | int, ...]


def lines(text: str) -> dict[Path, int]:
    """The line (from 1) of every key, table and array element of a valid TOML `text`."""
    return _Scanner(text).scan()


def line_of(path: Path, *, positions: Mapping[Path, int]) -> int:
    """The line of `path`, or of the nearest table above it that the file does contain."""
    for end in range(len(path), 0, -1):
        if path[:end] in positions:
            return positions[path[:end]]
    return 1


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[Path, int] = {}
        self.array_sizes: dict[Path, int] = {}

    def scan(self) -> dict[Path, int]:
        table: Path = ()
        while self._skip_blank(newlines=True):
            start = self.at
            if self.text.startswith("[[", self.at):
                self.at += 2
                table = self._resolve(self._key())
                index = self.array_sizes.get(table, 0)
                self.array_sizes[table] = index + 1
                self.found.setdefault(table, self._line(start))
                table = (*table, index)
                self._note(table, start)
                self.at = self.text.index("]]", self.at) + 2
            elif self.text[self.at] == "[":
                self.at += 1
                table = self._resolve(self._key())
                self._note(table, start)
                self.at = self.text.index("]", self.at) + 1
            else:
                self._pair(table)
        return self.found

    def _resolve(self, key: Path) -> Path:
        """`[a.b]` below `[[a]]` means the latest element of a."""
        path: Path = ()
        for depth, part in enumerate(key, start=1):
            path = (*path, part)
            if path in self.array_sizes and depth < len(key):
                path = (*path, self.array_sizes[path] - 1)
        return path

    def _pair(self, table: Path) -> None:
        start = self.at
        path = (*table, *self._key())
        self._note(path, start)
        self.at = self.text.index("=", self.at) + 1
        self._value(path)

    def _key(self) -> Path:
        parts: list[str] = []
        while True:
            self._skip_blank()
            start = self.at
            if self.text[self.at] in "\"'":
                self._string()
                parts.append(tomllib.loads(f"key = {self.text[start : self.at]}")["key"])
            else:
                while self.text[self.at].isalnum() or self.text[self.at] in "-_":
                    self.at += 1
                parts.append(self.text[start : self.at])
            self._skip_blank()
            if self.text[self.at] != ".":
                return tuple(parts)
            self.at += 1

    def _value(self, path: Path) -> None:
        self._skip_blank()
        first = self.text[self.at]
        if first in "\"'":
            self._string()
        elif first == "[":
            self._sequence(path, close="]")
        elif first == "{":
            self._sequence(path, close="}")
        else:
            while self.at < len(self.text) and self.text[self.at] not in ",]}#\n":
                self.at += 1

    def _sequence(self, path: Path, *, close: str) -> None:
        self.at += 1
        index = 0
        while True:
            self._skip_blank(newlines=True)
            if self.text[self.at] == close:
                self.at += 1
                return
            if self.text[self.at] == ",":
                self.at += 1
            elif close == "}":
                self._pair(path)
            else:
                self._note((*path, index), self.at)
                self._value((*path, index))
                index += 1

    def _string(self) -> None:
        quote = self.text[self.at]
        fence = quote * 3 if self.text.startswith(quote * 3, self.at) else quote
        self.at += len(fence)
        while not self.text.startswith(fence, self.at):
            self.at += 2 if quote == '"' and self.text[self.at] == "\\" else 1
        self.at += len(fence)
        # A multi-line string may end in one or two quotes of its own.
        while len(fence) == 3 and self.text.startswith(quote, self.at):
            self.at += 1

    def _skip_blank(self, *, newlines: bool = False) -> bool:
        blank = " \t\r\n" if newlines else " \t"
        while self.at < len(self.text):
            if self.text[self.at] == "#" and newlines:
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            elif self.text[self.at] in blank:
                self.at += 1
            else:
                return True
        return False

    def _note(self, path: Path, at: int) -> None:
        # Dotted keys define their parents too; the first mention is the one to show.
        for end in range(1, len(path) + 1):
            self.found.setdefault(path[:end], self._line(at))

    def _line(self, at: int) -> int:
        return self.text.count("\n", 0, at) + 1
