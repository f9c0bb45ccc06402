"""One case returned again and again (反复退回)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from workflows.flags.story import Row, Story
from workflows.flags.words import NOTABLE, Flag, Hit, Setting, ordered

SENT_BACK = ("rectification.send_back",)


def returned(row: Row) -> bool:
    """Whether the act gave the case back for correction."""
    return row.act in SENT_BACK or (row.state_to == "returned" and row.moved)


def within(flag: Flag, story: Story, setting: Setting) -> Iterator[Hit]:
    limits = setting.book.flags
    if limits is None:
        return
    for case_id, rows in story.cases.items():
        back = [row for row in rows if returned(row)]
        if len(back) > limits.returns_max.value:
            yield Hit(
                flag=flag, key=f"case {case_id}", rows=ordered(back), unit=story.unit, township=story.township,
                facts={"case": rows[-1].case_number, "title": rows[-1].case_title, "count": len(back),
                       "names": sorted({row.actor_name for row in back})},
            )  # fmt: skip


FLAG = Flag(
    code="RF-07",
    name=_("Returned again and again"),
    meaning=_("One case was given back for correction more often than is usual."),
    innocent=_("An applicant who is new to it, or papers that depend on others."),
    source=_("行政许可法 art. 32 in analogy: what is missing is said once"),
    severity=NOTABLE,
    says=_("%(case)s %(title)s: returned %(count)s times, by %(names)s."),
    within=within,
)
