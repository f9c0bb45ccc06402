"""A ticket lies in every form and makes the receipt's code: whoever sends the same form twice has said it once.

The ticket is random and signed, bound to what is spoken about, and good for a day. The code is drawn from it with our
key, so it need not be kept to be given again.
"""

from __future__ import annotations

import secrets

from django.core import signing
from django.utils.crypto import salted_hmac

from workflows.receipt_codes import ALPHABET, PLACES, written

VALID_S = 24 * 3600
#: Characters of a code out of bits: five each.
BITS = 5


class StaleTicket(Exception):
    """The form lay open for too long, or the ticket is of another form."""


def ticket(about: int) -> str:
    """A new ticket for a form about a case."""
    return _signer(about).sign(secrets.token_urlsafe(16))


def code(ticket: str, *, about: int) -> str:
    """The receipt's code of a ticket, in the form of :func:`workflows.receipts.issue`.

    Raises:
        StaleTicket: it is not of this form, or not of today.
    """
    try:
        nonce = _signer(about).unsign(ticket, max_age=VALID_S)
    except signing.BadSignature as bad:
        raise StaleTicket from bad
    drawn = int.from_bytes(salted_hmac("approvals.public.code", nonce, algorithm="sha256").digest())
    return written("".join(ALPHABET[drawn >> BITS * n & len(ALPHABET) - 1] for n in range(PLACES)))


def _signer(about: int) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"approvals.public.ticket/{about}")
