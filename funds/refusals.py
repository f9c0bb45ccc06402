"""What the ledger refuses, each by its own name, code and article."""

from __future__ import annotations

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from funds.models import Account
from funds.money import yuan


class LedgerRefused(Exception):
    """Money that may not move. The surrounding transaction can only be rolled back after it."""

    code: ClassVar[str] = ""
    article: ClassVar[Promise | str] = ""
    message: ClassVar[Promise | str] = ""

    def __init__(self, **params: object) -> None:
        super().__init__(params)
        self.params = params

    def __str__(self) -> str:
        return str(self.message) % self.params


class OutsideTransaction(RuntimeError):
    """Money moves together with the act that moves it: open transaction.atomic() first."""


class Overdrawn(LedgerRefused):
    code = "L-01"
    article = _("预算法 art. 13")
    message = _("%(account)s holds %(held)s yuan; %(asked)s yuan were asked for.")

    @classmethod
    def of(cls, account: Account, fen: int) -> Overdrawn:
        """`fen` asked of `account`, which is read for what it holds."""
        held = Account.objects.filter(pk=account.code).first()
        return cls(account=account.code, held=yuan(held.balance_fen if held else 0), asked=yuan(fen))


class DuplicateKey(LedgerRefused):
    code = "L-02"
    article = _("会计法 art. 14")
    message = _("The order %(key)s was carried out before.")


class ImpossibleAmount(LedgerRefused):
    code = "L-03"
    article = _("会计法 art. 14")
    message = _("An amount of %(fen)s fen cannot be moved.")


class MoreThanIssued(LedgerRefused):
    code = "L-04"
    article = _("预算法 art. 57; five unchangeds (五不变)")
    message = _("%(source)s comes to %(amount)s yuan in all; %(asked)s yuan more would exceed it.")


class UnknownSource(LedgerRefused):
    code = "L-05"
    article = _("five unchangeds (五不变)")
    message = _("There is no source of funds with number %(source)s.")


class WrongPurpose(LedgerRefused):
    code = "L-06"
    article = _("预算法 art. 63; five unchangeds (五不变)")
    message = _("%(source)s may only pay for its own purpose.")


class NotReceived(LedgerRefused):
    code = "L-07"
    article = _("预算法 art. 57")
    message = _("The money of %(source)s has not arrived yet.")


class AlreadyReversed(LedgerRefused):
    code = "L-08"
    article = _("会计法 art. 14")
    message = _("The transfer %(key)s is a reversal, or was reversed before.")


class NoRate(LedgerRefused):
    code = "L-09"
    article = _("村民一事一议筹资筹劳管理办法")
    message = _("Labour, and nothing else, is counted in days at a rate that a document sets.")


class NotCash(LedgerRefused):
    code = "L-10"
    article = _("村民一事一议筹资筹劳管理办法")
    message = _("Labour is counted and never paid out: %(cash)s yuan are there in money, %(asked)s were asked for.")


class OnItsWay(LedgerRefused):
    code = "L-11"
    article = _("预算法实施条例 art. 66")
    message = _("%(fen)s yuan are on their way to the payee; wait for the bank's answer.")


class UnknownOrder(LedgerRefused):
    code = "L-12"
    article = _("会计法 art. 14")
    message = _("There is no payment order %(key)s.")


class AlreadyResolved(LedgerRefused):
    code = "L-13"
    article = _("会计法 art. 14")
    message = _("What became of the payment order %(key)s was entered before.")


class NotReversible(LedgerRefused):
    code = "L-14"
    article = _("会计法 art. 14")
    message = _("The payment order %(key)s went to the bank; only the bank's answer ends it.")


class NotIdle(LedgerRefused):
    code = "L-15"
    article = _("预算法 art. 42; 预算法实施条例 art. 50")
    message = _("Of %(source)s, %(held)s yuan have lain carried over that long; %(asked)s yuan were asked for.")


class EnteredBefore(LedgerRefused):
    code = "L-16"
    article = _("会计法 art. 14; five unchangeds (五不变)")
    message = _("%(source)s with the document number %(document)s is in the books already.")
