"""What only he may read who needs it: numbers of accounts and of identity cards, sealed in the database.

Whoever opens one on a page is written down (audit.access).

Sealed with AES and authenticated (Fernet), under keys made from ``settings.FIELD_KEYS``. The first seals, every
one opens: a key is changed by putting a new one in front, and may go once ``manage.py reseal`` has run.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from audit import access

#: A key of the settings is a text; what it is for is mixed in, so that one text makes keys of no relation.
SEAL, PRINT = b"fundtrail field seal", b"fundtrail field print"
#: Every sealed text begins so (Fernet's version and the first bytes of its time); a plain one never does.
TOKEN_START = "gAAAA"  # noqa: S105 - no secret, but how to tell one
SHOWN_DIGITS = 4


class Unreadable(Exception):
    """Sealed under a key that is no longer among ``settings.FIELD_KEYS``, or altered."""


class Secret:
    """A sealed text. Shown, printed or logged it is masked; only :meth:`open` gives it away."""

    __slots__ = ("token",)

    def __init__(self, token: str = "") -> None:
        self.token = token

    @classmethod
    def of(cls, text: str) -> Secret:
        """Seal a text; the same text is sealed differently every time."""
        return cls(_boxes().encrypt(text.encode()).decode() if text else "")

    def open(self) -> str:
        """The text itself, for a reader: whose page opens it is written down.

        Raises:
            Unreadable: the key is gone or the token was altered.
        """
        if self.token:
            access.read("sealed")
        return self._text()

    def _text(self) -> str:
        if not self.token:
            return ""
        try:
            return _boxes().decrypt(self.token).decode()
        except InvalidToken as error:
            raise Unreadable("a sealed field cannot be opened with the keys in FIELD_KEYS") from error

    def resealed(self) -> Secret:
        """The same text under the newest key."""
        try:
            return Secret(_boxes().rotate(self.token).decode() if self.token else "")
        except InvalidToken as error:
            raise Unreadable("a sealed field cannot be opened with the keys in FIELD_KEYS") from error

    def __bool__(self) -> bool:
        return bool(self.token)

    def __str__(self) -> str:
        return masked(self._text())

    def __repr__(self) -> str:
        return "<Secret>"


def masked(text: str) -> str:
    """The last four places; nothing at all of a text too short to be hidden by that."""
    if not text:
        return ""
    return f"****{text[-SHOWN_DIGITS:]}" if len(text) >= 2 * SHOWN_DIGITS else "****"


def fingerprint(text: str) -> str:
    """The same for the same text, telling nothing about it without the key: to find equals, under the newest key."""
    return _print(settings.FIELD_KEYS[0], text)


def fingerprints(text: str) -> list[str]:
    """The fingerprints under every key in use, to find what was written before the key was changed."""
    return [_print(key, text) for key in settings.FIELD_KEYS]


def print_of(values: Iterable[Any]) -> str:
    """One print over several texts, sealed or not, that says which key made it: for the record."""
    return _tagged(settings.FIELD_KEYS[0], _joined(values))


def print_holds(said: str, values: Iterable[Any]) -> bool | None:
    """Whether a print of :func:`print_of` is that of these texts; ``None`` where its key is in use no more."""
    key = next((key for key in settings.FIELD_KEYS if said.startswith(_tag(key))), None)
    return None if key is None else hmac.compare_digest(_tagged(key, _joined(values)), said)


def _joined(values: Iterable[Any]) -> str:
    """The texts with their lengths, so that none can pass for a part of another."""
    texts = []
    for value in values:
        try:
            text = value._text() if isinstance(value, Secret) else str(value)
        except Unreadable:
            text = value.token
        texts.append(f"{len(text)} {text}")
    return "\n".join(texts)


def _tag(key: str) -> str:
    return _derived(key, b"fundtrail key tag").hex()[:6]


def _tagged(key: str, text: str) -> str:
    return f"{_tag(key)}:{_print(key, text)[:32]}"


def _print(key: str, text: str) -> str:
    return hmac.new(_derived(key, PRINT), text.encode(), hashlib.sha256).hexdigest()


def _derived(key: str, purpose: bytes) -> bytes:
    return hmac.new(key.encode(), purpose, hashlib.sha256).digest()


def _boxes() -> MultiFernet:
    return _boxes_of(tuple(settings.FIELD_KEYS))


@lru_cache(maxsize=8)
def _boxes_of(keys: tuple[str, ...]) -> MultiFernet:
    if not keys:
        raise ImproperlyConfigured("FIELD_KEYS must hold at least one key.")
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key, SEAL))) for key in keys])


if TYPE_CHECKING:
    _TextField = models.TextField[Secret, Secret]
else:
    _TextField = models.TextField


class SealedField(_TextField):
    """A column that holds only sealed texts; an object's attribute is a :class:`Secret`."""

    def from_db_value(self, value: str, expression: object, connection: object) -> Secret:
        """What the column holds, still sealed."""
        return Secret(value)

    def get_prep_value(self, value: Any) -> Any:
        """The token.

        Raises:
            TypeError: the text is not sealed.
        """
        token = value.token if isinstance(value, Secret) else value
        if token and not token.startswith(TOKEN_START):
            raise TypeError("only a sealed text may be stored here")
        return token
