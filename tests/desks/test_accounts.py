"""The system administrator's page: accounts without posts, links instead of passwords, every change in the record."""

from __future__ import annotations

import re

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from approvals.notify.models import MailLanguage
from approvals.traveller import Traveller
from audit.models import Entry
from tests.factories import official, project_at
from workflows import accounts
from workflows.models import Person, Post
from workflows.register import NotAllowed
from workflows.states import ProjectState as S

pytestmark = pytest.mark.django_db
PASSWORD = "Correct-horse-7"


@pytest.fixture
def t() -> Traveller:
    return project_at(S.FILED)


@pytest.fixture
def keeper(t: Traveller) -> Client:
    client = Client()
    client.force_login(official(t, "sysadmin"))
    return client


def send(client: Client, deed: str, **form: object) -> tuple[int, str]:
    answer = client.post(reverse("accounts"), {"deed": deed} | form)
    return answer.status_code, answer.content.decode()


def entered(act: str) -> int:
    return Entry.objects.filter(act=f"register.{act}").count()


def path_in(page: str) -> str:
    found = re.search(r"/first-password/[^<\s]+", page)
    assert found is not None
    return found[0]


def set_password(path: str, password: str = PASSWORD) -> int:
    """Follow the link as somebody without a session, and set a password; the status of the page that has the form."""
    client = Client()
    opened = client.get(path, follow=True)
    if "new_password1" not in opened.content.decode():
        return 0
    form = {"new_password1": password, "new_password2": password}
    return client.post(opened.redirect_chain[-1][0], form).status_code


def test_an_account_is_opened_without_a_post_and_its_holder_sets_the_password(keeper: Client) -> None:
    status, page = send(keeper, "open", username="newcomer", name="新来")
    assert status == 200
    person = Person.objects.get(username="newcomer")
    assert not person.has_usable_password()
    assert not person.posts.exists()
    assert set_password(path_in(page)) == 302
    client = Client()
    assert client.post(reverse("login"), {"username": "newcomer", "password": PASSWORD}).status_code == 302
    assert (entered("open_account"), entered("set_password")) == (1, 1)
    assert Entry.objects.get(act="register.set_password").actor_id == person.pk


def test_a_link_is_good_once(keeper: Client) -> None:
    _status, page = send(keeper, "open", username="newcomer", name="新来")
    assert set_password(path_in(page)) == 302
    assert set_password(path_in(page), "Other-horse-8") == 0


def test_a_new_link_voids_the_one_before_and_the_password(t: Traveller, keeper: Client) -> None:
    clerk = official(t, "township")
    clerk.set_password(PASSWORD)
    clerk.save()
    first, second = (path_in(send(keeper, "link", person=clerk.pk)[1]) for _ in range(2))
    assert not Person.objects.get(pk=clerk.pk).check_password(PASSWORD)
    assert set_password(first) == 0
    assert set_password(second) == 302
    assert entered("link") == 2


def test_a_retired_persons_link_is_good_for_nothing(t: Traveller, keeper: Client) -> None:
    clerk = official(t, "township")
    path = path_in(send(keeper, "link", person=clerk.pk)[1])
    assert send(keeper, "retire", person=clerk.pk, on=f"{timezone.localdate()}")[0] == 302
    assert set_password(path) == 0
    assert send(keeper, "link", person=clerk.pk)[0] == 409


def test_a_weak_password_is_refused(keeper: Client) -> None:
    _status, page = send(keeper, "open", username="newcomer", name="新来")
    assert set_password(path_in(page), "12345678") == 200
    assert entered("set_password") == 0


@pytest.mark.parametrize(("username", "status"), [("ha han", 422), ("汉字", 422), ("", 422), ("x\n", 422)])
def test_what_an_account_may_be_called(keeper: Client, username: str, status: int) -> None:
    assert send(keeper, "open", username=username, name="新来")[0] == status
    assert entered("open_account") == 0


def test_a_name_is_taken_once_whatever_its_case(t: Traveller, keeper: Client) -> None:
    assert send(keeper, "open", username=official(t, "township").username.upper(), name="新来")[0] == 409


def test_who_is_locked_out_is_unlocked(t: Traveller, keeper: Client) -> None:
    clerk = official(t, "township")
    clerk.set_password(PASSWORD)
    clerk.save()
    for _ in range(5):
        Client().post(reverse("login"), {"username": clerk.username, "password": "guess"})
    form = {"username": clerk.username, "password": PASSWORD}
    assert Client().post(reverse("login"), form).status_code == 429
    assert send(keeper, "unlock", person=clerk.pk)[0] == 302
    assert not AccessAttempt.objects.filter(username=clerk.username).exists()
    assert Client().post(reverse("login"), form).status_code == 302
    assert entered("unlock") == 1


def test_the_language_of_mails(t: Traveller, keeper: Client) -> None:
    clerk = official(t, "township")
    assert send(keeper, "language", person=clerk.pk, language="en")[0] == 302
    assert MailLanguage.objects.get(person=clerk).language == "en"
    assert entered("set_language") == 1


@pytest.mark.parametrize("deed", ["link", "unlock", "language", "retire"])
def test_nobody_does_it_to_himself(t: Traveller, keeper: Client, deed: str) -> None:
    me = official(t, "sysadmin")
    form = {"person": me.pk, "language": "en", "on": f"{timezone.localdate()}"}
    assert send(keeper, deed, **form)[0] == 409
    assert entered({"language": "set_language"}.get(deed, deed)) == 0


def test_no_other_office_opens_unlocks_or_voids(t: Traveller) -> None:
    clerk = official(t, "township")
    for office in ("secadmin", "auditor", "programme"):
        by = official(t, office)
        with pytest.raises(NotAllowed):
            accounts.open_account(by=by, username="other", name="某人", at=t.at)
        with pytest.raises(NotAllowed):
            accounts.forget_password(by=by, person=clerk, at=t.at)
        with pytest.raises(NotAllowed):
            accounts.enter("unlock", by=by, person=clerk, at=t.at)


def test_the_system_administrator_changes_no_post(t: Traveller, keeper: Client) -> None:
    before = list(Post.objects.order_by("pk").values())
    clerk = official(t, "township")
    for deed in ("grant", "end", "lend"):
        keeper.post(reverse("people"), {"deed": deed, "post": clerk.posts.get().pk, "until": f"{timezone.localdate()}"})
    send(keeper, "retire", person=clerk.pk, on=f"{timezone.localdate()}")
    assert list(Post.objects.order_by("pk").values()) == before


def test_ones_own_address_is_entered_as_a_fingerprint(t: Traveller) -> None:
    clerk = official(t, "township")
    accounts.change_address(by=clerk, email="a@county.invalid", at=t.at)
    accounts.change_address(by=clerk, email="a@county.invalid", at=t.at)
    [entry] = Entry.objects.filter(act="register.set_address")
    assert entry.actor_id == clerk.pk
    assert b"county.invalid" not in entry.octets


def test_the_settings_page_enters_the_address_too(t: Traveller) -> None:
    clerk = official(t, "township")
    client = Client()
    client.force_login(clerk)
    page = client.get(reverse("notification-settings"))
    form = {name: bound.initial for name, bound in ((one.name, one) for one in page.context["form"])}
    form = {name: value or "" for name, value in form.items()} | {"email": "b@county.invalid"}
    assert client.post(reverse("notification-settings"), form).status_code == 302
    assert Person.objects.get(pk=clerk.pk).email == "b@county.invalid"
    assert entered("set_address") == 1
