"""What a well-formed rulebook may still not say: statements that exclude each other.

One function a subject; all of them run, so that a clerk sees every problem at once. Each yields
the path of the offending value and the message.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.translation import gettext as _

from workflows.rulebook import codes
from workflows.rulebook.publicity import notices
from workflows.rulebook.rates import standards
from workflows.rulebook.schema import Cited, Path, Rulebook, Rung, Tranche, cited_leaves

Found = Iterator[tuple[Path, str]]

#: Triggers that come before audit and acceptance.
BUILDING_TRIGGERS = codes.TRIGGERS[: codes.TRIGGERS.index("completed") + 1]
WHOLE_PERMILLE = 1000
#: A leap year, so that 02-29 is a day and 02-30 is not.
LEAP_YEAR = 2028


def find(book: Rulebook) -> list[tuple[Path, str]]:
    """Everything in `book` that contradicts itself, in the order of the schema."""
    return [found for check in CHECKS for found in check(book)]


def citations(book: Rulebook) -> Found:
    """Only Fundtrail's own parameters may stand without an article."""
    for path, cited in cited_leaves(book):
        if not cited.article and not cited.is_engine_default:
            yield (*path, "article"), _("is missing")


def lists(book: Rulebook) -> Found:
    """No list names a thing twice; an office, place or level counts once."""
    for path, cited in cited_leaves(book):
        if isinstance(cited.value, tuple):
            seen: list[object] = []
            for index, item in enumerate(cited.value):
                if item in seen:
                    yield (*path, "value", index), _("is listed twice")
                seen.append(item)


def review(book: Rulebook) -> Found:
    path: Path = ("review", "levels", "value")
    levels = book.review.levels.value
    if not levels:
        yield path, _("at least one level of review is needed")
    if "leading_group" in levels and levels[-1:] != ("leading_group",):
        yield path, _("the leading group comes last: it admits what the others have reviewed")
    if "joint" in levels and not book.review.joint_offices.value:
        yield ("review", "joint_offices", "value"), _("a joint review needs at least one office")


def ladder(book: Rulebook) -> Found:
    for kind in codes.KINDS:
        rungs = [pair for pair in enumerate(book.tender.ladder) if pair[1].kind.value == kind]
        yield from _rungs_of(kind, rungs=rungs, book=book)


def _rungs_of(kind: codes.Kind, *, rungs: Sequence[tuple[int, Rung]], book: Rulebook) -> Found:
    threshold: Cited[int] = getattr(book.tender.open_tender_fen_min, kind)
    reached_fen: int | None = 0
    for index, rung in rungs:
        path: Path = ("tender", "ladder", index)
        start = rung.from_fen.value
        if reached_fen is None or start < reached_fen:
            yield (*path, "from_fen", "value"), _("overlaps the rung before it")
        elif start > reached_fen:
            yield (
                (*path, "from_fen", "value"),
                _("leaves a gap after %(fen)s fen") % {"fen": reached_fen},
            )
        reached_fen = rung.to_fen.value if rung.to_fen else None
        if reached_fen is not None and reached_fen <= start:
            yield (*path, "to_fen", "value"), _("must be above from_fen")
        above = reached_fen is None or reached_fen > threshold.value
        if above and rung.route.value != "open_tender":
            message = _("from %(fen)s fen on the only route is open_tender")
            yield (*path, "route", "value"), message % {"fen": threshold.value}
    if reached_fen is not None and reached_fen < threshold.value:
        last: Path = ("tender", "ladder", rungs[-1][0], "to_fen", "value") if rungs else ("tender", "ladder")
        message = _("%(kind)s: the ladder ends at %(end)s fen, below the open-tender threshold %(fen)s")
        yield last, message % {"kind": kind, "end": reached_fen, "fen": threshold.value}


def routes(book: Rulebook) -> Found:
    """Every route a contract can take has its table of periods."""
    used: dict[codes.Route, Path] = {"open_tender": ("tender", "periods")}
    for index, rung in enumerate(book.tender.ladder):
        used.setdefault(rung.route.value, ("tender", "ladder", index, "route", "value"))
    if book.tender.self_build_fen_max is not None:
        used.setdefault("self_build", ("tender", "self_build_fen_max"))
    for route, path in used.items():
        if route not in book.tender.periods:
            yield path, _("tender.periods.%(route)s is missing") % {"route": route}


def tranches(book: Rulebook) -> Found:
    if not book.tranches:
        yield ("tranches",), _("at least one tranche is needed")
        return
    reached_permille = 0
    seen: set[str] = set()
    for index, tranche in enumerate(book.tranches):
        path: Path = ("tranches", index)
        if tranche.code.value in seen:
            yield (*path, "code", "value"), _("is listed twice")
        seen.add(tranche.code.value)
        yield from _part_of(tranche, path=path)
        upto_permille = tranche.upto_permille(reached_permille)
        if upto_permille <= reached_permille:
            yield (*path, tranche.part, "value"), _("ceilings are cumulative and must rise")
        reached_permille = max(reached_permille, upto_permille)
    if reached_permille != WHOLE_PERMILLE:
        last: Path = ("tranches", len(book.tranches) - 1, book.tranches[-1].part, "value")
        yield last, _("the last tranche must reach 100%, or part of the grant can never be claimed")


def _part_of(tranche: Tranche, *, path: Path) -> Found:
    """A tranche says its part in one way, and how far only where its trigger has degrees."""
    if (tranche.share_permille is None) == (tranche.ceiling_permille is None):
        yield path, _("give either ceiling_permille or share_permille")
    if tranche.at_permille is not None and tranche.trigger.value not in codes.TRIGGERS_BY_DEGREE:
        yield (*path, "at_permille", "value"), _("this trigger has no degrees")


def tranche_order(book: Rulebook) -> Found:
    """Tranches follow the project's road; audit and acceptance come in the order of the county."""
    before: tuple[int, int] = (-1, 0)
    for index, tranche in enumerate(book.tranches):
        stage = (_stage(book, tranche.trigger.value), tranche.at_permille.value if tranche.at_permille else 0)
        if stage <= before:
            yield (
                ("tranches", index, "trigger", "value"),
                _("must come after the trigger of the tranche before it"),
            )
        before = max(before, stage)


def _stage(book: Rulebook, trigger: codes.Trigger) -> int:
    order = book.checks.order.value
    match trigger:
        case "audited" | "accepted":
            check = "special_audit" if trigger == "audited" else "acceptance"
            return len(codes.TRIGGERS) + (order.index(check) if check in order else 0)
        case "papers_filed":
            return 2 * len(codes.TRIGGERS)
        case _:
            return codes.TRIGGERS.index(trigger)


def tranche_bases(book: Rulebook) -> Found:
    """Nothing is measured by the audited price before the audit can have happened."""
    for index, tranche in enumerate(book.tranches):
        path: Path = ("tranches", index, "base", "value")
        trigger = tranche.trigger.value
        late_audit = book.checks.order.value[-1:] == ("special_audit",) and trigger in ("accepted", "township_checked")
        audit_first = book.checks.order.value[:1] == ("special_audit",)
        early = trigger in BUILDING_TRIGGERS or (trigger == "township_checked" and not audit_first)
        if tranche.base.value == "audited" and (early or late_audit):
            yield path, _("the audited price is not known yet at this trigger")
        if tranche.base.value == "contract" and trigger in ("plan_issued", "self_raised"):
            yield path, _("there is no contract yet at this trigger")


def tranche_facts(book: Rulebook) -> Found:
    """A trigger can only wait for what this county's road passes."""
    for index, tranche in enumerate(book.tranches):
        path: Path = ("tranches", index, "trigger", "value")
        trigger = tranche.trigger.value
        if trigger == "township_checked" and "township" not in book.acceptance.levels.value:
            yield path, _("no township takes part in the acceptance")
        if trigger == "papers_filed" and not (tranche.papers and tranche.papers.value):
            yield path, _("it is not said which papers")


def tranche_papers(book: Rulebook) -> Found:
    """No claim waits for an acceptance form that only a later stage can write."""
    audit_first = book.checks.order.value[:1] == ("special_audit",)
    for index, tranche in enumerate(book.tranches):
        trigger = tranche.trigger.value
        before_acceptance = trigger in BUILDING_TRIGGERS or (trigger == "audited" and audit_first)
        papers = tranche.papers.value if tranche.papers else ()
        if before_acceptance and "acceptance_form" in papers:
            path: Path = ("tranches", index, "papers", "value")
            yield path, _("there is no acceptance form yet at this trigger")


def retention(book: Rulebook) -> Found:
    if book.retention.permille_max.value and not book.retention.months.value:
        yield ("retention", "months", "value"), _("a retention needs a term")
    if book.retention.permille_max.value >= WHOLE_PERMILLE:
        yield (
            ("retention", "permille_max", "value"),
            _("a retention of the whole leaves nothing to pay"),
        )


def checks_order(book: Rulebook) -> Found:
    if sorted(book.checks.order.value) != sorted(codes.CHECKS):
        names = ", ".join(codes.CHECKS)
        yield (
            ("checks", "order", "value"),
            _("must name each of these once: %(names)s") % {"names": names},
        )
    if "audit" not in book.checks.audit_sections.value:
        yield ("checks", "audit_sections", "value"), _("the audit office itself is missing")


def acceptance(book: Rulebook) -> Found:
    part = book.acceptance
    if not part.levels.value:
        yield ("acceptance", "levels", "value"), _("at least one level of acceptance is needed")
    if part.members_min.value > part.members_max.value:
        yield ("acceptance", "members_min", "value"), _("is above members_max")
    one_even_size = part.members_min.value == part.members_max.value and part.members_min.value % 2 == 0
    if part.members_odd.value and one_even_size:
        yield ("acceptance", "members_odd", "value"), _("no odd number lies between the two limits")


def rectification(book: Rulebook) -> Found:
    part = book.rectification
    if part.deadline_working_days.value == 0:
        yield (
            ("rectification", "deadline_working_days", "value"),
            _("must be at least %(number)s") % {"number": 1},
        )
    if part.extensions_max.value and not part.extension_working_days_max.value:
        yield (
            ("rectification", "extension_working_days_max", "value"),
            _("an extension needs a length"),
        )
    if part.continue_working_days_max is not None and not part.continue_working_days_max.value:
        yield ("rectification", "continue_working_days_max", "value"), _("must be at least %(number)s") % {"number": 1}


def year_end(book: Rulebook) -> Found:
    month, day = (int(part) for part in book.year_end.claims_close.value.split("-"))
    try:
        date(LEAP_YEAR, month, day)
    except ValueError:
        yield ("year_end", "claims_close", "value"), _("there is no such day")


def deadlines(book: Rulebook) -> Found:
    for state in codes.TIMED_STATES:
        if state not in book.deadlines:
            yield ("deadlines",), _("the term of %(state)s is missing") % {"state": state}
    for state, term in book.deadlines.items():
        if term.days.value == 0:
            yield (
                ("deadlines", state, "days", "value"),
                _("must be at least %(number)s") % {"number": 1},
            )


def separation(book: Rulebook) -> Found:
    for index, (first, second) in enumerate(book.separation.pairs.value):
        if first == second:
            yield (
                ("separation", "pairs", "value", index),
                _("an act cannot be kept apart from itself"),
            )


CHECKS = (
    citations,
    lists,
    review,
    notices,
    ladder,
    routes,
    tranches,
    tranche_order,
    tranche_bases,
    tranche_facts,
    tranche_papers,
    standards,
    retention,
    checks_order,
    acceptance,
    rectification,
    year_end,
    deadlines,
    separation,
)
