"""What a notice must say, filled in from the case: a field that the case does not know stays empty.

Values are texts as they are printed and published; amounts in yuan. Nothing here names a person but the one in
charge of the project and the firm that is paid.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from funds.models import Account, Source
from funds.money import yuan
from workflows import words
from workflows.offices import Area

if TYPE_CHECKING:
    from workflows.lifecycles.notice_facts import NoticeFacts
    from workflows.lifecycles.project import Project


def notice_fields(notice: NoticeFacts) -> dict[str, str]:
    """Every field that the rulebook asks for, in its order, with what the case knows of it."""
    project = notice.of_project
    subject = notice.about.typed() if notice.about else None
    return {name: _FIELDS[name](notice, project, subject) for name in notice.fields}


def _money(fen: int | None) -> str:
    return _("%(amount)s yuan") % {"amount": yuan(fen)} if fen else ""


def _quantity(project: Project) -> str:
    whole, part = divmod(project.quantity_milli, 1000)
    figure = f"{whole}{f'.{part:03d}'.rstrip('0') if part else ''}"
    return f"{figure} {project.quantity_unit}".strip() if project.quantity_milli else ""


def _location(notice: Any, project: Project, subject: Any) -> str:
    """The areas around it, the largest first."""
    return " ".join(Area.objects.filter(code__in=project.area.codes).values_list("name", flat=True))


def _task(notice: Any, project: Project, subject: Any) -> str:
    return words.listed(part for part in (project.description, _quantity(project)) if part)


def _standard(notice: Any, project: Project, subject: Any) -> str:
    """The rates of a household list; of works, what the grant gives for a unit."""
    if subject is not None and subject.kind == "household_batch":
        codes = dict.fromkeys(line.standard for line in subject.standing if line.standard)
        return words.listed(subject.standard_name(code) for code in codes) or _("goods in kind")
    if not project.quantity_milli or not project.grant_fen:
        return ""
    each = {"amount": yuan(project.grant_fen * 1000 // project.quantity_milli), "unit": project.quantity_unit}
    return _("%(amount)s yuan for each %(unit)s") % each


def _amount(notice: Any, project: Project, subject: Any) -> str:
    if subject is None:
        return _money(project.grant_fen)
    return _money(subject.amount_fen + getattr(subject, "goods_fen", 0))


def _sources(notice: Any, project: Project, subject: Any) -> str:
    """Where the grant comes from, once it is planned; and what the village adds."""
    planned = Account.objects.filter(kind=Account.Kind.RESERVED, case_id=project.pk)
    planned = planned.exclude(source__kind=Source.Kind.LABOUR)
    names = list(planned.order_by("source_id").values_list("source__name", flat=True))
    parts = [(words.listed(names) or _("fiscal grant"), project.grant_fen), (_("self-raised"), project.self_raised_fen),
             (_("labour"), project.labour_fen)]  # fmt: skip
    return words.listed(f"{name} {_money(fen)}" for name, fen in parts if fen)


def _term(notice: Any, project: Project, subject: Any) -> str:
    begins, ends = project.contract_from or project.starts_on, project.contract_until or project.ends_on
    return f"{begins} – {ends}" if begins and ends else ""


def _procurement(notice: Any, project: Project, subject: Any) -> str:
    return words.route(project.route)


def _tender(project: Project) -> Any:
    """The tender that was awarded, as a row; ``None`` before."""
    won = project.family.filter(kind="tender", state="closed").select_related("tender").order_by("-pk").first()
    return won.tender if won is not None else None


def _contractor(notice: Any, project: Project, subject: Any) -> str:
    won = None if project.contractor else _tender(project)
    return project.contractor or (won.winner if won else "")


def _price(notice: Any, project: Project, subject: Any) -> str:
    won = None if project.contract_fen else _tender(project)
    return _money(project.audited_fen or project.contract_fen or (won.contract_fen if won else None))


def _result(notice: Any, project: Project, subject: Any) -> str:
    """The acceptance that passed: its grade and what was built."""
    passed = project.family.filter(kind="acceptance", state="passed").select_related("acceptance").order_by("-pk")
    found = passed.first()
    if found is None:
        return ""
    return words.listed((found.acceptance.get_grade_display(), found.acceptance.done))


def _households(notice: Any, project: Project, subject: Any) -> str:
    if subject is None:
        return ""
    count = subject.standing.count()
    return _("%(count)s, by the list below") % {"count": count} if count else ""


_FIELDS: dict[str, Callable[[Any, Any, Any], str]] = {
    "title": lambda notice, project, subject: project.title,
    "location": _location,
    "task": _task,
    "standard": _standard,
    "amount": _amount,
    "sources": _sources,
    "term": _term,
    "unit": lambda notice, project, subject: project.unit.name,
    "responsible": lambda notice, project, subject: project.responsible,
    "benefit": lambda notice, project, subject: project.benefit,
    "procurement": _procurement,
    "contractor": _contractor,
    "price": _price,
    "payee": lambda notice, project, subject: subject.payee if subject else "",
    "result": _result,
    "households": _households,
    "hotline": lambda notice, project, subject: notice.hotline,
    "address": lambda notice, project, subject: notice.address,
}
