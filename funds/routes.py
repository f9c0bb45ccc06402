r"""The ways money may go: one way for each kind of transfer, from account to account.

::

    issued -> unallocated <-> carried        the source's own accounts
                  |  ^
                  v  |
              reserved <-> ordered           on a project, waiting (未支付)
               |   |  \       |
               |   |   \      v
         counted   |    ----> paid           on a project, spent
                   v          ^
               retained ------              on a project, held back (质保金)

The two waiting accounts are what is pending, the others what is posted: every account holds what it
was credited with less what it was debited, both counters and their difference under CHECK.
"""

from __future__ import annotations

from typing import Final

from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat

#: Accounts that a source has once, and those that it has for each project.
OF_SOURCE: Final = ("issued", "unallocated", "carried", "returned")
OF_CASE: Final = ("reserved", "ordered", "paid", "counted", "retained")

#: Kind of transfer -> kind of the account it leaves, and of the one it enters.
ROUTES: Final[dict[str, tuple[str, str]]] = {
    "fund": ("issued", "unallocated"),
    "reserve": ("unallocated", "reserved"),
    "release": ("reserved", "unallocated"),
    "order": ("reserved", "ordered"),
    "settle": ("ordered", "paid"),
    "bounce": ("ordered", "reserved"),
    "pay": ("reserved", "paid"),
    "send_back": ("paid", "reserved"),
    "count": ("reserved", "counted"),
    "retain": ("reserved", "retained"),
    "refund": ("retained", "paid"),
    "cancel": ("retained", "unallocated"),
    "recover": ("paid", "unallocated"),
    "carry_over": ("unallocated", "carried"),
    "replan": ("carried", "unallocated"),
    "return": ("unallocated", "returned"),
    "lapse": ("carried", "returned"),
}

#: What happens to an order for the bank, once: it is carried out or comes back.
RESOLVING: Final = ("settle", "bounce")
#: An order is never reversed, it bounces; and what became of it stays.
FINAL: Final = ("order", *RESOLVING)
#: These take back what an earlier transfer did, so the counters count it as never done.
UNDOING: Final = ("bounce", "send_back")


def undoes(kind: str, *, reversal: bool) -> bool:
    """Whether a transfer lowers the counters it touches instead of raising them."""
    return (kind in UNDOING) != reversal


def code(kind: str, *, source: str = "source_id", case: str = "case_id") -> Concat:
    """The code of an account of `kind`, made in the database from the row's own columns."""
    whose = [Value("S"), Cast(source, CharField())]
    if kind in OF_CASE:
        whose += [Value(":P"), Cast(case, CharField())]
    return Concat(*whose, Value(f":{kind}"))


def lawful_way() -> Q:
    """A transfer goes its kind's way within one source and one project; a reversal goes it backwards.

    As a CHECK this refuses, below the program, money that leaves its source or changes projects.
    """
    found = Q()
    for kind, (leaves, enters) in ROUTES.items():
        way = Q(reverses__isnull=True, debit=code(leaves), credit=code(enters))
        if kind not in FINAL:
            way |= Q(reverses__isnull=False, debit=code(enters), credit=code(leaves))
        on_case = leaves in OF_CASE or enters in OF_CASE
        found |= Q(kind=kind) & Q(case_id__isnull=not on_case) & Q(resolves__isnull=kind not in RESOLVING) & way
    return found
