"""What the record says of a case's fields, in the reader's words: from the payload alone, no table is asked."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.changes import CODES
from approvals.forms.labels import LABELS, VERDICTS
from approvals.templatetags.desks import milli
from audit.models import Entry
from funds.money import percent, yuan
from workflows import words
from workflows.lifecycles import KINDS
from workflows.models import HouseholdLine
from workflows.states import label

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
#: Numbers of rows that say nothing without their tables; area and edition the head names.
HIDDEN = frozenset({"area_id", "edition_id", "signed_post_id", "state_since", "accountable_post_id"})
#: Fields of forms that stand under another heading: of the head, of files, of opinions.
ELSEWHERE = frozenset({"title", "paper", "agrees"})
#: What hangs on a case, by the name that entries give the table.
HANGING = {
    "budgetline": gettext_lazy("Budget line"), "evidence": gettext_lazy("Posting"),
    "objection": gettext_lazy("Objection raised"), "measuredline": gettext_lazy("Measured line"),
    "invoice": gettext_lazy("Invoice"), "householdline": gettext_lazy("Household line"),
    "lineobjection": gettext_lazy("Objection to a line"), "auditsection": gettext_lazy("Section of the audit"),
    "auditfinding": gettext_lazy("Finding"), "auditsample": gettext_lazy("Sample"),
    "rectificationitem": gettext_lazy("Item of the order"),
}  # fmt: skip
#: Digests and prints, which tell a reader nothing, and what the entry beside it says or the row's number.
UNSHOWN = frozenset({"print", "sha256", "text_sha256", "items", "digest", "drawn", "claimed", "at", "note_no", "office",
                     "replaced", "position", "orders_count", "continued", "count", "size", "population", "method",
                     "seed", "checkpoint_size", "leads", "kind"})  # fmt: skip
#: Fields of cases' rows that no form asks for.
ROW = {
    "accepted_at": gettext_lazy("Accepted at"), "accountable": gettext_lazy("Who answers for it"),
    "addressee_id": gettext_lazy("Addressee"), "answer": gettext_lazy("Answer"),
    "answered_at": gettext_lazy("Answered at"), "approved_at": gettext_lazy("Approved at"),
    "asked_before": gettext_lazy("Extension asked for in time"), "asked_days": gettext_lazy("Working days asked for"),
    "asked_fen": gettext_lazy("Asked for (yuan)"), "award_fen": gettext_lazy("Award (yuan)"),
    "awarded_on": gettext_lazy("Awarded on"), "board_posted_on": gettext_lazy("Sign-board put up"),
    "budget_fen": gettext_lazy("Budget (yuan)"), "checked_at": gettext_lazy("Checked at"),
    "climbed": gettext_lazy("Steps of the ladder climbed"), "completed_at": gettext_lazy("Completed at"),
    "contract_from": gettext_lazy("Contract from"), "contract_until": gettext_lazy("Contract until"),
    "contractor": gettext_lazy("Contractor"), "deadline": gettext_lazy("To be put right by"),
    "deadline_since": gettext_lazy("That day set at"), "done_permille": gettext_lazy("Progress of the works"),
    "due_at": gettext_lazy("Term ends"), "due_on": gettext_lazy("Last day of the term"),
    "extended": gettext_lazy("Term extended"), "extended_days": gettext_lazy("Days of extension"),
    "extensions": gettext_lazy("Extensions"), "goods_fen": gettext_lazy("Worth in goods (yuan)"),
    "guessed_before": gettext_lazy("Counted by a guess at holidays before"),
    "guessed_from": gettext_lazy("Counted by a guess at holidays from"),
    "held_days": gettext_lazy("Days it stood still"), "issuer_id": gettext_lazy("Issued by"),
    "last_day": gettext_lazy("Last day of the notice"), "levels_passed": gettext_lazy("Levels passed"),
    "list_round": gettext_lazy("Round of the list"), "list_sha256": gettext_lazy("Digest of the list"),
    "listed_at": gettext_lazy("Listed for supervision at"), "listing_public": gettext_lazy("Listing is public"),
    "measured_permille": gettext_lazy("Measured in all"), "opened_by_id": gettext_lazy("Opened by"),
    "orders_count": gettext_lazy("Payment orders"), "paid_at": gettext_lazy("Paid at"),
    "paused_at": gettext_lazy("Term stands still since"), "paused_since": gettext_lazy("Notice stands still since"),
    "quantities": gettext_lazy("Quantities"), "raised_to_id": gettext_lazy("Delay reported to"),
    "ranked_on": gettext_lazy("Ranked on"), "received_at": gettext_lazy("Received at"),
    "referred_at": gettext_lazy("Referred at"), "refund_due_fen": gettext_lazy("To be paid back (yuan)"),
    "refund_due_on": gettext_lazy("To be paid back by"), "repeats_id": gettext_lazy("Repeats the order"),
    "reply": gettext_lazy("Reply"), "results": gettext_lazy("Results"),
    "resume_state": gettext_lazy("Goes back to stage"), "retained_fen": gettext_lazy("Retention (yuan)"),
    "returned_to": gettext_lazy("Returned to"), "round_no": gettext_lazy("Round of signatures"),
    "rounds": gettext_lazy("Rounds"), "route": gettext_lazy("Way of procurement"),
    "running_since": gettext_lazy("Runs since"), "said": gettext_lazy("What the notice says"),
    "self_raised_in_fen": gettext_lazy("Self-raised funds paid in (yuan)"),
    "signed_at": gettext_lazy("Signed at"), "signed_by_id": gettext_lazy("Signed by"),
    "silent": gettext_lazy("No reply within the term"), "started_on": gettext_lazy("Works begun on"),
    "step": gettext_lazy("Step of the ladder"), "submitted_by_id": gettext_lazy("Submitted by"),
    "submitted_on": gettext_lazy("Submitted on"), "until": gettext_lazy("Until"),
    "at_once_at": gettext_lazy("Special case approved at"), "at_once_by_id": gettext_lazy("Special case approved by"),
    "draft_text": gettext_lazy("Draft report"), "report_text": gettext_lazy("Report"),
    "replied_at": gettext_lazy("Replied at"), "replies": gettext_lazy("Answers to the findings"),
    "response": gettext_lazy("Response to the reply"), "responses": gettext_lazy("Responses to the answers"),
    "grounds": gettext_lazy("Grounds"), "rows": gettext_lazy("Entries behind it"), "key": gettext_lazy("About"),
    "waiver": gettext_lazy("Shortening of the term"), "waiver_answer": gettext_lazy("Answer to the shortening"),
    "waiver_reason": gettext_lazy("Reason for the shortening"),
    "outcome_reason": gettext_lazy("Reason for the outcome"), "settled_at": gettext_lazy("Settled at"),
    "withdrawn_at": gettext_lazy("Withdrawn at"), "withdrawn_reason": gettext_lazy("Reason for the withdrawal"),
    "ordered_on": gettext_lazy("Payment ordered on"), "remark": gettext_lazy("Remark"),
    "standard": gettext_lazy("Standard of the grant"), "status": gettext_lazy("What became of it"),
    "done_milli": gettext_lazy("Quantity done"),
    "happened_at": gettext_lazy("Happened at"), "asking": gettext_lazy("Asked by the office"),
    "approved_by_id": gettext_lazy("Approved by"), "approved_post": gettext_lazy("Post that approved"),
    "entry_id": gettext_lazy("Entry made by it"),
}  # fmt: skip
#: Field -> its codes' names, beside the choices of the row itself.
WORDS = {"paper": words.paper, "stage": words.stage, "returned_to": words.stage, "place": words.place,
         "tranche": words.tranche, "route": words.route, "asking": words.office}  # fmt: skip

#: What became of a household line.
STATUS: Mapping[str, object] = {status.value: status.label for status in HouseholdLine.Status}


def name_of(field: str) -> str:
    """A field by its name; one that is gone from the law as the record has it."""
    bare = field.removesuffix("_id")
    return str(LABELS.get(field) or ROW.get(field) or LABELS.get(bare) or field)


class Words:
    """The values of one case: of people and units the entries themselves tell the names."""

    def __init__(self, kind: str, entries: Iterable[Entry]) -> None:
        self.kind = kind
        self.people: dict[int | None, str] = {}
        self.units: dict[int | None, str] = {}
        for entry in entries:
            self.people |= {entry.actor_id: entry.actor_name, entry.behalf_id: entry.behalf_name}
            self.units[entry.unit_id] = entry.unit_name

    def shown(self, field: str, value: Any) -> str:
        """A value as the page shows it; empty where there is none."""
        if value is None or value == "" or value == [] or value == {}:
            return ""
        if isinstance(value, bool):
            verdicts = dict(VERDICTS.get(field, ()))
            return str(verdicts.get(value, _("yes") if value else _("no")))
        if isinstance(value, int):
            return self._number(field, value)
        if isinstance(value, Mapping):
            return "\n".join(f"{self._key(field, key)} {self._of(field, key, one)}" for key, one in value.items())
        if isinstance(value, list):
            return "\n".join(self._line(field, one) for one in value)
        return self._text(field, str(value))

    def _number(self, field: str, value: int) -> str:
        if field.endswith("_fen"):
            return yuan(value)
        if field.endswith("_milli"):
            return milli(value)
        if field.endswith("_permille"):
            return percent(value)
        if field in ("opened_by_id", "signed_by_id", "submitted_by_id", "at_once_by_id", "approved_by_id"):
            return self.people.get(value) or _("No. %d") % value
        if field in ("unit_id", "raised_to_id", "issuer_id", "addressee_id"):
            return self.units.get(value) or _("No. %d") % value
        return str(value)

    def _text(self, field: str, value: str) -> str:
        if MOMENT.fullmatch(value):
            return f"{timezone.localtime(dt.datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
        if field in WORDS:
            return WORDS[field](value)
        if field == "resume_state":
            return label(self.kind, value)
        codes = CODES.get(field) or (STATUS if field == "status" else self._choices(field))
        return str(codes.get(value, value))

    def _choices(self, field: str) -> Mapping[str, object]:
        try:
            choices: Mapping[str, object] = dict(KINDS[self.kind]._meta.get_field(field).flatchoices)  # type: ignore[union-attr]
        except (LookupError, FieldDoesNotExist, AttributeError):
            return {}
        return choices

    def _line(self, field: str, one: Any) -> str:
        if not isinstance(one, Mapping):
            return self.shown(field, one)
        return " · ".join(f"{name_of(key)} {self.shown(key, value)}" for key, value in one.items() if value != "")

    def _key(self, field: str, key: str) -> str:
        if key.isdigit():
            return _("No. %d") % int(key)
        return words.notice_field(key) if field == "said" else name_of(key)

    def _of(self, field: str, key: str, value: Any) -> str:
        # Amounts by source, quantities by line: the number is the key, the unit stands in the field.
        if isinstance(value, int) and key.isdigit():
            return self.shown({"sources": "_fen", "quantities": "_milli"}.get(field, ""), value)
        return self.shown(key, value)
