"""A special audit on the road: the notice with its team, findings and samples, and the whole of it with a reply."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from approvals.demo.sheets import sheet
from approvals.traveller import Traveller
from audit.models import Entry
from workflows import superiors, vacancy
from workflows.models import Case, Post, SpecialAudit

#: The section's own sentence where nothing is wrong.
IN_ORDER = {"agrees": True, "conclusion": "账实相符，质量合格。"}
NOT_IN_ORDER = {"agrees": False, "conclusion": "资金使用存在违规，不同意“基本合规”的评价。"}
DISSENT = "不同意将列支问题作为一般问题处理。"
#: A number drawn in public after the notice.
SEED = "福彩双色球2026101期 03 08 15 20 27 31+06"
#: What is found on the way.
FINDING = {"finding": "poor_quality", "article": "建设工程质量管理条例第二十八条", "amount_fen": 1_250_000,
           "facts": "抽查K0+300至K0+420段路面厚度不足设计值，涉及工程款12500元。"}  # fmt: skip
OFF_PURPOSE = {"finding": "off_purpose", "article": "预算法第五十七条", "amount_fen": 360_000,
               "facts": "从项目资金中列支村委会办公用品3600元。", "flag_number": ""}  # fmt: skip


def notice(t: Traveller) -> dict[str, Any]:
    """The form of the notice: the period since the plan was issued, and a member of each office."""
    project = t.project
    since = timezone.localdate(project.approved_at or t.at)
    members = [{"member_post_id": post.pk, "leads": n == 0} for n, post in enumerate(team(t))]
    said = {"scope": "项目建设质量和资金使用情况专项审计", "team": members}
    return said | {"period_from": since, "period_until": timezone.localdate(t.at)}


def team(t: Traveller) -> list[Post]:
    """Of each auditing office the first who has had no part in the project's review or payment."""
    return [_member(t, office) for office in t.project.book.checks.audit_sections.value]


def _member(t: Traveller, office: str) -> Post:
    unit = superiors.unit_at(office, t.project.area)
    posts = vacancy.manned(timezone.localdate(t.at)).filter(unit=unit).select_related("person").order_by("id")
    acted = set(Entry.objects.filter(root_id=t.project.pk).values_list("actor_id", flat=True))
    # The audit bureau and the discipline inspection do nothing else on a project that would bar them.
    return next((post for post in posts if post.person_id not in acted or office != "finance"), posts[0])


def send_notice(t: Traveller) -> Case:
    """The audit notice."""
    return t.open(SpecialAudit, seat="audit", data=notice(t))


def member(audit: Case, office: str) -> Any:
    """Who is on the team for an office."""
    row = audit.typed()
    assert isinstance(row, SpecialAudit)
    return next(one.post.person for one in row.team_now if one.post.unit.office == office)


def sign_sections(t: Traveller, audit: Case, *, dissent: str = "", days_between: int = 1) -> None:
    """Each office's section; one of them may dissent."""
    for office in t.project.book.checks.audit_sections.value:
        form, said = (NOT_IN_ORDER, DISSENT) if office == dissent else (IN_ORDER, "未发现其他违纪违规问题。")
        t.do("sign_section", on=audit, seat=office, by=member(audit, office), reason=said, data=form)
        if days_between:
            t.wait(days_between)


def work_in_the_field(t: Traveller, audit: Case, *, dissent: str = "finance") -> None:
    """A sample drawn, two findings, a third one withdrawn, the sections, and a note under one of them."""
    leader, inspector = member(audit, "audit"), member(audit, "discipline")
    draw = {"population": "payments", "method": "monetary_unit", "size": 1, "seed": SEED}
    t.do("draw_sample", on=audit, seat="audit", by=leader, reason="抽查大额支付。", data=draw)
    t.do("record_finding", on=audit, seat="audit", by=leader, data=FINDING)
    t.do("record_finding", on=audit, seat="discipline", by=inspector, data=OFF_PURPOSE)
    t.do(
        "record_finding",
        on=audit,
        seat="audit",
        by=leader,
        data=FINDING | {"facts": "排水沟断面偏小，待复测。"},
    )
    last = audit.typed().findings.last()  # type: ignore[attr-defined]
    t.do("withdraw_finding", on=audit, seat="audit", by=leader, reason="复测后符合设计要求，撤回。",
         data={"finding_id": last.pk})  # fmt: skip
    sign_sections(t, audit, dissent=dissent)
    t.do("add_note", on=audit, seat="discipline", by=inspector, reason="补充：列支经办人已说明情况。",
         data={"agrees": True, "conclusion": "问题属实，建议移送核查。"})  # fmt: skip


def reply(t: Traveller, audit: Case) -> None:
    """The auditee answers the findings, with a file for the first."""
    first, second = audit.typed().standing  # type: ignore[attr-defined]
    paper = sheet(name="检测报告", lines=("检测报告", str(audit.number), t.project.title))
    t.do("support", on=audit, seat="village", data={"finding_id": first.pk}, files=[paper])
    answers = {first.pk: "检测点靠近伸缩缝，其余段落厚度合格，附检测报告。", second.pk: "情况属实，已退回3600元。"}
    t.do("answer", on=audit, seat="village", reason="对第1项有异议，其余无异议。", data={"replies": answers})


def respond(t: Traveller, audit: Case) -> None:
    """The audit office says what it makes of the answers."""
    first, second = audit.typed().standing  # type: ignore[attr-defined]
    said = {first.pk: "partly", second.pk: "accepted"}
    grounds = {first.pk: "K0+360处复测仍不足，缩减至60米。"}
    t.do("respond", on=audit, seat="audit", reason="已逐项研究被审计单位的书面意见。",
         data={"responses": said, "grounds": grounds})  # fmt: skip


def begin_fieldwork(t: Traveller, audit: Case) -> None:
    """After the days of notice; too early first, in vain."""
    t.try_in_vain("begin_fieldwork", on=audit, seat="audit", rule="A-03")
    t.wait(t.project.book.checks.audit_notice_working_days_min.value + 11)
    t.do("begin_fieldwork", on=audit, seat="audit")


def price(t: Traveller) -> int:
    """The price as audited: somewhat less than the contract's."""
    return (t.project.contract_fen or t.project.grant_fen) * 995 // 1000


def wait_for_silence(t: Traveller) -> None:
    """Until the term of the reply has run out."""
    t.wait(t.project.book.checks.audit_reply_working_days_max.value * 2 + 10)


def thorough(t: Traveller, *, until: str = "reported") -> Case:
    """An audit that found something, up to a halt: ``fieldwork``, ``drafted``, ``replied`` or ``reported``."""
    audit = send_notice(t)
    begin_fieldwork(t, audit)
    work_in_the_field(t, audit)
    if until == "fieldwork":
        return audit
    t.do("draft", on=audit, seat="audit", reason="送审稿：核减签证不实部分。", data={"audited_fen": price(t)})
    if until == "drafted":
        return audit
    t.wait(3)
    reply(t, audit)
    if until == "replied":
        return audit
    t.wait(2)
    respond(t, audit)
    return t.do("conclude", on=audit, seat="audit", reason="项目资金管理总体较好，工程质量和资金使用存在两项问题。")


def refer(t: Traveller, audit: Case, *, finding: int) -> None:
    """A finding is referred to the discipline inspection."""
    given = {"finding_id": finding, "outcome": "referral", "referred_to": "discipline"}
    t.do("settle_finding", on=audit, seat="audit", reason="列支问题线索移送。", data=given)
