"""The triggers stand in the tests as in an office, and come back after each cleaning up."""

from __future__ import annotations

import pytest
from django.db import connection

from audit import immutability
from tests.guards import lifted

TABLES = ("audit_entry", "funds_transfer")


@pytest.mark.django_db(transaction=True)
def test_the_guards_are_lifted_only_for_a_moment() -> None:
    assert immutability.missing(connection, *TABLES) == []
    with lifted():
        assert immutability.missing(connection, *TABLES) != []
    assert immutability.missing(connection, *TABLES) == []
