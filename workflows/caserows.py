"""The rows that hang on a case in tables of their own, and how the record tells them (decision 49).

A registry names each such table with the way to its case. While an act is done the door watches which of them it
writes, so that no act can forget to say so, and reads the case's rows there when it is done; the entry tells which are
new, changed or gone. :mod:`workflows.kept_rows` later lays the tables beside what was told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.db import models

from audit.chain import canonical, digest
from audit.prepared import Prepared, number
from workflows import secrecy
from workflows.outcome import plain
from workflows.secrecy import Secret

#: Number of a row, of a new one with NEW in front -> the fields as the record tells them; none where the row is gone.
Told = dict[str, dict[str, Any] | None]
#: Number of a row -> its fields as the database holds them.
Rows = dict[int, dict[str, Any]]
#: Instead of a number, where a table is told as a whole; and the field that holds the print or the digest.
WHOLE, PRINT, DIGEST = "*", "print", "sha256"
#: Of a new row, whose empty fields are not told, the number is told with this in front.
NEW = "+"


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table whose rows hang on a case, or stand in a register."""

    #: Label of the model.
    model: str
    #: The way from a row to the number of its case; empty in a register, all of whose rows it tells.
    case: str = ""
    #: Fields that name or reach a person: told together, as one print under our key.
    personal: tuple[str, ...] = ()
    #: Fields too long to be told twice: told by their digest.
    long: tuple[str, ...] = ()
    #: Fields that the record does not tell: what kept_files compares, what an exchange of keys changes.
    untold: tuple[str, ...] = ()
    #: Whether the rows are so many, and follow so surely from others, that only a digest over all of them is told.
    whole: bool = False
    #: Whether a case may have thousands of them: then they are read before an act as well, so that it tells few.
    many: bool = False

    @property
    def name(self) -> str:
        """What entries call it: "invoice"."""
        return self.model.partition(".")[2].lower()

    @cached_property
    def row(self) -> type[models.Model]:
        """The model."""
        return apps.get_model(self.model)

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The fields that are read: told as they are, by digest, or as a part of the print."""
        if self.case == "pk":
            return self.personal
        own = {"id", self.row._meta.get_field(self.case).attname} if self.case and "__" not in self.case else {"id"}  # type: ignore[union-attr]
        fields = self.row._meta.local_concrete_fields
        return tuple(one.attname for one in fields if one.attname not in own and one.name not in self.untold)

    @cached_property
    def _of_case(self) -> Prepared[Any]:
        where = {self.case: number("case")} if self.case else {}
        rows = self.row._base_manager.filter(**where).order_by("pk")
        return Prepared(lambda: rows.values_list("pk", *self.fields))

    def rows_of(self, case_id: int) -> Rows:
        """The rows of one case as they are now; one query."""
        found = self._of_case.rows(case=case_id)
        return {row[0]: dict(zip(self.fields, row[1:], strict=True)) for row in found}

    def told(self, row: Mapping[str, Any], names: Iterable[str] | None = None) -> dict[str, Any]:
        """Fields of a row as an entry tells them; what is empty is left out of a whole row."""
        wanted = self.fields if names is None else tuple(names)
        said: dict[str, Any] = {}
        for name in wanted:
            if name in self.personal:
                said[PRINT] = secrecy.print_of([row[one] for one in self.personal])
            elif name in self.long:
                said[name] = digest(canonical(plain(row[name])))
            elif names is not None or row[name] not in (None, ""):
                said[name] = plain(row[name])
        return said

    def told_whole(self, rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
        """How many rows there are, and a digest over all of them."""
        lines = sorted(canonical({name: plain(row[name]) for name in self.fields}) for row in rows)
        return {"count": len(lines), DIGEST: sha256(b"\n".join(lines)).hexdigest()}

    def difference(self, before: Rows, after: Rows) -> Told:
        """What an act changed, by row."""
        if self.whole:
            return {WHOLE: self.told_whole(after.values())}
        told: Told = {str(pk): None for pk in before if pk not in after}
        for pk, row in after.items():
            old = before.get(pk)
            if old is None:
                told[f"{NEW}{pk}"] = self.told(row)
            elif names := [name for name in self.fields if raw(row[name]) != raw(old[name])]:
                told[str(pk)] = self.told(row, names)
        return told


def raw(value: Any) -> Any:
    """What equals only itself: of a sealed text its token."""
    return value.token if isinstance(value, Secret) else value


#: Every table that hangs on a case, by the kind of case; the empty kind stands for all of them.
HANGING: dict[str, tuple[Table, ...]] = {
    "": (
        Table(model="workflows.Opinion", case="case"),
        # Name and digest are compared by kept_files.
        Table(model="workflows.Attachment", case="case", untold=("name", "sha256")),
        Table(model="workflows.Criticism", case="case"),
        Table(model="workflows.HeldTerm", case="case"),
        Table(model="workflows.Lapse", case="case"),
    ),
    "project": (Table(model="workflows.BudgetLine", case="project"),),
    "notice": (
        Table(model="workflows.Evidence", case="notice"),
        Table(model="workflows.Objection", case="notice", personal=("objector", "contact", "receipt_sha256")),
    ),
    "measurement": (Table(model="workflows.MeasuredLine", case="measurement"),),
    "claim": (
        Table(model="workflows.Claim", case="pk", personal=("account",)),
        Table(model="workflows.Invoice", case="claim"),
    ),
    "household_batch": (
        # A print made with an older key is made anew (reseal); the number itself is in our own.
        Table(model="workflows.HouseholdLine", case="batch", personal=("name", "id_number", "bank", "account"),
              untold=("id_number_print",), many=True),
        Table(model="workflows.PaidMonth", case="line__batch", untold=("id_number_print",), whole=True),
        Table(model="workflows.LineObjection", case="batch", personal=("name", "objector")),
    ),
    "special_audit": (
        Table(model="workflows.AuditMember", case="audit"),
        Table(model="workflows.AuditSection", case="audit"),
        Table(model="workflows.AuditFinding", case="audit"),
        Table(model="workflows.FindingFile", case="finding__audit"),
        Table(model="workflows.AuditSample", case="audit", long=("items",)),
    ),
    "rectification": (
        Table(model="workflows.RectificationItem", case="order"),
        Table(model="workflows.ItemEvidence", case="item__order"),
    ),
    "complaint": (
        Table(model="workflows.Complaint", case="pk", personal=("complainant", "contact", "receipt_sha256")),
    ),
}  # fmt: skip

#: The tables of registers, by the kind that the record gives them.
REGISTERED: dict[str, tuple[Table, ...]] = {
    "register": (Table(model="workflows.Post"), Table(model="workflows.Delegation")),
    "payments": (
        Table(model="workflows.PaymentFile"),
        Table(model="workflows.PaymentLine", case="file", personal=("payee", "bank", "account")),
    ),
}


@cache
def tables(kind: str) -> tuple[Table, ...]:
    """The tables that hang on cases of a kind, or that a register tells."""
    return REGISTERED[kind] if kind in REGISTERED else HANGING[""] + HANGING.get(kind, ())


def made(kind: str, rows: Sequence[models.Model]) -> dict[str, Told]:
    """New rows of a register's tables, as its entry tells them, without another look at the tables."""
    told: dict[str, Told] = {}
    for table in tables(kind):
        if new := [row for row in rows if type(row) is table.row]:
            told[table.name] = new_rows(table, new)
    return told


def new_rows(table: Table, rows: Iterable[models.Model]) -> Told:
    return {f"{NEW}{row.pk}": table.told({name: getattr(row, name) for name in table.fields}) for row in rows}
