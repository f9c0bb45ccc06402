"""The forms of a special audit: notice and team, sections, findings, samples, the reply and what is said to it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from workflows.law import Data
from workflows.lifecycles.forms import Fen
from workflows.lifecycles.rectification_forms import Finding
from workflows.sampling import Method

#: Why the auditors may bring the notice along (审计法实施条例第三十六条).
SPECIAL_CASES = {
    "urgent": _("an urgent matter"),
    "suspected": _("the auditee is suspected of a grave violation"),
    "other": _("another special case"),
}
METHODS = {
    "simple": _("simple random"),
    "systematic": _("systematic"),
    "monetary_unit": _("by monetary units"),
}
#: What the audit office makes of the answer to a finding.
RESPONSES = {"accepted": _("accepted in full"), "partly": _("accepted in part"), "rejected": _("not accepted")}
#: What a finding led to.
OUTCOMES = {"order": _("rectification order"), "referral": _("referral"), "nothing": _("nothing further")}

Short = Annotated[str, Field(min_length=2, max_length=200)]
Population = Literal["invoices", "measured_lines", "households", "payments"]


class Member(Data):
    """A member of the audit team, by the post he holds; who leads the team."""

    member_post_id: int
    leads: bool = False


class Notified(Data):
    """The audit notice: scope, the period looked at, the team."""

    scope: Annotated[str, Field(min_length=2, max_length=1000)]
    period_from: dt.date
    period_until: dt.date
    team: Annotated[tuple[Member, ...], Field(min_length=1, max_length=15)]


class AtOnce(Data):
    """Why fieldwork may begin without the days of notice."""

    special_case: Literal["urgent", "suspected", "other"]


class Exchanged(Data):
    """A member leaves the team and another one joins."""

    leaves_id: int
    joins_post_id: int


class Section(Data):
    """An office's own section: whether it agrees that money and quality are in order, and its conclusion."""

    agrees: bool
    conclusion: Short


class Found(Data):
    """A finding: its kind, the article, the facts, the amount in question in fen, the red flag that led to it."""

    finding: Finding
    article: Annotated[str, Field(min_length=2, max_length=120)]
    facts: Annotated[str, Field(min_length=2, max_length=1000)]
    amount_fen: Fen = 0
    flag_number: Annotated[str, Field(max_length=40)] = ""


class OneFinding(Data):
    """Which finding."""

    finding_id: int


class Sampled(Data):
    """What to draw from, how, how many; without a seed it is the root of the newest checkpoint."""

    population: Population
    method: Method = "simple"
    size: Annotated[int, Field(ge=1, le=500)]
    seed: Annotated[str, Field(max_length=120)] = ""


class Draft(Data):
    """The draft report: the price as audited, in fen."""

    audited_fen: Fen


class Replied(Data):
    """The auditee's answer to each finding that he does not let stand as it is."""

    replies: dict[int, Annotated[str, Field(max_length=1000)]] = Field(default_factory=dict)


class Supported(OneFinding):
    """A file for the answer to one finding."""

    paper: Literal["audit_reply"] = "audit_reply"


class Responded(Data):
    """What the audit office makes of each answer, and why."""

    responses: dict[int, Literal["accepted", "partly", "rejected"]]
    grounds: dict[int, Annotated[str, Field(max_length=1000)]] = Field(default_factory=dict)


class Reported(Data):
    """The report; why an adopted red flag is not among its findings, where one is not."""

    flags_reason: Annotated[str, Field(max_length=1000)] = ""


class Settled(OneFinding):
    """What a finding led to: an order, a referral, or nothing for the reason given."""

    outcome: Literal["order", "referral", "nothing"]
    order_id: int | None = None
    referred_to: Literal["discipline", "justice"] | None = None
