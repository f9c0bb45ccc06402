"""The one door. Nothing else changes a case: not a view, a bulk action, an import, or the clock.

:func:`perform` does one act on one case in one transaction: row lock, office, separation of duties,
every rule, the transition, the money, the record. :func:`why_not` asks the same questions and
changes nothing; it stands behind every grey button.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import ValidationError

from funds import ledger
from workflows import entering, lapses, law, outcome, rowwatch
from workflows.cases import Case
from workflows.editions import County
from workflows.ladder import Rung
from workflows.law import Act, Call, DoneAlready, Refusal, Refused, Stale, StoredFile
from workflows.lifecycles import all_acts, spec_of
from workflows.offices import OUTSIDERS, Person, Seat
from workflows.rules import belated
from workflows.rules.everywhere import EVERYWHERE
from workflows.seating import must_sit, seat_for, turn_of

if TYPE_CHECKING:
    from workflows.lifecycles.late_entry import LateEntry

__all__ = ["BadForm", "all_acts", "must_sit", "open_case", "perform", "possible", "seat_for", "spec_of", "turn_of",
           "why_not", "why_not_open"]  # fmt: skip

#: Acts after which signatures already given still count.
KEEP_THE_ROUND = ("return_to", "send_back", "resubmit", "suspend", "resume")


class BadForm(Exception):
    """The form of an act is wrong: field -> message, in the reader's language."""

    def __init__(self, error: ValidationError) -> None:
        self.problems = {".".join(map(str, e["loc"])): e["msg"] for e in error.errors()}
        super().__init__("; ".join(f"{field}: {message}" for field, message in self.problems.items()))


def possible(case: Case) -> Iterator[Act]:
    """The acts that the machine knows in this state, whoever asks."""
    for act in all_acts(type(case)):
        if set(act.seats) - OUTSIDERS.keys() and _knows(case, act) and case.concerns(act.name):
            yield act


def _knows(case: Case, act: Act) -> bool:
    """Whether the machine knows the act in this state; what is known in every state ends with the case."""
    known = getattr(case, act.name)._django_fsm
    return bool(known.has_transition(case.state)) and not (case.ended and law.ANYWHERE in known.transitions)


def why_not(name: str, *, on: Case, by: Person, at: dt.datetime) -> list[Refusal]:
    """Every reason why ``by`` could not do the act now; rules that read the form are left out."""
    act = spec_of(type(on), name)
    try:
        call = Call(act=act, case_id=on.pk, by=by, seat=_seat_now(on, act, by=by, at=at), at=at)
    except Refused as refused:
        return list(refused.refusals)
    return _unmet(on, call, asking=True)


def why_not_open(kind: type[Case], *, root: Case, by: Person, at: dt.datetime) -> list[Refusal]:
    """Every reason why ``by`` could not open a sub-case of ``root`` now, whatever its form would say."""
    act = kind.opening.act
    try:
        call = Call(act=act, case_id=None, by=by, seat=must_sit(root, act, by=by, at=at), at=at)
    except Refused as refused:
        return list(refused.refusals)
    blank = kind(root=root, edition=root.edition, area=root.area, unit=root.unit, touched_at=at)
    return _unmet(blank, call, asking=True)


def _seat_now(case: Case, act: Act, *, by: Person, at: dt.datetime) -> Seat:
    """The actor's seat, if the machine knows the act in this state."""
    if not _knows(case, act):
        facts = {"act": act.label, "state": case.state_label, "turn": turn_of(case) or _("nobody")}
        raise Refused([Refusal.by(law.NOT_NOW, facts)])
    return must_sit(case, act, by=by, at=at)


def _unmet(case: Case, call: Call, *, asking: bool = False) -> list[Refusal]:
    """What the rules have against the call."""
    found = []
    for rule in (*EVERYWHERE, *((belated.order_is_kept,) if call.late else ()), *call.act.rules):
        if rule.reads_form and asking:
            continue
        verdict = rule.holds(case, call)
        if not verdict:
            found.append(Refusal.by(rule, verdict if isinstance(verdict, law.Unmet) else {}))
    return found


def read_form(act: Act, given: Mapping[str, Any] | None) -> Any:
    """The act's form, typed.

    Raises:
        BadForm: a field is missing, unknown or of the wrong kind.
    """
    if act.takes is None:
        return None
    try:
        return act.takes.model_validate(dict(given or {}))
    except ValidationError as error:
        raise BadForm(error) from error


def perform(
    name: str,
    *,
    on: Case,
    by: Person,
    at: dt.datetime,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    files: Sequence[StoredFile] = (),
    shown: int | None = None,
    late: LateEntry | None = None,
) -> Case:
    """Do one act on one case, or nothing at all; the case as it stands afterwards.

    ``shown`` is the version (``family_version`` of the project) that the actor had before him. ``late`` is the
    approved request, locked, by which it is entered ``at`` a time after it happened: for :mod:`workflows.late` alone.

    Raises:
        Refused: the law says no; all reasons at once.
        BadForm: the form is wrong.
        Stale, DoneAlready: the page showed an older case.
    """
    with transaction.atomic():
        case = type(on).locked(on.pk)
        act = spec_of(type(case), name)
        _check_shown(case, act, shown)
        happened = at if late is None else late.happened_at
        seat = _seat_now(case, act, by=by, at=happened)
        call = Call(
            act=act, case_id=case.pk, by=by, seat=seat, at=happened, reason=reason, data=read_form(act, data),
            files=files, late=late, recorded_at=at,
        )  # fmt: skip
        if refusals := _unmet(case, call):
            raise Refused(refusals)
        before, stood, lapse = case.state, outcome.told(case), lapses.passed(case, at=call.at, desk=seat.unit)
        due, rung = case.due_at, case.due_rung(at=at) if by.outside else None
        case.door, case.laid = call, ()
        with rowwatch.watching(case.kind, case) as watch:
            _transit(case, call)
            if lapse and (case.state != before or case.due_at != due or _tells(rung, act)):
                case.laid = (*case.laid, lapse.kept())
        if case.state != before:
            _arrive(case, call)
        elif by.outside:
            case.advance(act.name, at=at)
        entering.write(case, call, before=before, stood=stood, rows=watch.told(case))
        case.door, case.acted = None, call
        for brought, given in call.brings:
            case.root = perform(brought, on=case.of_project, by=by, at=at, reason=reason, data=given, late=late)
    return case


def _tells(rung: tuple[int, Rung] | None, act: Act) -> bool:
    """Whether the clock's act comes after the last day, whose lapse it notes if none has."""
    return rung is not None and not rung[1].before and act.name in (rung[1].act, "pass_over")


def _transit(case: Case, call: Call) -> None:
    """The transition itself. Past the rules only the ledger may still refuse, by its own."""
    try:
        getattr(case, call.act.name)(call)
    except ledger.LedgerRefused as refused:
        raise Refused([Refusal(code=refused.code, article=str(refused.article), text=str(refused))]) from refused
    if call.late is not None and call.transfers:
        # The books know one time, that of the recording.
        raise Refused([Refusal.by(belated.may_be_entered_late, {"act": call.act.label})])


def open_case(
    kind: type[Case],
    *,
    by: Person,
    at: dt.datetime,
    data: Mapping[str, Any],
    root: Case | None = None,
    key: str | None = None,
    reason: str = "",
    files: Sequence[StoredFile] = (),
) -> Case:
    """Open a case of ``kind``: a project, or a sub-case of the project ``root``.

    ``key`` comes from the form: the second of two clicks returns the first one's case. It counts for
    this person, kind and project alone: somebody else's key opens a new case and shows nothing of his.
    """
    if key is not None:
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{by.pk} {kind.letter} {root.pk if root else 0} {key}"))
    try:
        with transaction.atomic():
            project = type(root).locked(root.pk) if root is not None else None
            return _twin(kind, key) or _open(
                kind, by=by, at=at, data=data, project=project, key=key, reason=reason, files=files
            )
    except IntegrityError:
        # Both clicks looked for a twin before either was there; by now the first one's is.
        twin = _twin(kind, key)
        if twin is None:
            raise
        return twin


def _twin(kind: type[Case], key: str | None) -> Case | None:
    return kind.objects.filter(open_key=key).first() if key is not None else None


def _open(
    kind: type[Case], *, by: Person, at: dt.datetime, data: Any, project: Case | None, key: str | None, reason: str,
    files: Sequence[StoredFile],
) -> Case:  # fmt: skip
    act = kind.opening.act
    seat = must_sit(project, act, by=by, at=at) if project is not None else None
    form = read_form(act, data)
    case = kind.begin(form, root=project)
    case.root = project
    case.opened_by = None if by.outside else by
    case.open_key, case.state_since, case.touched_at = key, at, at
    if project is not None:
        case.area, case.unit = project.area, project.unit
        case.department, case.edition = project.department, project.edition
    else:
        case.edition = County.edition_in_force(case.area, on=timezone.localdate(at))
    # A new project's area is known from its form alone.
    seat = seat or must_sit(case, act, by=by, at=at)
    call = Call(act=act, case_id=None, by=by, seat=seat, at=at, reason=reason, data=form, files=files)
    if refusals := _unmet(case, call):
        raise Refused(refusals)
    case.arm(at=at)
    case.door = call
    case.save(force_insert=True)
    case.number = f"{kind.letter}{timezone.localdate(at).year}-{case.pk:05d}"
    with rowwatch.watching(case.kind) as watch:
        case.furnish(call)
    entering.write(case, call, before="", stood={}, rows=watch.told(case))
    case.door, case.acted = None, call
    return case


def _check_shown(case: Case, act: Act, shown: int | None) -> None:
    """Refuse a decision from a page that did not show what has happened since."""
    if shown is None:
        return
    now = (case.root if case.root_id else case).family_version  # type: ignore[union-attr]
    if now == shown:
        return
    if not _knows(case, act):
        raise DoneAlready(_("This was decided a moment ago; the case now stands at “%s”.") % case.state_label)
    raise Stale(_("Something changed after you opened this page. Look again, then decide."))


def _arrive(case: Case, call: Call) -> None:
    """A new wait begins: its clock is armed, again after a return and a resubmission.

    Where the act was entered afterwards, the wait began when it happened; the term of whoever is next runs from the
    recording alone, before which he could not know.
    """
    case.state_since = call.at
    if call.act.name not in KEEP_THE_ROUND:
        case.round_no += 1
    case.arm(at=call.recorded)
