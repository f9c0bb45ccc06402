"""Addresses, questions and bodies that no page of ours sends: answered in the reader's language, and nothing moves."""

from __future__ import annotations

from urllib.parse import quote, unquote

import pytest
from django.test import Client
from django.urls import reverse

from tests.desks.pages import LANGUAGES, Page, browser_of, everything, stored_words, strange
from tests.desks.test_bad_input_forms import DIGITS, HTML, SQL, TEMPLATE
from tests.factories import fresh_application, official, project_at
from workflows.models import Case
from workflows.states import ProjectState as S

#: Values of a question, as they stand in the address.
STRANGE = ("-1", "0", "abc", "1.5", "9" * 30, DIGITS, quote(HTML), quote(TEMPLATE), quote(SQL), "%00", "a%00b",
           "%ff%fe", "%ed%a0%80", quote("\u202e长"), quote("\U0001f600"), "%25", "_", quote("长" * 2000), "2026-02-30",
           "9999-12-31", "0001-01-01", "[]")  # fmt: skip
RECORD = ("case", "person", "unit", "act", "since", "until", "root", "before", "after", "unheard-of")
#: Route -> the office that reads it, and what may be asked there.
QUESTIONS: dict[str, tuple[str | None, tuple[str, ...]]] = {
    "login": (None, ("next",)),
    "queue": ("township", ("tab", "page", "unheard-of")),
    "projects": ("township", ("q", "state", "category", "department", "township", "overdue", "sort", "page")),
    "case": ("township", ("page",)),
    "people": ("secadmin", ("q", "unit", "page")),
    "vacant": ("secadmin", ("page",)),
    "accounts": ("sysadmin", ("q", "page")),
    "orders": ("auditor", ("q", "state", "finding", "township", "page")),
    "notifications": ("township", ("kind", "page")),
    "money": ("finance", ("on", "page", "unheard-of")),
    "source": ("finance", ("since", "until", "tab", "page")),
    "case-money": ("township", ("since", "until", "page")),
    "audit:search": ("auditor", RECORD),
    "audit:export": ("auditor", RECORD),
    "audit:case": ("auditor", ("before", "after")),
    "inspection:flags": ("auditor", ("flag", "state", "year", "township", "unit", "project", "page")),
    "inspection:time": ("auditor", ("kind", "unit", "township", "which", "since", "until")),
}
#: Where a day that is none is a bad question.
ASKED_FOR_DAYS = {route for route in QUESTIONS if route.startswith("audit:")} | {
    "money", "source", "case-money", "inspection:time",
}  # fmt: skip


def answer_of(browser: Client, address: str) -> tuple[int, Page | None]:
    """The status, and the page where the answer is one."""
    response = browser.get(address)
    if response.headers["Content-Type"].startswith("text/csv"):
        assert len(b"".join(response).splitlines()) > 0
        return response.status_code, None
    return response.status_code, Page(response)


def complaints(page: Page, language: str, typed: str = "") -> list[str]:
    """What is wrong with a page that answers something bad."""
    found = [f"says {text!r}" for text in page.alerts() if strange(text.replace(typed, ""), language)]
    found += [f"status {page.status}"] * (page.status >= 500)
    found += ["runs what was typed"] * (len(page.all("script")) != 1)
    found += [f"{len(page.all('h1'))} headings"] * (len(page.all("h1")) != 1)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("route", QUESTIONS)
def test_a_strange_question_gets_a_page_and_nothing_is_changed(route: str) -> None:
    t = project_at(S.FILED)
    office, names = QUESTIONS[route]
    args = [t.project.pk] if route in ("case", "audit:case", "case-money") else []
    if route == "source":
        args = [next(iter(t.sources))]
    person = official(t, office) if office else None
    browsers = [browser_of(person, language) for language in LANGUAGES]
    before = everything()
    asked = [f"{name}={value}" for name in names for value in STRANGE]
    asked += [f"{name}=1&{name}=2" for name in names] + [f"{name}[]=1&{name}" for name in names]
    for n, question in enumerate(asked):
        status, page = answer_of(browsers[n % 2], f"{reverse(route, args=args)}?{question}")
        assert status in (200, 400) if route in ASKED_FOR_DAYS else status == 200, question[:60]
        if page is not None:
            typed = unquote(question.partition("=")[2])
            assert not complaints(page, LANGUAGES[n % 2], typed), question[:60]
    assert everything() == before


#: Addresses that name nothing, or something else: `{p}` the project, `{n}` its notice, `{d}` another's draft, `{f}` a
#: file of the project.
NOWHERE = """
GET  /cases/0/
GET  /cases/99999999999999999999/
GET  /cases/{digits}/
GET  /cases/-1/
GET  /cases/{p}/acts/unknown/
GET  /cases/{p}/acts/state/
GET  /cases/{p}/acts/__init__/
GET  /cases/{n}/acts/approve/
POST /cases/{p}/acts/unknown/
POST /cases/{n}/acts/approve/
GET  /cases/{p}/open/project/
GET  /cases/{p}/open/unknown/
POST /cases/{p}/open/unknown/
GET  /cases/{n}/open/claim/
POST /cases/{n}/open/claim/
GET  /cases/{n}/edit/
POST /cases/{n}/edit/
GET  /cases/{d}/
POST /cases/{d}/acts/file/
POST /cases/{d}/edit/
GET  /cases/{d}/files/{f}/
GET  /cases/{p}/files/0/
GET  /cases/{p}/files/99999999999999999999/
GET  /cases/{p}/files/{digits}/
POST /desks/0/claim/
POST /desks/99999999999999999999/claim/
POST /desks/{digits}/release/
POST /desks/99999999999999999999/hand-over/
GET  /cases/{n}/money/
GET  /cases/{n}/money.pdf
GET  /cases/{d}/money/
GET  /cases/{d}/money.pdf
GET  /money/sources/0/
GET  /money/sources/99999999999999999999/
GET  /money/sources/{digits}/
GET  /money/sources/1/acts/unknown/
POST /money/sources/1/acts/__init__/
GET  /cases/{p}/acts/../../
GET  /cases/%00/
GET  /cases/%ff%fe/
GET  /%3Cscript%3Ealert(1)%3C/script%3E
GET  /audit/entries/0/
GET  /audit/entries/99999999999999999999/
GET  /audit/entries/{digits}/
GET  /audit/cases/-999999999999999999/
GET  /audit/cases/{digits}/
"""


@pytest.mark.django_db
def test_an_address_that_names_nothing_is_not_found_in_the_readers_language() -> None:
    t, draft = project_at(S.APPROVED), fresh_application(rulebook="qingyuan")
    notice, file = Case.objects.filter(root=t.project, kind="notice").earliest("pk"), t.project.attachments.first()
    assert file is not None
    names = {"p": t.project.pk, "n": notice.pk, "d": draft.project.pk, "f": file.pk, "digits": DIGITS}
    offices = {"audit": "auditor"}
    browsers = {
        (office, language): browser_of(official(t, office), language)
        for office in ("programme", "auditor")
        for language in LANGUAGES
    }
    before, names_in_data = everything(), stored_words()
    for line in NOWHERE.strip().splitlines():
        method, address = line.format(**names).split()
        office = offices.get(address.split("/")[1], "programme")
        for language in LANGUAGES:
            page = Page(getattr(browsers[office, language], method.lower())(address))
            assert page.status == 404, line
            assert not complaints(page, language), line
            foreign = page.in_other_language(language, data=names_in_data)
            assert not foreign, line
    assert everything() == before


def multipart(*parts: str, boundary: str = "x") -> bytes:
    return "".join(f"--{boundary}\r\nContent-Disposition: form-data; {part}\r\n" for part in parts).encode() + b"--x--"


FORM = "application/x-www-form-urlencoded"
FILE = 'name="files"; filename="{}.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF-'
#: What is sent -> its content type, its bytes, and the status of the answer.
BODIES: dict[str, tuple[str, bytes, int]] = {
    "nothing": (FORM, b"", 422),
    "JSON": ("application/json", b'{"stage": "village", "reason": "x"}', 422),
    "plain text": ("text/plain", b"stage=village&reason=x", 422),
    "no type at all": ("", b"stage=village&reason=x", 422),
    "another charset": (f"{FORM}; charset=utf-16", "stage=village".encode("utf-16"), 400),
    "an unknown charset": (f"{FORM}; charset=klingon", b"stage=moon", 422),
    "bytes that are no UTF-8": (FORM, b"stage=village&reason=%ff%fe%ed%a0%80", 422),
    "raw bytes that are no UTF-8": (FORM, b"stage=village&reason=\xff\xfe\xed\xa0\x80", 422),
    "null characters": (FORM, b"stage=village&reason=a%00b&shown=%00", 422),
    "a list where one is asked": (FORM, b"stage=village&stage=moon&reason[]=x", 422),
    "a megabyte of text": (FORM, b"stage=village&reason=" + b"x" * 1_000_000, 422),
    "three megabytes of text": (FORM, b"stage=village&reason=" + b"x" * 3_000_000, 400),
    "three megabytes in one part": ("multipart/form-data; boundary=x", multipart(
        'name="reason"\r\n\r\n' + "x" * 3_000_000), 400),
    "three thousand fields": (FORM, "&".join(f"f{n}=1" for n in range(3000)).encode(), 400),
    "three hundred files": ("multipart/form-data; boundary=x", multipart(*[FILE.format(n) for n in range(300)]), 400),
    "parts without a boundary": ("multipart/form-data", multipart('name="stage"\r\n\r\nvillage'), 400),
    "parts of a wrong boundary": ("multipart/form-data; boundary=y", multipart('name="stage"\r\n\r\nvillage'), 422),
    "parts that break off": ("multipart/form-data; boundary=x", multipart('name="reason"\r\n\r\nx')[:-9], 422),
    "a part without a name": ("multipart/form-data; boundary=x", multipart("x=1\r\n\r\nx"), 422),
    "a part in base64 that is none": ("multipart/form-data; boundary=x", multipart(
        'name="reason"\r\nContent-Transfer-Encoding: base64\r\n\r\n!'), 422),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("what", BODIES)
def test_a_body_that_no_form_sends_is_answered_and_nothing_is_changed(what: str) -> None:
    t = project_at(S.FILED)
    content_type, body, expected = BODIES[what]
    address = reverse("act", args=[t.project.pk, "return_to"])
    browsers, names = [browser_of(official(t, "township"), language) for language in LANGUAGES], stored_words()
    before = everything()
    for browser, language in zip(browsers, LANGUAGES, strict=True):
        page = Page(browser.generic("POST", address, body, content_type))
        assert page.status == expected
        assert not complaints(page, language)
        foreign = page.in_other_language(language, data=names)
        assert not foreign
    assert everything() == before
