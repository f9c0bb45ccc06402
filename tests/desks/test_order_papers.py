"""The papers of an order: what stands on them, when there is one, and whom they name after a transfer."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable
from unittest import mock

import pikepdf
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags

from approvals import order_papers, ordering, papers
from tests.law.ordering import Ordered
from tests.record.archival import breaches
from workflows.models import Post, Rectification


def text(make: Callable[[Rectification], bytes], order: Rectification) -> str:
    """What is to be read on a paper."""

    def plain(template: str, context: dict[str, object]) -> bytes:
        return strip_tags(render_to_string(template, context).partition("</style>")[2]).encode()

    with mock.patch.object(papers, "pdf", plain):
        return re.sub(r"\s+", " ", make(order).decode())


class PapersOfAnOrder(Ordered):
    def test_the_order_names_addressee_articles_deadline_and_what_follows(self) -> None:
        order = self.now
        post = order.accountable_post
        assert post is not None
        told = text(order_papers.order, order)
        assert order.issuer is not None
        for said in (order.number, order.addressee.name, post.person.name, order.breach, str(order.deadline),
                     order.issuer.name):  # fmt: skip
            assert str(said) in told
        for item in order.items.all():
            assert item.article in told
            assert item.text in told
        for day, _act, words in order.consequences():
            assert f"{day}{words}" in told.replace("> <", "")

    def test_the_same_order_is_the_same_paper(self) -> None:
        assert order_papers.order(self.now) == order_papers.order(self.now)

    def test_it_fits_a_page_in_either_language(self) -> None:
        for language in ("zh-hans", "en"):
            with translation.override(language):
                assert len(pikepdf.open(io.BytesIO(order_papers.order(self.now))).pages) == 1, language

    def test_a_transfer_since_then_changes_nothing_on_it(self) -> None:
        before = order_papers.order(self.now)
        Post.objects.filter(unit=self.order.addressee).update(until=self.today - dt.timedelta(days=1))
        assert order_papers.order(self.now) == before

    def test_there_is_a_closing_sheet_only_of_what_is_closed_out(self) -> None:
        self.client.force_login(self.official("discipline"))
        address = reverse("order-closing", args=[self.order.pk])
        assert self.client.get(address).status_code == 404
        ordering.answer_order(self.t, self.order)
        ordering.verify_order(self.t, self.order)
        answer = self.client.get(address)
        assert answer["Content-Type"] == "application/pdf"
        assert breaches(answer.content) == breaches(order_papers.order(self.now)) == []
        told = text(order_papers.closing, self.now)
        for item in self.now.items.all():
            assert item.article in told
            assert item.answer in told
        assert self.official("discipline").name in told
