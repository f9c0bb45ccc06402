"""To whom a rectification order may go: whoever had a part in the project by its record, and who stands above them.

An order goes to the unit that bears the failing, which is not always the project's own: a township that passed what it
should have returned, a finance bureau that held money back. 七项制度之七 (责任到岗): the unit whose turn it was.
"""

from __future__ import annotations

from audit.models import Entry
from workflows import responsibility, superiors
from workflows.cases import Case
from workflows.offices import Unit

#: The seats of a project that an order reaches: its own unit, and the offices on its road. Nobody in the county orders
#: the leading group.
SEATS = ("village", "township", "department", "programme", "finance", "procurement", "supervision", "audit",
         "discipline")  # fmt: skip
#: Kind of finding -> the acts whose unit carried the responsibility, the last of them in the record.
CARRIED = {
    "not_published": ("notice.start", "notice.close"),
    "in_arrears": ("claim.approve_finance", "claim.pay"),
}


def candidates(project: Case) -> list[Unit]:
    """The units to which an order on a project may go, in the order of the road; two queries.

    Of each office it is the unit in charge of the project's place today: it answers also for what a unit did that
    was renamed or merged since.
    """
    offices = {project.office(seat): seat for seat in SEATS}
    acted = Entry.objects.filter(root_id=project.pk, actor_id__isnull=False).order_by()
    took_part = {post.partition("@")[0] for post in acted.values_list("post", flat=True).distinct()}
    took_part |= {above for office in took_part for above in _all_above(office)}
    return [unit for unit in _in_charge(project, offices) if unit.office in took_part]


def may_order(issuer: Unit, addressee: Unit) -> bool:
    """Whether a unit may order another to put something right: neither itself nor who stands above it (Z-20)."""
    return issuer.pk != addressee.pk and not superiors.stands_under(issuer, addressee)


def _all_above(office: str) -> list[str]:
    found: list[str] = []
    above = superiors.above(office)
    while above is not None:
        found.append(above)
        above = superiors.above(above)
    return found


def _in_charge(project: Case, offices: dict[str, str]) -> list[Unit]:
    """The project's own unit, and of every other office the nearest one up the area tree."""
    rows = Unit.objects.filter(office__in=offices, area__path__in=project.area.paths)
    nearest = {"village": project.unit}
    for unit in rows.select_related("area").order_by("-area__path", "id"):
        nearest.setdefault(unit.office, unit)
    return [nearest[office] for office in offices if office in nearest]


def responsible(project: Case, among: list[Unit], *, finding: str = "") -> Unit:
    """Who is likeliest to bear the failing: a proposal for the form, which decides nothing.

    By the kind of finding whoever did the act that it is about; else the unit whose term lapsed last; else the
    project's own unit. Three queries.
    """
    known = {unit.pk: unit for unit in among}
    stages = [stage for stage in responsibility.of_family(project.pk) if stage.unit_id in known]
    acts = CARRIED.get(finding, ())
    bearing = [stage for stage in stages if stage.act in acts] or [stage for stage in stages if stage.lapses]
    return known[bearing[-1].unit_id or 0] if bearing else project.unit
