"""Who came in, who was turned away, who read personal data, who took something out (访问日志).

GB/T 22239-2019 8.1.4.3 asks for an audit of security events that cannot be altered; 网络安全法 art. 21
for its being kept six months at least. Nothing here deletes: the table is append-only like the record.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

ASKED_CHARS_MAX, DETAIL_CHARS_MAX = 200, 300


class Kind(models.TextChoices):
    """What happened at the door."""

    LOGIN = "login", pgettext_lazy("access", "logged in")
    LOGOUT = "logout", pgettext_lazy("access", "logged out")
    FAILED = "failed", pgettext_lazy("access", "failed to log in")
    LOCKED = "locked", pgettext_lazy("access", "locked out")
    REFUSED = "refused", pgettext_lazy("access", "was refused")
    PERSONAL = "personal", pgettext_lazy("access", "read personal data")
    EXPORT = "export", pgettext_lazy("access", "took a file out")


#: What of people a page may show -> how the log says so.
READ = {
    "sealed": _("%(count)s sealed fields opened"),
    "household": _("%(count)s lines of a household list"),
}

#: Answers that refuse -> what they mean.
REFUSED = {
    403: _("no right to this page"),
    404: _("not there, or not his to see"),
    409: _("refused by the rules"),
    429: _("too many attempts"),
}


class Access(models.Model):
    """One event. People and cases are plain numbers, as in the record: it stands without the tables around it."""

    at = models.DateTimeField(_("time"))
    kind = models.CharField(_("what"), max_length=12, choices=Kind.choices)
    #: Null where nobody was logged in and no account bears the name that was tried.
    person_id = models.BigIntegerField(null=True)
    person_name = models.CharField(_("person"), max_length=150, blank=True)
    #: Where the request came from, as our own outermost proxy saw it.
    address = models.CharField(_("address"), max_length=45, blank=True)
    #: Method and path of the request, without its question: "GET /cases/12/list/".
    asked = models.CharField(_("page"), max_length=ASKED_CHARS_MAX, blank=True)
    case_id = models.BigIntegerField(null=True)
    status = models.PositiveSmallIntegerField(_("answer"), null=True)
    #: What was asked for (the question's filters), the rules that refused, how many sealed fields were opened.
    detail = models.CharField(_("detail"), max_length=DETAIL_CHARS_MAX, blank=True)

    class Meta:
        db_table = "audit_access"
        default_permissions = ("view",)
        ordering: ClassVar = ["id"]
        verbose_name = _("access")
        constraints: ClassVar = [models.CheckConstraint(condition=Q(kind__in=Kind.values), name="access_kind_known")]
        indexes: ClassVar = [
            models.Index(fields=["person_id", "id"], name="access_of_person"),
            models.Index(fields=["kind", "id"], name="access_of_kind"),
            models.Index(fields=["case_id", "id"], name="access_of_case"),
            models.Index(fields=["at"], name="access_in_period"),
        ]

    @property
    def told(self) -> str:
        """The detail in the reader's words."""
        if self.kind == Kind.PERSONAL:
            counted = [part.partition(":") for part in self.detail.split()]
            return gettext(", ").join(str(READ[what]) % {"count": count} for what, _colon, count in counted)
        why = REFUSED.get(self.status or 0) if self.kind == Kind.REFUSED else None
        return f"{why} {self.detail}".strip() if why else self.detail

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.person_name} {self.kind}"


#: What of people the request at work has read so far; None outside of one.
_read: ContextVar[Counter[str] | None] = ContextVar("personal data read", default=None)


@contextmanager
def reading() -> Iterator[Counter[str]]:
    """Counts inside what of people is read, by what it is."""
    counted: Counter[str] = Counter()
    before = _read.set(counted)
    try:
        yield counted
    finally:
        _read.reset(before)


def read(what: str, count: int = 1) -> None:
    """Personal data were made readable: called where that is done, so that no page can forget it."""
    counted = _read.get()
    if counted is not None:
        counted[what] += count


def note(
    kind: Kind, *, at: dt.datetime, person_id: int | None = None, person_name: str = "", address: str = "",
    asked: str = "", case_id: int | None = None, status: int | None = None, detail: str = "",
) -> Access:  # fmt: skip
    """Write one event down; one INSERT. A text too long is cut."""
    return Access.objects.create(
        kind=kind, at=at, person_id=person_id, person_name=person_name, address=address,
        asked=_kept(asked)[:ASKED_CHARS_MAX], case_id=case_id, status=status,
        detail=_kept(detail)[:DETAIL_CHARS_MAX],
    )  # fmt: skip


def _kept(text: str) -> str:
    """Without null characters, which PostgreSQL knows no text with."""
    return text.replace("\0", "")
