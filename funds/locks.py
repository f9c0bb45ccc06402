"""What the database itself refuses to change about the money: see audit.immutability."""

from __future__ import annotations

from typing import Final

from audit.immutability import Columns

GUARDED: Final = (
    "funds_transfer",
    Columns(
        "funds_source",
        (
            "county", "name", "kind", "manager", "channel", "purpose", "nature", "procedure", "document_number", "year",
            "amount_fen", "days_milli", "rate_fen", "rate_document",
        ),
    ),
)  # fmt: skip
