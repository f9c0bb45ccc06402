"""Writing an act into the record: the entry, and the head of the case that names it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from audit import journal, prepared
from workflows import outcome
from workflows.cases import Case
from workflows.law import Call

if TYPE_CHECKING:
    from workflows.lifecycles.late_entry import LateEntry


def write(case: Case, call: Call, *, before: str, stood: Mapping[str, Any], rows: Mapping[str, Any]) -> None:
    """Save the case's head and append the entry: two leaves of the same transaction."""
    project = case.root or case
    case.entry_count += 1
    case.touched_at = call.recorded
    seat = call.seat
    dumped = call.data.model_dump(mode="json") if call.data is not None else {}
    entry = journal.record(
        journal.Fact(
            case_id=case.pk,
            case_number=case.number or "",
            case_title=case.title,
            case_kind=case.kind,
            root_id=project.pk,
            act=call.act.code(case.kind),
            actor_id=call.by.pk,
            actor_name=call.by.name,
            post=seat.code,
            unit_id=seat.unit.pk,
            unit_name=seat.unit.name,
            behalf_id=seat.behalf.pk if seat.behalf else None,
            behalf_name=seat.behalf.name if seat.behalf else "",
            state_from=before,
            state_to=case.state,
            edition=str(case.edition),
            reason=call.reason or (call.late.why if call.late is not None else ""),
            happened_at=call.at,
            recorded_at=call.recorded,
            late=call.late is not None,
            amount_fen=call.amount_fen,
            data=case.redact(dumped),
            files=[(file.name, file.sha256) for file in call.files],
            money=[transfer.as_fact() for transfer in call.transfers],
            on_paper=on_paper(call.late) if call.late is not None else None,
            outcome=outcome.of(case, call, stood=stood, rows=rows),
        ),
        seq=case.entry_count,
        prev=case.entry_head,
    )
    case.entry_head, call.entry_id = entry.hash, entry.pk
    if call.act.quiet:
        pass
    elif case.root_id is None:
        case.family_version += 1
    else:
        project.touched_at = call.recorded
        prepared.update(project, ["touched_at"], count_up="family_version")
        project.family_version += 1
    case.save(update_fields=case.HEAD | case.changed)


def on_paper(request: LateEntry) -> dict[str, Any]:
    """What the entry says of itself where it was made afterwards (补录): request, reason, approver and proof.

    The record alone must tell it; the request's own entries say the same a second time.
    """
    assert request.approved_by is not None
    assert request.approved_at is not None
    return {
        "request": request.number,
        "why": request.why,
        "asked_by": request.opened_by.name if request.opened_by else "",
        "approved_by": request.approved_by.name,
        "approved_post": request.approved_post,
        "approved_at": journal.timestamp(request.approved_at),
        "files": [{"name": file.name, "sha256": file.sha256} for file in request.attachments.all()],
    }
