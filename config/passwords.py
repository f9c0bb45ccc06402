"""Password complexity (GB/T 22239-2019 8.1.4.1)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LATIN_LOWER = frozenset("abcdefghijklmnopqrstuvwxyz")
LATIN_UPPER = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
DIGITS = frozenset("0123456789")


class CharacterKindsValidator:
    """Wants characters of several kinds: small letters, capitals, digits, anything else."""

    def __init__(self, kinds_min: int = 3) -> None:
        self.kinds_min = kinds_min

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError for a password of too few kinds."""
        characters = set(password)
        kinds = [
            characters & LATIN_LOWER,
            characters & LATIN_UPPER,
            characters & DIGITS,
            characters - LATIN_LOWER - LATIN_UPPER - DIGITS,
        ]
        if sum(map(bool, kinds)) < self.kinds_min:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        return _("Use at least %(kinds)d of these: small letters, capital letters, digits, other signs.") % {
            "kinds": self.kinds_min
        }
