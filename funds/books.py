"""The books as a whole: do they balance, and do the counters say what the transfers say?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, Min, Sum
from django.utils import timezone

from audit import immutability
from audit.snapshot import snapshot
from funds import vouchers
from funds.locks import GUARDED
from funds.models import Account, Source, Transfer
from funds.routes import OF_CASE, ROUTES, undoes

#: What only labour does, and what only money does.
NOT_MONEY = ("count",)
MONEY_ONLY = ("pay", "order", "settle", "bounce", "send_back", "retain", "refund", "cancel", "recover")


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """What all accounts of each kind hold, in fen."""

    issued_fen: int = 0
    unallocated_fen: int = 0
    carried_fen: int = 0
    returned_fen: int = 0
    reserved_fen: int = 0
    ordered_fen: int = 0
    paid_fen: int = 0
    counted_fen: int = 0
    retained_fen: int = 0

    @property
    def allocated_fen(self) -> int:
        return sum(getattr(self, f"{kind}_fen") for kind in OF_CASE)

    @property
    def holds(self) -> bool:
        """Everything issued is allocated to a project, waiting to be, or back with the issuer."""
        return self.issued_fen == self.allocated_fen + self.unallocated_fen + self.carried_fen + self.returned_fen


def balance_identity() -> Identity:
    """The books in one line. One query."""
    rows = (
        Account.objects.order_by()
        .values("kind")
        .annotate(fen=Sum(F("credits_fen") - F("debits_fen")))
        .values_list("kind", "fen")
    )
    # The issuer gave, so his own account stands below nothing by as much.
    return Identity(**{f"{kind}_fen": -fen if kind == "issued" else fen for kind, fen in rows})


@dataclass(frozen=True, kw_only=True, slots=True)
class Verified:
    """How much was looked at, and a line for each row that is wrong."""

    transfers: int
    accounts: int
    wrong: list[str]


def verify() -> Verified:
    """Recompute every counter from the transfers and look at each transfer's way.

    Memory grows with the accounts, not with the transfers.
    """
    wrong: list[str] = []
    debits: dict[str, int] = defaultdict(int)
    credits: dict[str, int] = defaultdict(int)
    transfers = accounts = 0
    with snapshot():
        for row in _rows():
            transfers += 1
            sign, debit, credit = 1, row["debit_id"], row["credit_id"]
            if undoes(row["kind"], reversal=row["reverses_id"] is not None):
                sign, debit, credit = -1, credit, debit
            debits[debit] += sign * row["fen"]
            credits[credit] += sign * row["fen"]
            wrong += [f"transfer {row['id']} {row['key']}: {what}" for what in _astray(row)]
        for account in Account.objects.order_by("pk").iterator():
            accounts += 1
            owed = (debits[account.code], credits[account.code])
            if (account.debits_fen, account.credits_fen) != owed:
                wrong.append(
                    f"account {account.code}: counters {account.debits_fen}"
                    f" and {account.credits_fen} fen,"
                    f" transfers say {owed[0]} and {owed[1]}"
                )
        for source in Source.objects.order_by("pk").iterator():
            issued_fen = debits[Account.at(Account.Kind.ISSUED, source_id=source.pk).code]
            if issued_fen > source.amount_fen:
                wrong.append(f"source {source.pk}: {issued_fen} fen issued of {source.amount_fen}")
        wrong += _received_otherwise()
        if not balance_identity().holds:
            wrong.append("the books do not balance")
        wrong += [f"trigger {name} is missing" for name in immutability.missing(connection, *GUARDED)]
        wrong += [f"trigger {name} is none of ours" for name in immutability.strange(connection, *GUARDED)]
    return Verified(transfers=transfers, accounts=accounts, wrong=wrong)


def differences() -> Iterator[str]:
    """A line for each account, transfer and source that is not what transfers and record say: for `audit verify`."""
    yield from verify().wrong
    yield from vouchers.differences()


def _received_otherwise() -> Iterator[str]:
    """Sources whose day of receipt is not that of the first money that came."""
    firsts = Transfer.objects.filter(kind="fund").order_by().values("source_id").annotate(first=Min("pk"))
    came = {t.source_id: t for t in Transfer.objects.filter(pk__in=[row["first"] for row in firsts])}
    for source in Source.objects.order_by("pk").iterator():
        day = timezone.localdate(came[source.pk].happened_at) if source.pk in came else None
        if source.received_on != day:
            yield f"source {source.pk}: received on {source.received_on}, its first money came on {day}"


def _rows() -> Iterator[Any]:
    return (
        Transfer.objects.order_by("pk")
        .values(
            "id", "key", "kind", "fen", "source_id", "source__kind", "case_id", "debit_id", "credit_id",
            "reverses_id", "resolves_id",
            "debit__kind", "debit__source_id", "debit__case_id",
            "credit__kind", "credit__source_id", "credit__case_id",
            "reverses__kind", "reverses__fen", "reverses__debit_id", "reverses__credit_id",
            "reverses__reverses_id",
            "resolves__kind", "resolves__fen", "resolves__source_id", "resolves__case_id",
        )
        .iterator()
    )  # fmt: skip


def _astray(row: dict[str, Any]) -> list[str]:
    """What is wrong with one transfer by itself, or with it and the one it reverses."""
    way = (row["debit__kind"], row["credit__kind"])
    mirror = (row["kind"], row["fen"], row["credit_id"], row["debit_id"], None)
    reversed_ = tuple(row[f"reverses__{name}"] for name in ("kind", "fen", "debit_id", "credit_id", "reverses_id"))
    resolved = tuple(row[f"resolves__{name}"] for name in ("kind", "fen", "source_id", "case_id"))
    holders = {row["debit__case_id"], row["credit__case_id"]} - {None}
    labour = row["source__kind"] == Source.Kind.LABOUR
    found = {
        "not a way for money of this kind": ROUTES.get(row["kind"])
        != (way if row["reverses_id"] is None else way[::-1]),
        "leaves its source": {row["debit__source_id"], row["credit__source_id"]} != {row["source_id"]},
        "in another project's account": not holders <= {row["case_id"]},
        "labour paid out, or money counted as labour": row["kind"] in (NOT_MONEY if not labour else MONEY_ONLY),
        "does not mirror what it reverses": row["reverses_id"] is not None and mirror != reversed_,
        "does not answer the order it resolves": row["resolves_id"] is not None
        and resolved != ("order", row["fen"], row["source_id"], row["case_id"]),
    }
    return [what for what, is_so in found.items() if is_so]
