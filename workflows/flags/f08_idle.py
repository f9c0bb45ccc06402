"""Idle money (资金闲置): granted or on its way to the payee, and unmoved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from funds.money import yuan
from workflows.flags.story import Row, Story
from workflows.flags.words import SERIOUS, Flag, Hit, Setting, ordered

#: Kinds of account in which a project's money waits.
WAITING = ("reserved", "ordered")


def waiting_fen(rows: list[Row], project: int) -> int:
    """What lies in the project's accounts by the transfers that the record names."""
    balance: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        for moved in row.money:
            balance[str(moved.get("credit", ""))] += int(moved.get("fen", 0))
            balance[str(moved.get("debit", ""))] -= int(moved.get("fen", 0))
    ends = tuple(f":P{project}:{kind}" for kind in WAITING)
    return sum(fen for account, fen in balance.items() if account.endswith(ends))


def within(flag: Flag, story: Story, setting: Setting) -> Iterator[Hit]:
    limits = setting.book.flags
    moving = [row for row in story.rows if row.money]
    if limits is None or not moving:
        return
    days = (setting.today - moving[-1].at.date()).days
    fen = waiting_fen(moving, story.root_id)
    if fen > 0 and days > limits.idle_days_max.value:
        yield Hit(
            flag=flag, key=f"project {story.root_id}, since {moving[-1].id}", rows=ordered([moving[0], moving[-1]]),
            unit=story.unit, township=story.township,
            facts={"title": story.title, "days": days, "fen": yuan(fen)},
        )  # fmt: skip


FLAG = Flag(
    code="RF-08",
    name=_("Idle money"),
    meaning=_("Money was granted or ordered for a project, and for a long time nothing of it has moved."),
    innocent=_("A site that waits for the season, or a dispute about the land that is being settled."),
    source=_("财政违法行为处罚处分条例 art. 6 and 9; 预算法 art. 42"),
    severity=SERIOUS,
    says=_("%(title)s: %(fen)s yuan have not moved for %(days)s days."),
    within=within,
)
