"""Finance enters sources and moves their own money on pages: refused clearly, entered once, on the record."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Entry
from funds.balances import balance
from funds.books import verify
from funds.models import Source, Transfer
from funds.vouchers import differences
from tests.desks.pages import Page, browser_of
from tests.factories import fresh_application, official
from tests.journeys.clerk import clock_at
from workflows.models import Person

FACTS = {
    "name": "衔接资金", "document_number": "财农〔2026〕7号", "year": "2026", "manager": "省财政厅",
    "channel": "省—市—县财政", "purpose": "any", "nature": "财政专项资金", "procedure": "县统一审查立项",
}  # fmt: skip
LABOUR = {"days_milli": "12.5", "rate_fen": "80", "rate_document": "〔2026〕12号"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance() -> Person:
    return official(fresh_application(), "finance")


def send(person: Person, form: dict[str, Any], *, pk: int | None = None, act: str = "") -> Any:
    where = reverse("source-new") if pk is None else reverse("source-act", args=[pk, act])
    return browser_of(person).post(where, form)


def entered(person: Person, **changed: str) -> Source:
    answer = send(person, FACTS | {"kind": "county", "amount_fen": "1万"} | changed)
    assert answer.status_code == 302, Page(answer).alerts()
    return Source.objects.latest("id")


def version(person: Person, pk: int, act: str) -> str:
    page = Page(browser_of(person).get(reverse("source-act", args=[pk, act])))
    return next(one.get("value", "") for one in page.all("input") if one.get("name") == "shown")


def moved(person: Person, pk: int, act: str, fen: str, reason: str = "年末") -> Any:
    return send(person, {"fen": fen, "reason": reason, "shown": version(person, pk, act)}, pk=pk, act=act)


@pytest.mark.parametrize("kind", [kind for kind in Source.Kind.values if kind != "labour"])
def test_every_kind_of_money_is_entered_with_its_document(finance: Person, kind: str) -> None:
    source = entered(finance, kind=kind, amount_fen="26.7万")
    assert (source.kind, source.amount_fen, source.received_on) == (kind, 26_700_000, None)
    assert source.county == finance.posts.get().unit.area.code
    entry = Entry.objects.get(act="sources.open_source", amount_fen=26_700_000)
    assert entry.actor_id == finance.pk
    assert list(differences()) == []


def test_labour_is_entered_in_days_at_a_rate_that_a_document_sets(finance: Person) -> None:
    source = entered(finance, kind="labour", amount_fen="", **LABOUR)
    assert (source.amount_fen, source.days_milli, source.rate_fen) == (1000_00, 12_500, 80_00)
    assert "12.5 × 80.00（〔2026〕12号）" in " ".join(
        Page(browser_of(finance).get(reverse("source", args=[source.pk]))).words()
    )


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"amount_fen": ""}, "amount_fen"),
        ({"amount_fen": "0"}, "amount_fen"),
        ({"amount_fen": "-5"}, "amount_fen"),
        ({"amount_fen": "1.005"}, "amount_fen"),
        ({"rate_document": "〔2026〕12号"}, "rate_document"),
        ({"kind": "labour"}, "amount_fen"),
        ({"kind": "labour", "amount_fen": "", "days_milli": "3", "rate_fen": "80"}, "rate_document"),
        ({"kind": "labour", "amount_fen": "", **LABOUR, "days_milli": "0"}, "days_milli"),
        ({"kind": "gift"}, "kind"),
        ({"manager": " "}, "manager"),
        ({"document_number": ""}, "document_number"),
        ({"name": "看\u202e不见"}, "name"),
        ({"year": "20266"}, "year"),
    ],
)
def test_what_is_missing_or_wrong_is_told_at_its_field(finance: Person, changed: dict[str, str], field: str) -> None:
    count = Source.objects.count()
    answer = send(finance, FACTS | {"kind": "county", "amount_fen": "1万"} | changed)
    assert answer.status_code == 422
    page = Page(answer)
    assert page.faults(field)
    assert page.typed("channel") == FACTS["channel"]
    assert Source.objects.count() == count


def test_the_second_of_two_clicks_enters_nothing_and_shows_the_first(finance: Person) -> None:
    source, entries = entered(finance), Entry.objects.count()
    again = send(finance, FACTS | {"kind": "county", "amount_fen": "1万"})
    assert again["Location"] == reverse("source", args=[source.pk])
    assert Entry.objects.count() == entries
    other = send(finance, FACTS | {"kind": "county", "amount_fen": "2万"})
    assert other.status_code == 409
    assert "L-16" in Page(other).alerts()[0]
    assert Entry.objects.count() == entries


def test_money_goes_every_way_of_its_own_and_each_is_on_the_record(finance: Person) -> None:
    pk = entered(finance).pk
    for act, fen in (("receive", "9000"), ("carry_over", "3000"), ("replan", "1000"), ("give_back", "500.5")):
        assert moved(finance, pk, act, fen)["Location"] == reverse("source", args=[pk])
        assert Entry.objects.filter(act=f"sources.{act}", actor_id=finance.pk).exists()
    stands = balance(on=timezone.localdate(), source_id=pk).money
    assert (stands.issued_fen, stands.free_fen, stands.carried_fen, stands.returned_fen) == (
        9000_00, 6499_50, 2000_00, 500_50
    )  # fmt: skip
    assert verify().wrong == list(differences()) == []
    call_command("audit", "verify")


@pytest.mark.parametrize(
    ("act", "fen", "code"),
    [("receive", "1万", "L-04"), ("carry_over", "9000.01", "L-01"), ("replan", "1", "L-01"), ("lapse", "1", "L-15")],
)
def test_what_is_not_there_is_refused_with_its_article(finance: Person, act: str, fen: str, code: str) -> None:
    pk = entered(finance).pk
    moved(finance, pk, "receive", "9000")
    count = Transfer.objects.count()
    answer = moved(finance, pk, act, fen)
    assert answer.status_code == 409
    told = Page(answer).alerts()[0]
    assert code in told
    assert Page(answer).typed("fen") == fen
    assert Transfer.objects.count() == count


@pytest.mark.parametrize(
    "form", [{"fen": "", "reason": "x"}, {"fen": "1", "reason": ""}, {"fen": "1e3", "reason": "x"}]
)
def test_a_form_half_filled_in_moves_nothing(finance: Person, form: dict[str, str]) -> None:
    pk = entered(finance).pk
    moved(finance, pk, "receive", "9000")
    answer = send(finance, form | {"shown": version(finance, pk, "give_back")}, pk=pk, act="give_back")
    assert answer.status_code == 422
    assert Transfer.objects.filter(kind="return").count() == 0


def test_two_clicks_receive_once_and_a_form_without_its_version_nothing(finance: Person) -> None:
    pk = entered(finance).pk
    form = {"fen": "4000", "reason": "", "shown": version(finance, pk, "receive")}
    assert [send(finance, form, pk=pk, act="receive").status_code for _click in range(2)] == [302, 302]
    assert Transfer.objects.filter(source_id=pk).count() == 1
    assert send(finance, form | {"shown": "x"}, pk=pk, act="receive").status_code == 422
    assert Transfer.objects.filter(source_id=pk).count() == 1


def test_only_what_can_be_done_is_offered(finance: Person) -> None:
    pk = entered(finance).pk

    def offered(client: Client) -> list[str]:
        links = [link.get("href") or "" for link in Page(client.get(reverse("source", args=[pk]))).all("a")]
        return [link.split("/")[-2] for link in links if "/acts/" in link]

    assert offered(browser_of(finance)) == ["receive"]
    moved(finance, pk, "receive", "1万")
    moved(finance, pk, "carry_over", "1")
    assert offered(browser_of(finance)) == ["carry_over", "replan", "give_back"]
    later = timezone.now().replace(year=timezone.now().year + 3)
    with clock_at(later):
        assert "lapse" in offered(browser_of(finance))
    others = Person.objects.filter(posts__unit__office="auditor").order_by("id")[0]
    assert offered(browser_of(others)) == []
    assert browser_of(finance).get(reverse("source-act", args=[pk, "spend"])).status_code == 404
