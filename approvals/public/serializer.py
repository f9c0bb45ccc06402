"""What leaves the house for everybody: closed lists of fields, each put there on purpose.

Pages, JSON, CSV and the sign-board are made of these alone; none of them ever holds a row of the database. So a new
column is not public until somebody names it here and in docs/public-data.md. All text goes through the mask.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, Sum
from django.utils import timezone

from approvals.public.masking import hotline, said
from approvals.public.rebukes import PublicCriticism as PublicCriticism
from approvals.public.rebukes import PublicListing as PublicListing
from approvals.public.rebukes import criticisms as criticisms
from approvals.public.rebukes import listings as listings
from approvals.templatetags.desks import milli
from funds import ledger
from funds.ledger import Position
from funds.models import Account
from workflows import words
from workflows.cases import BULKY
from workflows.models import Area, HouseholdBatch, Notice, Project
from workflows.offices import Level
from workflows.states import PUBLIC_STATES
from workflows.words import CATEGORIES

PLACE = ("area__parent__parent", "unit")
WORD_OF = {state: (code, word) for code, (word, states) in PUBLIC_STATES.items() for state in states}


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicSource:
    """Money of one source in one project."""

    name: str
    kind: str
    amount_fen: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicMoney:
    """A project's money so far: granted is paid, retained, on its way and left together; labour is no money."""

    granted_fen: int
    paid_fen: int
    retained_fen: int
    on_its_way_fen: int
    left_fen: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicProject:
    """A project, as everybody may know it."""

    number: str
    name: str
    category: str
    county: str
    township: str
    village: str
    unit: str
    department: str
    responsible: str
    state: str
    state_word: str
    stage: str
    scale: str
    content: str
    benefit: str
    starts_on: dt.date | None
    ends_on: dt.date | None
    approved_on: dt.date | None
    started_on: dt.date | None
    completed_on: dt.date | None
    accepted_on: dt.date | None
    grant_fen: int
    self_raised_fen: int
    labour_fen: int
    total_fen: int
    contractor: str
    contract_fen: int | None
    contract_from: dt.date | None
    contract_until: dt.date | None
    audited_fen: int | None
    done_permille: int
    money: PublicMoney
    sources: tuple[PublicSource, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicPosting:
    """A place where a notice hangs, and since when."""

    place: str
    posted_on: dt.date


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicField:
    """Something that the rulebook has a notice say."""

    label: str
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicNotice:
    """A notice that hangs or has hung."""

    number: str
    purpose: str
    project_number: str
    project_name: str
    county: str
    township: str
    village: str
    unit: str
    state: str
    first_day: dt.date
    last_day: dt.date
    #: Whether its term stands still because an objection is open.
    paused: bool
    #: Why its term was cut; empty where it was not.
    shorter_because: str
    text: str
    fields: tuple[PublicField, ...]
    hotline: str
    address: str
    postings: tuple[PublicPosting, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicHousehold:
    """A line of a household list as it hangs on the village board, without any number of the person."""

    position: int
    name: str
    members: int
    what: str
    quantity: str
    amount_fen: int


def projects(rows: Iterable[Project]) -> list[PublicProject]:
    """Projects of :func:`workflows.openness.public_projects` as they may leave; two queries for all their money.

    The rows are expected with PLACE.
    """
    found = list(rows)
    positions = ledger.positions(case_ids=[row.pk for row in found])
    sources = _sources([row.pk for row in found])
    return [_project(row, positions[row.pk], sources[row.pk]) for row in found]


def _sources(case_ids: Sequence[int]) -> defaultdict[int, list[PublicSource]]:
    rows = Account.objects.filter(case_id__in=case_ids).order_by("source__year", "source_id")
    sums = rows.values("case_id", "source_id", "source__name", "source__kind", "source__year").annotate(
        fen=Sum(F("credits_fen") - F("debits_fen"))
    )
    found: defaultdict[int, list[PublicSource]] = defaultdict(list)
    for one in sums:
        if one["fen"]:
            source = PublicSource(name=said(one["source__name"]), kind=one["source__kind"], amount_fen=one["fen"])
            found[one["case_id"] or 0].append(source)
    return found


def _project(row: Project, position: Position, sources: Sequence[PublicSource]) -> PublicProject:
    code, word = WORD_OF[row.state]
    money = PublicMoney(
        granted_fen=position.reserved_fen + position.spent_fen, paid_fen=position.paid_fen,
        retained_fen=position.retained_fen, on_its_way_fen=position.ordered_fen, left_fen=position.reserved_fen,
    )  # fmt: skip
    return PublicProject(
        number=row.number or "", name=said(row.title), category=str(CATEGORIES.get(row.category, row.category)),
        **_place(row.area), unit=said(row.unit.name), department=str(row.get_department_display()),
        responsible=said(row.responsible), state=code, state_word=str(word), stage=row.state_label,
        scale=_scale(row), content=said(row.description), benefit=said(row.benefit), starts_on=row.starts_on,
        ends_on=row.ends_on, approved_on=_day(row.approved_at), started_on=row.started_on,
        completed_on=_day(row.completed_at), accepted_on=_day(row.accepted_at), grant_fen=row.grant_fen,
        self_raised_fen=row.self_raised_fen, labour_fen=row.labour_fen, total_fen=row.total_fen,
        contractor=said(row.contractor), contract_fen=row.contract_fen, contract_from=row.contract_from,
        contract_until=row.contract_until, audited_fen=row.audited_fen, done_permille=row.done_permille,
        money=money, sources=tuple(sources),
    )  # fmt: skip


def notices(rows: Iterable[Notice]) -> list[PublicNotice]:
    """Notices of :func:`workflows.openness.public_notices` as they may leave; one query for their postings."""
    found = [
        *Notice.objects.filter(pk__in=[row.pk for row in rows])
        .select_related(*PLACE, "root", "edition")
        .defer(BULKY)
        .prefetch_related("evidence")
        .order_by("-running_since", "-pk")
    ]
    return [_notice(row) for row in found]


def _notice(row: Notice) -> PublicNotice:
    assert row.root is not None
    assert row.running_since is not None
    assert row.runs_until is not None
    postings = [PublicPosting(place=words.place(one.place), posted_on=one.posted_on) for one in row.evidence.all()]
    return PublicNotice(
        number=row.number or "", purpose=words.notice(row.purpose), project_number=row.root.number or "",
        project_name=said(row.root.title), **_place(row.area), unit=said(row.unit.name), state=row.state,
        first_day=row.running_since, last_day=row.runs_until, paused=row.paused_since is not None,
        shorter_because=said(row.waiver_reason) if row.waiver == Notice.Waiver.GRANTED else "", text=said(row.text),
        fields=_fields(row), hotline=hotline(row.hotline),
        address=said(row.address), postings=tuple(postings),
    )  # fmt: skip


def _fields(row: Notice) -> tuple[PublicField, ...]:
    """What it said on its first day, in the rulebook's order; where to complain stands apart."""
    apart = ("title", "hotline", "address")
    known = [(name, row.said.get(name, "")) for name in row.fields if name not in apart]
    return tuple(PublicField(label=words.notice_field(name), value=said(value)) for name, value in known if value)


def hotline_of(project_id: int) -> str:
    """The telephone for complaints that the project's last notice gave; empty where it has had none."""
    last = Notice.objects.filter(root_id=project_id).order_by("-pk").only("hotline").first()
    return hotline(last.hotline) if last else ""


def households(batch: HouseholdBatch) -> list[PublicHousehold]:
    """The list of a batch as everybody may read it while it hangs."""
    return [
        PublicHousehold(
            position=line.position, name=said(line.public_name), members=line.members,
            what=said(batch.standard_name(line.standard) if line.standard else line.item),
            quantity=said(f"{milli(line.quantity_milli)} {line.unit}".strip()), amount_fen=line.amount_fen,
        )
        for line in batch.standing
    ]  # fmt: skip


def _place(area: Area) -> dict[str, str]:
    """The names of the county, the township and the village around an area; empty where it stands above one."""
    names = dict.fromkeys((Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE), "")
    around: Area | None = area
    while around is not None and around.level in names:
        names[Level(around.level)] = said(around.name)
        around = around.parent if around.level != Level.COUNTY else None
    return {level.value: name for level, name in names.items()}


def _scale(row: Project) -> str:
    return said(f"{milli(row.quantity_milli)} {row.quantity_unit}".strip()) if row.quantity_milli else ""


def _day(moment: dt.datetime | None) -> dt.date | None:
    return timezone.localdate(moment) if moment else None
