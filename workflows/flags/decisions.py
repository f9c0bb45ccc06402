"""Which acts decide: an office other than the applicant gives its opinion, or lets money go."""

from __future__ import annotations

from functools import lru_cache

from workflows.flags.story import Row
from workflows.lifecycles import KINDS, all_acts

PAYMENTS = ("claim.pay", "household_batch.pay")
#: Opinions that are no decision about somebody's case, but an auditor's own word.
NOT_MEANT = ("red_flag",)


def decided(row: Row) -> bool:
    """Whether the entry is a decision: an act that decides, by a person, from another post than the applicant's."""
    return row.actor_id is not None and row.act in decisions() and not row.post.startswith("village@")


@lru_cache(maxsize=1)
def decisions() -> frozenset[str]:
    """Codes of the acts that need an opinion and move or sign, and the orders to pay."""
    found = set(PAYMENTS)
    for kind, machine in KINDS.items():
        for act in all_acts(machine):
            offices = set(act.seats) - {"village", "clock", "public"}
            if kind not in NOT_MEANT and act.reason_required and act.tone != "note" and offices:
                found.add(act.code(kind))
    return frozenset(found)
