"""Who the reader is, is asked once for a page that is only read, and every time where something may be done."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from config.reading import ReadingMiddleware
from tests.factories import fresh_application, official
from workflows.offices import Seat


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "queries"), [("get", 1), ("head", 1), ("post", 3)])
def test_posts_are_remembered_for_reading_alone(
    method: str, queries: int, rf: RequestFactory, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person = official(fresh_application(), "finance")

    def page(request: HttpRequest) -> HttpResponse:
        for _time in range(3):
            assert len(Seat.of(person, on=timezone.localdate())) == 1
        return HttpResponse()

    with django_assert_num_queries(queries):
        ReadingMiddleware(page)(getattr(rf, method)("/"))
    with django_assert_num_queries(1):
        Seat.of(person, on=timezone.localdate())
