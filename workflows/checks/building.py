"""Checks of the works: complete before they are accepted, measured within the bill, paid no faster than allowed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from funds.money import percent
from workflows import progress, words
from workflows.checks.catalogue import Found, Severity, check, found
from workflows.checks.family import Family, Row, as_int
from workflows.checks.standing import Standing, quantities, spent_fen, standing

CHECKING = ("special_audit.open", "acceptance.open", "acceptance.conclude", "project.pass_acceptance")


@check("CH-40", _("Completion comes before audit and acceptance"), _("建设工程质量管理条例 art. 16"),
       _("“%(act)s” is recorded for %(day)s; completion had not been reported."))  # fmt: skip
def completion_comes_before_the_checks(family: Family) -> Iterator[Found]:
    completed = family.first("project.complete")
    for row in family.of(*CHECKING):
        if not family.of("project.complete", before=row):
            yield found(completed, row, act=words.act(row.act), day=row.day)


@dataclass(kw_only=True, slots=True)
class Line:
    """A line of the budget, as :mod:`workflows.progress` weighs it."""

    position: int
    item: str
    quantity_milli: int
    amount_fen: int


def bill_of(stood: Standing) -> list[Line]:
    """The lines of the budget that can be measured."""
    found = []
    for position, line in enumerate(stood.bill, 1):
        quantity, fen = as_int(line.get("quantity_milli")), as_int(line.get("amount_fen"))
        if quantity and fen is not None:
            item = str(line.get("item", position))
            found.append(Line(position=position, item=item, quantity_milli=quantity, amount_fen=fen))
    return found


def signed(family: Family, *, before: Row | None = None) -> list[tuple[Row, Row]]:
    """The signed measurements: what was measured, and the signature; in the order of the signatures."""
    found = []
    for signature in family.of("measurement.sign_off", before=before):
        figures = family.last("measurement.open", "measurement.correct", case=signature.case_id, before=signature)
        if figures is not None:
            found.append((figures, signature))
    return found


@check("CH-41", _("Measured quantities stay within the bill"),
       _("政府采购法 art. 49; rulebook, tender.added_quantity_permille_max"),
       _("Measured and signed: %(done)s of “%(item)s”; the bill has %(bill)s, and %(share)s may be added."),
       waiver=_("rulebook, tender.added_quantity_permille_max"))  # fmt: skip
def quantities_stay_within_the_bill(family: Family) -> Iterator[Found]:
    for figures, signature in signed(family):
        stood = standing(family, figures)
        for line in bill_of(stood) if stood else ():
            permille = stood.book.tender.added_quantity_permille_max.value if stood else 0
            done = quantities(figures).get(line.position, 0)
            if done * 1000 > line.quantity_milli * (1000 + permille):
                yield found(figures, signature, item=line.item, done=_shown(done), bill=_shown(line.quantity_milli),
                            share=percent(permille))  # fmt: skip


@check("CH-42", _("What was measured once is not undone"), _("rulebook, progress (工程计量)"),
       _("Line %(line)s: %(before)s were signed for, the next signature is for %(after)s."))  # fmt: skip
def quantities_never_fall(family: Family) -> Iterator[Found]:
    measured = signed(family)
    for (one, first), (other, second) in pairwise(measured):
        before, after = quantities(one), quantities(other)
        for line in sorted(before):
            if after.get(line, 0) < before[line]:
                yield found(first, second, line=line, before=_shown(before[line]), after=_shown(after.get(line, 0)))


@check("CH-43", _("Completion is reported for what was measured"),
       _("建设工程质量管理条例 art. 37; rulebook, progress (工程计量)"),
       _("Completion was reported with %(done)s of the works measured and signed; it takes %(least)s."),
       waiver=_("a rulebook that asks for no signature on measurements"))  # fmt: skip
def completion_is_measured(family: Family) -> Iterator[Found]:
    for row in family.of("project.complete"):
        stood = standing(family, row)
        policy = stood.book.progress if stood else None
        if stood is None or policy is None or not progress.is_measured(stood.book, work_kind=stood.work_kind):
            continue
        measured = signed(family, before=row)
        done = _done_permille(stood, measured[-1][0]) if measured else 0
        if done < policy.completion_permille_min.value:
            last = measured[-1][1] if measured else None
            yield found(last, row, done=percent(done), least=percent(policy.completion_permille_min.value))


@check("CH-44", _("Payment does not run ahead of the quantities accepted"),
       _("建设工程质量管理条例 art. 37; rulebook, progress.deviation_permille_max"),
       _("%(spent)s of the grant were paid with %(done)s of the quantities signed for;"
         " %(most)s may lie between."), severity=Severity.WARNING,
       waiver=_("rulebook, progress.deviation_permille_max"))  # fmt: skip
def money_waits_for_the_quantities(family: Family) -> Iterator[Found]:
    """Goods and services are not built; and what is reported complete is done."""
    for row in family.of("claim.confirm_payment"):
        stood = standing(family, row)
        policy = stood.book.progress if stood else None
        if stood is None or policy is None or not progress.is_measured(stood.book, work_kind=stood.work_kind):
            continue
        if family.of("project.complete", before=row):
            continue
        measured = signed(family, before=row)
        done = _done_permille(stood, measured[-1][0]) if measured else 0
        spent = progress.spent_permille(spent_fen=spent_fen(family, row), grant_fen=stood.grant_fen)
        if spent - done > policy.deviation_permille_max.value:
            last = measured[-1][1] if measured else None
            yield found(
                last, row, spent=percent(spent), done=percent(done), most=percent(policy.deviation_permille_max.value)
            )


def _done_permille(stood: Standing, figures: Row) -> int:
    return progress.done_permille(bill_of(stood), quantities(figures))


def _shown(milli: int) -> str:
    """Thousandths as people write them: 11400 is 11.4."""
    whole, part = divmod(milli, 1000)
    return f"{whole}.{part:03d}".rstrip("0").rstrip(".")
