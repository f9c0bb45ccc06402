"""Saved searches: kept by whoever reads the record, seen by others where shared, changed by the owner only."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from audit.saved import OWN_MAX, SavedSearch
from tests.factories import official
from tests.law.stages import Stage
from workflows.states import ProjectState

QUERY = "person=%E8%B5%B5&act=project.file"


class SavedSearches(Stage):
    state = ProjectState.FILED

    def by(self, office: str) -> Client:
        client = Client()
        client.force_login(official(self.t, office))
        return client

    def save(self, client: Client, **given: Any) -> Any:
        return client.post(reverse("audit:saved-new"), {"query": QUERY, "name": "赵某所办", **given}, follow=True)

    def test_a_search_is_kept_and_asked_again(self) -> None:
        auditor = self.by("auditor")
        self.assertContains(self.save(auditor), "赵某所办")
        [one] = SavedSearch.objects.all()
        assert (one.name, one.shared, one.owner_id) == ("赵某所办", False, official(self.t, "auditor").pk)
        page = auditor.get(reverse("audit:search"))
        self.assertContains(page, f"?{one.query}".replace("&", "&amp;"))
        again = auditor.get(f"{reverse('audit:search')}?{one.query}")
        assert again.context["form"].cleaned_data["act"] == "project.file"

    def test_what_the_search_does_not_know_is_not_kept(self) -> None:
        self.save(self.by("auditor"), query=f"{QUERY}&before=12&next=//evil.example&person=x")
        kept = QueryDict(SavedSearch.objects.get().query)
        assert kept.dict() == {"person": "x", "act": "project.file"}

    def test_a_search_that_asks_nothing_or_nonsense_is_not_kept(self) -> None:
        auditor = self.by("auditor")
        for query in ("", "act=no.such", "since=2025-02-01&until=2025-01-01", "before=3"):
            self.save(auditor, query=query)
        for name in ("", " ", "长" * 61):
            self.save(auditor, name=name)
        assert not SavedSearch.objects.exists()

    def test_a_name_is_given_once_by_each(self) -> None:
        auditor, audit = self.by("auditor"), self.by("audit")
        for client in (auditor, auditor, audit):
            self.save(client)
        assert SavedSearch.objects.count() == 2

    def test_others_see_what_is_shared_and_change_nothing(self) -> None:
        auditor, audit = self.by("auditor"), self.by("audit")
        self.save(auditor)
        one = SavedSearch.objects.get()
        self.assertNotContains(audit.get(reverse("audit:search")), "赵某所办</a>")
        auditor.post(reverse("audit:saved-change", args=[one.pk]), {"name": "赵某的清单", "shared": "on"})
        self.assertContains(audit.get(reverse("audit:search")), "赵某的清单</a>")
        for route in ("saved-change", "saved-drop"):
            address = reverse(f"audit:{route}", args=[one.pk])
            assert audit.post(address, {"name": "别人的"}).status_code == 404
            assert self.by("village").post(address, {"name": "别人的"}).status_code == 403
        auditor.post(reverse("audit:saved-change", args=[one.pk]), {"name": "赵某的清单"})
        self.assertNotContains(audit.get(reverse("audit:search")), "赵某的清单</a>")

    def test_a_name_that_is_taken_is_not_given_by_renaming(self) -> None:
        auditor = self.by("auditor")
        self.save(auditor)
        self.save(auditor, name="第二")
        second = SavedSearch.objects.get(name="第二")
        auditor.post(reverse("audit:saved-change", args=[second.pk]), {"name": "赵某所办"})
        second.refresh_from_db()
        assert second.name == "第二"

    def test_the_owner_deletes(self) -> None:
        auditor = self.by("auditor")
        self.save(auditor)
        auditor.post(reverse("audit:saved-drop", args=[SavedSearch.objects.get().pk]))
        assert not SavedSearch.objects.exists()

    def test_a_list_is_no_archive(self) -> None:
        owner = official(self.t, "auditor")
        SavedSearch.objects.bulk_create(
            SavedSearch(owner_id=owner.pk, owner_name="甲", name=str(n), query="act=x") for n in range(OWN_MAX)
        )
        self.save(self.by("auditor"))
        assert SavedSearch.objects.count() == OWN_MAX
