"""What a rulebook says about publicity: notices, objections, complaints, the sign-board."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from workflows.rulebook import codes
from workflows.rulebook.cited import Cited, Frozen, Path
from workflows.rulebook.terms import Count

if TYPE_CHECKING:
    from workflows.rulebook.schema import Rulebook

#: No notice without them, whatever its kind.
ALWAYS: tuple[codes.NoticeField, ...] = ("hotline", "address")


class Notice(Frozen):
    """A consultation notice: it must hang in every place for its full term before `gate`."""

    days_min: Cited[Count]
    day_kind: Cited[codes.DayKind]
    places: Cited[tuple[codes.Place, ...]]
    gate: Cited[codes.Act]
    #: Days from the stage that asks for it to its posting, where the source sets such a limit; calendar days unless
    #: the kind is given.
    post_days_max: Cited[Count] | None = None
    post_day_kind: Cited[codes.DayKind] | None = None
    #: What it must say; no field may be empty when its term starts.
    fields: Cited[tuple[codes.NoticeField, ...]] | None = None
    #: To how many days a granted and published waiver may cut the term; absent: nobody may cut it.
    waiver_days_min: Cited[Count] | None = None


class Objections(Frozen):
    """Until when an objection to a notice is answered, from the day of its receipt."""

    answer_days_max: Cited[Count]
    answer_day_kind: Cited[codes.DayKind]


class Complaints(Frozen):
    """Terms of a complaint, in calendar days: whether it is taken up, its answer, one extension (信访)."""

    receipt_days_max: Cited[Count]
    handle_days_max: Cited[Count]
    extension_days_max: Cited[Count]


class SignBoard(Frozen):
    """The board at the building site; days count from the start of the works."""

    post_days_max: Cited[Count]


def notices(book: Rulebook) -> Iterator[tuple[Path, str]]:
    """Contradictions of the notices: nowhere to hang, silent on whom to call, a waiver that waives nothing."""
    for kind, notice in book.notices.items():
        if not notice.places.value:
            yield ("notices", kind, "places", "value"), _("a notice needs at least one place")
        for name in ALWAYS:
            if notice.fields is not None and name not in notice.fields.value:
                message = _("every notice says this: %(field)s")
                yield ("notices", kind, "fields", "value"), message % {"field": name}
        if notice.waiver_days_min is not None and notice.waiver_days_min.value > notice.days_min.value:
            yield ("notices", kind, "waiver_days_min", "value"), _("a waiver must not prolong the term")
    for index, kind in enumerate(book.notices_dropped.value):
        if kind in book.notices:
            yield ("notices_dropped", "value", index), _("is dropped and required at once")
