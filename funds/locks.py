"""What the database itself refuses to change about the money: see audit.immutability."""

from __future__ import annotations

from typing import Final

from audit.immutability import Columns

GUARDED: Final = (
    "funds_transfer",
    Columns(
        "funds_source",
        ("manager", "channel", "purpose", "nature", "procedure", "kind", "amount_fen"),
    ),
)
