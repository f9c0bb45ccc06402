"""Entering afterwards (补录): the act as happened at a past time, and the use of the request that lets it in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from workflows import acts
from workflows.cases import Case
from workflows.law import NOT_NOW, Refusal, Refused, StoredFile
from workflows.lifecycles.late_entry import LateEntry
from workflows.offices import Person
from workflows.states import LateEntryState


def enter(
    request: LateEntry,
    *,
    by: Person,
    at: dt.datetime,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    files: Sequence[StoredFile] = (),
    shown: int | None = None,
) -> tuple[Case, LateEntry]:
    """Do the act of an approved request as happened when it says, and use the approval up; all or nothing.

    People, posts and rules are those of the time at which it happened; what others have to do counts from ``at``.

    Raises:
        Refused, BadForm, Stale: as :func:`workflows.acts.perform`, of the act or of the request.
    """
    with transaction.atomic():
        # The request first, always: whoever approves, lets lapse or uses it waits here.
        held = LateEntry.locked(request.pk)
        if held.state != LateEntryState.APPROVED:
            act = acts.spec_of(LateEntry, "enter")
            facts = {"act": act.label, "state": held.state_label, "turn": acts.turn_of(held) or "—"}
            raise Refused([Refusal.by(NOT_NOW, facts)])
        about = held.about.typed()
        done = acts.perform(
            held.deed, on=about, by=by, at=at, reason=reason, data=data, files=files, shown=shown, late=held
        )
        assert done.acted is not None
        used = acts.perform("enter", on=held, by=by, at=at, data={"entry_id": done.acted.entry_id})
    assert isinstance(used, LateEntry)
    return done, used
