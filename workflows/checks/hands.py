"""Checks of hands: whoever acted, and for whom he stood, is one hand; a hand plays one of two separated parts."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from workflows import words
from workflows.checks.catalogue import Found, Severity, check, found
from workflows.checks.family import Family, Row


@check("CH-35", _("Separated duties lie in separate hands, on behalf of others too"),
       _("会计法 art. 25 and 35; rulebook, separation.pairs"),
       _("%(name)s had a hand in both “%(one)s” and “%(other)s”%(lent)s."))  # fmt: skip
def separated_duties_have_separate_hands(family: Family) -> Iterator[Found]:
    """One finding for each pair of acts and each hand, with the first entries that show it."""
    told = set()
    for row in family.rows:
        for a, b in row.book.separation.pairs.value if row.book else ():
            if row.act not in (a, b):
                continue
            for other in family.of(b if row.act == a else a, before=row):
                for hand in row.hands.keys() & other.hands.keys():
                    if (a, b, hand) not in told:
                        told.add((a, b, hand))
                        yield _both(other, row, hand)


def _both(one: Row, other: Row, hand: int) -> Found:
    lent = _(" (through a post that was lent)") if one.behalf_id or other.behalf_id else ""
    return found(one, other, name=other.hands[hand], one=words.act(one.act), other=words.act(other.act), lent=lent)


@check("CH-36", _("Offices that sign together sign by different hands"),
       _("Seven Systems no. 6 (会同财政、纪检监察); rulebook, review.joint_offices"),
       _("%(name)s signed “%(act)s” for two offices in one round."), severity=Severity.WARNING)  # fmt: skip
def joint_signatures_are_of_different_hands(family: Family) -> Iterator[Found]:
    """Two signatures of one hand for two units are one opinion told twice, though each was entitled."""
    rounds: dict[tuple[int, int], list[Row]] = {}
    count = 0
    for row in family.of("project.sign_joint", "project.conclude_joint", "special_audit.sign_section",
                         "special_audit.draft"):  # fmt: skip
        if row.act in ("project.conclude_joint", "special_audit.draft"):
            count += 1
            continue
        for one in rounds.setdefault((row.case_id, count), []):
            if one.unit_id != row.unit_id and (same := one.hands.keys() & row.hands.keys()):
                yield found(one, row, name=row.hands[min(same)], act=words.act(row.act))
        rounds[row.case_id, count].append(row)
