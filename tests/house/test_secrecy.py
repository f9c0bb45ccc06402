"""Sealed fields: what is stored tells nothing, shows four places, and survives a change of keys."""

from __future__ import annotations

import io
import logging
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from approvals import stops
from tests.law.stages import Stage
from workflows.models import Case, Claim
from workflows.secrecy import Secret, Unreadable, fingerprint, fingerprints, masked
from workflows.states import ProjectState as S

ACCOUNT = "6228480402564890018"


def test_a_sealed_number_is_opened_and_nothing_else_shows_it(caplog: pytest.LogCaptureFixture) -> None:
    sealed = Secret.of(ACCOUNT)
    assert sealed.open() == ACCOUNT
    logging.getLogger("test").warning("%s %r %s", sealed, sealed, {"account": sealed})
    assert ACCOUNT not in caplog.text + sealed.token
    assert str(sealed) == "****0018"
    assert Secret.of(ACCOUNT).token != sealed.token


@pytest.mark.parametrize(("text", "shown"), [("", ""), ("1234567", "****"), ("12345678", "****5678")])
def test_a_text_too_short_to_be_hidden_by_four_places_shows_none(text: str, shown: str) -> None:
    assert masked(text) == shown
    assert str(Secret.of(text)) == shown


def test_an_altered_token_does_not_open() -> None:
    token = Secret.of(ACCOUNT).token
    with pytest.raises(Unreadable):
        Secret(token[:-6] + "AAAAA=").open()


def test_keys_are_changed_by_putting_a_new_one_in_front(settings: Any) -> None:
    settings.FIELD_KEYS = ["old"]
    sealed, old_print = Secret.of(ACCOUNT), fingerprint(ACCOUNT)
    settings.FIELD_KEYS = ["new", "old"]
    assert sealed.open() == ACCOUNT
    assert old_print in fingerprints(ACCOUNT)
    assert fingerprint(ACCOUNT) != old_print
    again = sealed.resealed()
    settings.FIELD_KEYS = ["new"]
    assert again.open() == ACCOUNT
    with pytest.raises(Unreadable):
        sealed.open()


def test_the_print_is_the_same_for_the_same_number_only() -> None:
    assert fingerprint(ACCOUNT) == fingerprint(ACCOUNT)
    assert fingerprint(ACCOUNT) != fingerprint(ACCOUNT[:-1] + "9")


def test_a_plain_number_cannot_be_stored_in_a_sealed_field() -> None:
    with pytest.raises(TypeError, match="sealed"):
        Claim._meta.get_field("account").get_prep_value(ACCOUNT)


class AfterAChangeOfKeys(Stage):
    state = S.APPROVED

    def test_everything_is_sealed_with_the_newest_key(self) -> None:
        claim = self.drawn_up()
        with override_settings(FIELD_KEYS=["newest", *settings.FIELD_KEYS]):
            call_command("reseal", stdout=io.StringIO())
        claim = Claim.objects.get(pk=claim.pk)
        with override_settings(FIELD_KEYS=["newest"]):
            assert claim.account.open() == ACCOUNT

    def drawn_up(self) -> Case:
        data = stops.payee("众兴建筑有限公司", account=ACCOUNT) | {"tranche": "start", "amount_fen": 100}
        return self.t.open(Claim, seat="village", data=data)
