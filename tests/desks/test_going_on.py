"""A session ends while a form is being filled in: what was typed comes back, and nothing is done by itself."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from approvals.notify.models import Copy
from approvals.views import again
from funds.models import Source
from tests.law.stages import Stage
from workflows.states import ProjectState as S

REASON = "经实地察看，“第三组”路段须改线 & 重新测算；<补图>"
PASSWORD = "Kai-Xian-2026-long"


class Form(HTMLParser):
    """The last form of a page, as a browser would send it by its last button."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action, self._area = "", ""
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form" and "language" not in str(given.get("action")) and "logout" not in str(given.get("action")):
            self.action, self.fields = given.get("action") or "", {}
        elif tag == "input" and given.get("name"):
            self.fields[str(given["name"])] = given.get("value") or ""
        self._area = str(given["name"]) if tag == "textarea" else ""

    def handle_endtag(self, tag: str) -> None:
        self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] = (self.fields.get(self._area, "") + data).lstrip("\n")


class GoingOn(Stage):
    state = S.FILED
    fields: dict[str, str]

    def setUp(self) -> None:
        self.clerk = self.official("township")
        self.clerk.set_password(PASSWORD)
        self.clerk.save()
        self.browser = Client(enforce_csrf_checks=True)
        self.browser.force_login(self.clerk)
        self.address = reverse("act", args=[self.t.project.pk, "return_to"])
        page = self.browser.get(self.address)
        self.sent = {
            "csrfmiddlewaretoken": str(page.context["csrf_token"]), "shown": str(page.context["shown"]),
            "stage": "village", "reason": REASON,
        }  # fmt: skip

    def send(self, path: str, data: dict[str, str], *, origin: str = "http://testserver") -> Any:
        return self.browser.post(path, data, headers={"origin": origin})

    def seen_through(self, page: Any) -> None:
        """The page leads to the form as it was left, and only the form's own button does the act."""
        back = Form(page.content.decode())
        assert back.action == self.address
        form = self.send(back.action, back.fields)
        assert form.status_code == 200
        assert Form(form.content.decode()).fields["reason"] == REASON
        assert self.t.project.typed().state == S.FILED
        renewed = self.sent | {"csrfmiddlewaretoken": str(form.context["csrf_token"])}
        assert self.send(self.address, renewed).status_code == 302
        assert self.t.project.typed().state == S.RETURNED

    def test_after_the_session_ended_a_log_in_brings_back_what_was_typed(self) -> None:
        del self.browser.cookies[settings.SESSION_COOKIE_NAME]
        page = self.send(self.address, self.sent)
        assert page.status_code == 403
        log_in = Form(page.content.decode())
        assert log_in.action == reverse("login")
        wrong = self.send(log_in.action, log_in.fields | {"username": self.clerk.username, "password": "x"})
        log_in = Form(wrong.content.decode())
        known = {"username": self.clerk.username, "password": PASSWORD}
        self.seen_through(self.send(log_in.action, log_in.fields | known))

    def test_after_a_log_in_in_another_tab_the_old_form_comes_back(self) -> None:
        log_in = {"username": self.clerk.username, "password": PASSWORD,
                  "csrfmiddlewaretoken": self.sent["csrfmiddlewaretoken"]}  # fmt: skip
        del self.browser.cookies[settings.SESSION_COOKIE_NAME]
        assert self.send(reverse("login"), log_in).status_code == 302
        page = self.send(self.address, self.sent)
        assert page.status_code == 403
        self.seen_through(page)

    def test_what_another_site_sent_is_never_put_into_a_form(self) -> None:
        self.sent["csrfmiddlewaretoken"] = "x" * 64
        for logged_in in (True, False):
            page = self.send(self.address, self.sent, origin="https://elsewhere.example")
            self.assertNotContains(page, "须改线", status_code=403)
            if logged_in:
                del self.browser.cookies[settings.SESSION_COOKIE_NAME]

    def test_what_is_no_form_is_not_done_by_going_on(self) -> None:
        del self.browser.cookies[settings.SESSION_COOKIE_NAME]
        page = self.send(reverse("notifications-read"), {"csrfmiddlewaretoken": self.sent["csrfmiddlewaretoken"]})
        assert (page.status_code, page.url.partition("?")[0]) == (302, reverse("login"))


class OtherForms(Stage):
    """The forms of copies and of the books, when they are asked for as they were typed."""

    state = S.APPROVED

    def comes_back(self, office: str, address: str, typed: dict[str, str]) -> None:
        assert again.leads_to_form(address)
        self.client.force_login(self.official(office))
        page = self.client.post(address, typed | {"more": "again"})
        assert page.status_code == 200
        shown = Form(page.content.decode()).fields
        assert {name: shown[name] for name in typed} == typed
        self.assertNotContains(page, 'class="wrong"')

    def test_a_copy(self) -> None:
        self.comes_back("township", reverse("copy", args=[self.t.project.pk]), {"text": REASON})
        assert not Copy.objects.exists()

    def test_a_source_of_funds(self) -> None:
        count = Source.objects.count()
        typed = {"name": "奖补资金", "amount_fen": "12.5万", "nature": REASON}
        self.comes_back("finance", reverse("source-new"), typed)
        assert Source.objects.count() == count

    def test_an_act_on_a_source(self) -> None:
        source = next(iter(self.t.sources))
        typed = {"fen": "1.5万", "reason": REASON, "shown": "1"}
        self.comes_back("finance", reverse("source-act", args=[source, "give_back"]), typed)
