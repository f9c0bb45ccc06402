"""The public notice (公示): posted in every place, a full term, objections answered, then closed."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import GET_STATE

from workflows import law, noticeboard
from workflows.cases import Case
from workflows.files import attach
from workflows.law import Call, Opening, act
from workflows.lifecycles.notice_facts import PORTAL, NoticeFacts
from workflows.lifecycles.notice_forms import Answered, Objected, Opened, Posted, Referred
from workflows.lifecycles.notice_rows import Evidence, Objection
from workflows.receipt_codes import digest
from workflows.rules import noticing as rules
from workflows.secrecy import Secret
from workflows.states import NoticeState as S

GUIDANCE = _("关于完善扶贫资金项目公告公示制度的指导意见 art. 4")
OBJECTIONS = _("红河县扶贫开发项目资金公告公示管理办法 art. 9 (异议)")
ANSWERS = _("红河县扶贫开发项目资金公告公示管理办法 art. 9 (答复)")
REFERRAL = _("红河县扶贫开发项目资金公告公示管理办法 art. 9 (移送)")
WAIVER = _("rulebook, notices: waiver_days_min")
#: Whoever may have something to say about a notice.
ANYBODY = (*law.ANY_SEAT, "public")


class Notice(NoticeFacts):
    """A notice of one purpose about a project, or about one of its claims or household batches."""

    moves_root: ClassVar[bool] = True
    letter: ClassVar[str] = "N"
    opening: ClassVar[Opening] = Opening(
        label=_("Prepare a notice"), article=GUIDANCE, seats=("programme", "township", "village"), takes=Opened,
        rules=(rules.purpose_is_asked_for, rules.subject_is_named, rules.one_at_a_time),
    )  # fmt: skip

    class Meta:
        verbose_name = _("public notice")

    @classmethod
    def begin(cls, form: Opened, *, root: Case | None) -> Notice:
        title = f"{root.title if root else ''}"
        rounds = Case.objects.filter(pk=form.about_id or 0, kind="household_batch")
        return cls(
            list_round=rounds.values_list("householdbatch__list_round", flat=True).first(),
            kind="notice", state=S.PREPARED, title=title, purpose=form.purpose, about_id=form.about_id,
            text=form.text, hotline=form.hotline, address=form.address,
        )  # fmt: skip

    def seats(self) -> tuple[str, ...]:
        if self.ended:
            return ()
        asked = self.state == S.RUNNING and self.waiver == self.Waiver.ASKED
        return ("programme", "leading_group") if asked else ("programme",)

    @cached_property
    def would_say(self) -> dict[str, str]:
        """Every mandated field and what the case knows of it now; asked once, by the rule and by the act."""
        return noticeboard.notice_fields(self)

    def says(self) -> dict[str, str]:
        """What it said when it was hung, in the rulebook's order; before that what it would say now."""
        return {name: self.said[name] for name in self.fields if name in self.said} or self.would_say

    # Posting

    @act(source=S.PREPARED, by=("programme", "township", "village"), takes=Posted, tone="note", any_time=True,
         label=_("Record a posting"), article=GUIDANCE,
         rules=(rules.place_is_required, rules.has_one_photo, rules.posted_in_time))  # fmt: skip
    def post(self, call: Call) -> None:
        [photo] = attach(self, call)
        facts = call.data.model_dump(include={"place", "posted_on", "poster"})
        Evidence.objects.create(notice=self, photo=photo, **facts)

    @act(source=S.PREPARED, target=S.RUNNING, by="programme", label=_("Start the term"), article=GUIDANCE,
         rules=(rules.every_place_has_evidence, rules.late_notice_is_explained,
                rules.every_field_is_filled))  # fmt: skip
    def start(self, call: Call) -> None:
        """On the county's site it is published by this very act; the term counts from the last required place."""
        self.put(running_since=self.last_posted(call), said=self.would_say)
        if PORTAL in self.places:
            today = timezone.localdate(call.at)
            Evidence.objects.create(notice=self, place=PORTAL, posted_on=today, text_sha256=self.text_sha256)

    # Objections

    @act(source=S.RUNNING, by=ANYBODY, any_time=True, takes=Objected, tone="note", label=_("Record an objection"),
         article=OBJECTIONS, rules=(rules.term_still_runs, rules.receipt_is_ours))  # fmt: skip
    def raise_objection(self, call: Call) -> None:
        """The gate stays shut and the term stands still until it is answered."""
        said = call.data
        Objection.objects.create(
            notice=self, objector=said.objector, contact=Secret.of(said.contact), text=said.text,
            receipt_sha256=digest(said.receipt), received_at=call.at,
        )  # fmt: skip
        self.pause_term(call)
        self.stop_project(call.at)

    @act(source=S.RUNNING, target=GET_STATE(lambda notice, call: S.VOID if call.data.upheld else S.RUNNING,
                                            states=[S.RUNNING, S.VOID]),
         by="programme", takes=Answered, reason_required=True, tone="note", lingers=True,
         label=_("Answer an objection"), article=ANSWERS, rules=(rules.objection_is_open,))  # fmt: skip
    def answer(self, call: Call) -> None:
        """Upheld, it voids the notice: the matter goes back and a new notice starts a new term."""
        self._settle(call, upheld=call.data.upheld)
        if call.data.upheld:
            self._settle_all(call)
        self.let_project_go_on(call.at)
        if call.data.upheld and (stages := self.stages_behind()):
            call.brings.append(("send_back", {"stage": call.data.stage or stages[-1]}))

    @act(source=S.RUNNING, by=("programme", "discipline"), any_time=True, takes=Referred, reason_required=True,
         tone="note", label=_("Refer an objection"), article=REFERRAL, rules=(rules.objection_is_open,))  # fmt: skip
    def refer(self, call: Call) -> None:
        """Its investigation goes on elsewhere; the notice is neither upheld nor refuted by that."""
        self._settle(call, referred_to=call.data.referred_to)
        self.let_project_go_on(call.at)

    def _settle(self, call: Call, **verdict: Any) -> None:
        told = {"answered_at": call.at, "answer": call.reason, **verdict}
        self.objections.filter(pk=call.data.objection_id).update(**told)
        self.go_on(call.at)

    def _settle_all(self, call: Call) -> None:
        """Nobody's objection is left without an answer when the notice goes."""
        self.objections.filter(answered_at__isnull=True).update(answered_at=call.at, answer=call.reason)

    # A shorter term

    @act(source=S.RUNNING, by=("programme", "township", "village"), any_time=True, reason_required=True, tone="note",
         label=_("Ask for a shorter term"), article=WAIVER,
         rules=(rules.term_may_be_cut, rules.waiver_is_asked_once, rules.nobody_objects))  # fmt: skip
    def ask_waiver(self, call: Call) -> None:
        """Asked for by one, granted by another; the reason is published with the notice."""
        self.put(waiver=self.Waiver.ASKED, waiver_reason=call.reason)

    @act(source=S.RUNNING, by="leading_group", reason_required=True, tone="note", label=_("Grant the shorter term"),
         article=WAIVER, rules=(rules.waiver_is_asked_for, rules.nobody_objects))  # fmt: skip
    def grant_waiver(self, call: Call) -> None:
        self.put(waiver=self.Waiver.GRANTED, waiver_answer=call.reason)
        self.cut(call.at)
        self.rearm(at=call.at)

    @act(source=S.RUNNING, by="leading_group", reason_required=True, tone="note", label=_("Refuse the shorter term"),
         article=WAIVER, rules=(rules.waiver_is_asked_for,))  # fmt: skip
    def refuse_waiver(self, call: Call) -> None:
        """The full term runs; it is asked for once only."""
        self.put(waiver=self.Waiver.REFUSED, waiver_answer=call.reason)

    # The end

    @act(source=S.RUNNING, target=S.CLOSED, by="programme", bulk=True, label=_("Close the notice"), article=GUIDANCE,
         rules=(rules.term_has_run, rules.every_place_has_evidence, rules.no_objection_is_open,
                rules.list_hangs_as_it_is))  # fmt: skip
    def close(self, call: Call) -> None:
        """The gate it guards is open."""

    @act(source=(S.PREPARED, S.RUNNING), target=S.VOID, by="programme", reason_required=True, tone="back",
         label=_("Void the notice"), article=_("红河县扶贫开发项目资金公告公示管理办法 art. 9 (异议成立)"))  # fmt: skip
    def void(self, call: Call) -> None:
        """A new notice starts a new term."""
        self._settle_all(call)
        self.let_project_go_on(call.at)

    @act(source=(S.PREPARED, S.RUNNING), by=("programme", "township", "village"), any_time=True, takes=law.Paper,
         tone="note", label=_("Attach a file"), article=_("会计档案管理办法 art. 6"))  # fmt: skip
    def attach(self, call: Call) -> None:
        attach(self, call)

    def redact(self, data: dict[str, Any]) -> dict[str, Any]:
        """Who objects is not written into the public record; of what was published, the digest is."""
        kept = {name: value for name, value in data.items() if name not in ("objector", "contact", "receipt")}
        started = self.door is not None and self.door.act.name == "start"
        return kept | ({"text_sha256": self.text_sha256} if started else {})
