"""The forms of a rectification order: the finding, what was done about each item, and the verdict on it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from workflows.law import Data

#: The four triggers (七项制度之七) and the violations of no. 6.
FINDINGS = {
    "plan_changed": _("plan changed without approval"),
    "off_purpose": _("money used off its purpose"),
    "not_published": _("notice not published"),
    "below_plan": _("results clearly below the plan"),
    "diverted": _("money transferred or misappropriated"),
    "in_arrears": _("money held back or in arrears"),
    "embezzled": _("embezzlement"),
    "poor_quality": _("poor quality of the works"),
}
#: Where a finding was made.
ORIGINS = {
    "inspection": _("inspection"),
    "acceptance": _("acceptance"),
    "audit": _("special audit"),
    "complaint": _("complaint"),
    "clock": _("a term that was let pass"),
}
#: The verdict on an item (已整改、持续整改、未整改).
VERDICTS = {
    "open": _("not judged yet"),
    "done": _("rectified"),
    "continuing": _("being rectified"),
    "not_done": _("not rectified"),
}


Finding = Literal["plan_changed", "off_purpose", "not_published", "below_plan", "diverted", "in_arrears", "embezzled",
                  "poor_quality"]  # fmt: skip


class Demand(Data):
    """One thing to put right, and the article it violates; its kind only where it is not the order's."""

    demand: Annotated[str, Field(min_length=2, max_length=300)]
    article: Annotated[str, Field(min_length=2, max_length=120)]
    finding: Finding | None = None


class Issued(Data):
    """The order: finding, where it was made, facts, who answers for it, items."""

    finding: Finding
    origin: Literal["inspection", "acceptance", "audit", "complaint", "clock"] = "inspection"
    found_in: int | None = None
    #: The finding of a special audit on which it is issued.
    audit_finding_id: int | None = None
    breach: Annotated[str, Field(min_length=2, max_length=200)]
    #: The unit that bears the failing; left out, it is the project's own.
    addressee_id: int | None = None
    #: Left out only where nobody holds a post at the addressee.
    accountable_post_id: int | None = None
    items: Annotated[tuple[Demand, ...], Field(min_length=1, max_length=20)]


class Proof(Data):
    """A photo or paper that shows how one item was put right."""

    item_id: int
    paper: Literal["rectification_report"] = "rectification_report"


class Answers(Data):
    """What was done about each item."""

    answers: dict[int, Annotated[str, Field(max_length=1000)]]


class Results(Data):
    """The verdict on each item."""

    results: dict[int, Literal["done", "continuing", "not_done"]]


class SentBack(Results):
    """The verdict on each item, and a further date for each that is being rectified (持续整改)."""

    until: dict[int, dt.date] = Field(default_factory=dict)
