"""Payment by one pair of hands (付款固定由两人经手)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from workflows.flags.story import Row, Story
from workflows.flags.words import SERIOUS, Flag, Hit, Marks, Setting, ordered

#: Who prepares a payment, and who releases it.
PREPARED = {"claim.pay": "claim.approve_finance", "household_batch.pay": "household_batch.check_finance"}


def marks(story: Story, setting: Setting) -> Marks:
    for rows in story.cases.values():
        for n, row in enumerate(rows):
            before = [one for one in rows[:n] if one.act == PREPARED.get(row.act)]
            if before:
                payee = next((str(one.data["payee"]) for one in reversed(rows[:n]) if "payee" in one.data), "")
                mark = (row.slim, before[-1].slim, story.unit, payee, story.township)
                yield (row.unit_id, row.unit_name, row.at.year), mark


def weigh(flag: Flag, group: Any, marks: Sequence[Any], setting: Setting) -> Iterator[Hit]:
    """Compared within one paying office: where it has no other two hands, the pair says nothing about the payee."""
    yield from _of(flag, group, marks, setting, payees=[("unit", mark[2]) for mark in marks])
    yield from _of(flag, group, marks, setting, payees=[("payee", mark[3]) for mark in marks])


def _of(
    flag: Flag, group: Any, marks: Sequence[Any], setting: Setting, *, payees: Sequence[tuple[str, Hashable]]
) -> Iterator[Hit]:
    (office, office_name, year), limits = group, setting.book.flags
    if limits is None:
        return
    most = limits.hands_share_permille_max.value
    pairs = [_pair(mark[1], mark[0]) for mark in marks]
    for payee in dict.fromkeys(payees):
        scope, whom = payee
        ours = [n for n, other in enumerate(payees) if other == payee]
        if not whom or len(ours) < limits.hands_payments_min.value:
            continue
        pair, count = Counter(pairs[n] for n in ours).most_common(1)[0]
        elsewhere = [one for n, one in enumerate(pairs) if payees[n] != payee]
        usual = elsewhere.count(pair) * 1000 > most * len(elsewhere)
        if count * 1000 <= most * len(ours) or not elsewhere or usual:
            continue
        rows = [marks[n] for n in ours if pairs[n] == pair]
        name = whom[1] if isinstance(whom, tuple) else whom
        yield Hit(
            flag=flag, key=f"office {office}, {year}, {scope} {whom[0] if isinstance(whom, tuple) else whom}",
            rows=ordered(row for mark in rows for row in mark[:2]), unit=rows[-1][2], township=rows[-1][4],
            facts={"payee": name, "year": year, "count": count, "all": len(ours), "office": office_name,
                   "names": _names(rows[-1][1], rows[-1][0])},
        )  # fmt: skip


def _pair(prepared: Row, released: Row) -> frozenset[int | None]:
    return frozenset((prepared.actor_id, released.actor_id))


def _names(prepared: Row, released: Row) -> list[str]:
    return sorted({prepared.actor_name, released.actor_name})


FLAG = Flag(
    code="RF-09",
    name=_("Paid by one pair of hands"),
    meaning=_("The same two people prepare and release nearly all payments to one unit or contractor, while the"
              " paying office pays others by other hands."),
    innocent=_("Desks divided by township or by trade."),
    source=_("会计法 art. 25 and 35"),
    severity=SERIOUS,
    says=_("%(payee)s: %(count)s of %(all)s payments of %(office)s in %(year)s went through %(names)s."),
    marks=marks,
    weigh=weigh,
)  # fmt: skip
