"""Dossiers made behind the pages: the worker makes the one that was asked for first, and clears away what is old.

The file is written beside its place and moved there whole. Who makes it holds a lease; where he is killed, the next
worker takes it up when the lease has ended.
"""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Q

from approvals.inspection import dossier
from approvals.models import DossierRequest
from workflows.models import Case, Person

logger = logging.getLogger(__name__)
#: Longer than the largest dossier takes.
LEASE = dt.timedelta(minutes=15)
TRIES_MAX = 3
#: How long a file is kept that can be made again at any time.
KEPT = dt.timedelta(days=7)
#: Where nobody has begun for so long, no worker seems to be running.
IDLE = dt.timedelta(minutes=1)


def ask(root: Case, *, by: Person, at: dt.datetime) -> DossierRequest:
    """Have the dossier of a project made; where one is under way already, that one."""
    found, _new = DossierRequest.objects.get_or_create(
        root=root, ready_at=None, given_up_at=None, defaults={"person": by, "asked_at": at}
    )
    return found


def last_of(root: Case) -> DossierRequest | None:
    """The one that was asked for last."""
    return DossierRequest.objects.filter(root=root).select_related("person").order_by("-pk").first()


def file_of(row: DossierRequest) -> Path | None:
    """Its file, where it is ready and still there."""
    path = _whole(row)
    return path if row.ready_at and path.exists() else None


def written_bytes(row: DossierRequest) -> int | None:
    """How far whoever makes it has come; None where nobody does."""
    try:
        return _part(row).stat().st_size
    except FileNotFoundError:
        return None


def idle(row: DossierRequest, *, at: dt.datetime) -> bool:
    """Whether it has waited for so long that no worker seems to be running."""
    return row.under_way and row.lease_until is None and row.asked_at + IDLE <= at


def make(at: dt.datetime) -> int:
    """The worker's job: make the one that has waited longest; 1 if it was made."""
    _clear_away(at)
    free = Q(lease_until=None) | Q(lease_until__lte=at)
    row = DossierRequest.objects.filter(free, ready_at=None, given_up_at=None).order_by("pk").first()
    return int(row is not None and _taken(row, at) and _made(row, at))


def _taken(row: DossierRequest, at: dt.datetime) -> bool:
    """Take the lease; false where another worker was quicker."""
    mine = {"tries": row.tries + 1, "lease_until": at + LEASE}
    if DossierRequest.objects.filter(pk=row.pk, tries=row.tries, lease_until=row.lease_until).update(**mine) != 1:
        return False
    row.tries += 1
    return True


def _made(row: DossierRequest, at: dt.datetime) -> bool:
    """Make one whose lease is ours; where that fails, it is tried again in the next round, and at last given up."""
    part = _part(row)
    part.parent.mkdir(parents=True, exist_ok=True)
    try:
        with part.open("wb+") as out:
            dossier.write(row.root_id, out)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("The dossier of project %s could not be made.", row.root_id)
        part.unlink(missing_ok=True)
        _note(row, **({"given_up_at": at} if row.tries >= TRIES_MAX else {"lease_until": at}))
        return False
    part.replace(_whole(row))
    return _note(row, ready_at=at)


def _note(row: DossierRequest, **outcome: dt.datetime) -> bool:
    """Fenced by the number of the try: whose lease has ended meanwhile notes nothing."""
    return DossierRequest.objects.filter(pk=row.pk, tries=row.tries, ready_at=None).update(**outcome) == 1


def _clear_away(at: dt.datetime) -> None:
    old = Q(ready_at__lte=at - KEPT) | Q(given_up_at__lte=at - KEPT)
    for row in DossierRequest.objects.filter(old):
        for file in _folder().glob(f"{row.pk}.*"):
            file.unlink(missing_ok=True)
        row.delete()


def _whole(row: DossierRequest) -> Path:
    return _folder() / f"{row.pk}.zip"


def _part(row: DossierRequest) -> Path:
    """Where it is being written; another try writes elsewhere."""
    return _folder() / f"{row.pk}.{row.tries}.part"


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "dossiers"
