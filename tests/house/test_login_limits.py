"""Guessing at passwords: a few tries from one place, some more from everywhere."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.test import Client, RequestFactory

PASSWORD = "Correct-horse-7"

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> object:
    return get_user_model().objects.create_user(username="alice", password=PASSWORD)


def knock(rf: RequestFactory, *, password: str, address: str) -> object | None:
    request = rf.post("/", REMOTE_ADDR=address)
    return authenticate(request, username="alice", password=password)


def test_five_failures_lock_alice_out_at_that_address_only(rf: RequestFactory, alice: object) -> None:
    for _ in range(5):
        assert knock(rf, password="guess", address="192.0.2.1") is None
    assert knock(rf, password=PASSWORD, address="192.0.2.1") is None
    assert knock(rf, password=PASSWORD, address="192.0.2.2") == alice


def test_four_failures_lock_nobody(rf: RequestFactory, alice: object) -> None:
    for _ in range(4):
        knock(rf, password="guess", address="192.0.2.1")
    assert knock(rf, password=PASSWORD, address="192.0.2.1") == alice


def test_twenty_failures_from_everywhere_lock_alice_out_everywhere(rf: RequestFactory, alice: object) -> None:
    for number in range(20):
        assert knock(rf, password="guess", address=f"192.0.2.{number}") is None
    assert knock(rf, password=PASSWORD, address="198.51.100.1") is None


def test_who_is_locked_out_is_told_so_in_chinese(client: Client, alice: object) -> None:
    for _ in range(5):
        response = client.post("/login/", {"username": "alice", "password": "guess"})
    assert response.status_code == 429
    assert "登录失败次数过多" in response.content.decode()
