"""The mathematics of the record: canonical bytes, and the hash that chains them.

Pure functions over values; nothing here reads a database or a clock. The format is specified for
other languages in docs/record.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

#: What the first entry of every case names as its previous hash.
GENESIS = "0" * 64

#: RFC 8785 leaves larger integers to the reader's floats; we refuse them instead.
INTEGER_MAX = 2**53 - 1

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":"))


class NotCanonical(ValueError):
    """A value that has no single canonical form (a fraction, a date, a lone surrogate ...)."""


def canonical(data: Mapping[str, Any]) -> bytes:
    """The one sequence of bytes that stands for `data` (RFC 8785, without fractions).

    Only null, booleans, integers up to 2^53-1 in size, strings, lists and objects are accepted;
    anything else raises NotCanonical, because two readers might write it differently.
    """
    try:
        return _ENCODER.encode(_plain(data)).encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonical(f"not Unicode text: {error.object!r}") from error


def digest(content: bytes) -> str:
    """SHA-256 of the bytes, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def link(*, prev: str, payload: bytes) -> str:
    """The hash of an entry: SHA-256 over the 32 bytes of `prev` followed by `payload`.

    The payload names `prev` as well; hashing it in front keeps the chain bound even for a reader
    who forgets to compare the two.
    """
    return digest(bytes.fromhex(prev) + payload)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        if abs(value) > INTEGER_MAX:
            raise NotCanonical(f"integer beyond 2^53-1: {value}")
        return value
    if isinstance(value, Mapping):
        return {key: _plain(value[key]) for key in sorted(value, key=_key_order)}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise NotCanonical(f"{type(value).__name__} has no canonical form: {value!r}")


def _key_order(key: Any) -> bytes:
    if not isinstance(key, str):
        raise NotCanonical(f"object key is not text: {key!r}")
    # RFC 8785 sorts by UTF-16 code units, which differs from code points beyond U+FFFF.
    return key.encode("utf-16-be", "surrogatepass")
