"""A finding of which nothing has become lies on no desk after the report, so the audit office's page tells of it."""

from __future__ import annotations

from django.urls import reverse

from approvals import auditing
from tests.law.auditing import UnderAudit

TOLD = "尚有1项未处理"


class OnNoDesk(UnderAudit):
    def desk(self, office: str = "audit") -> str:
        self.client.force_login(self.official(office))
        return self.client.get(reverse("queue")).content.decode()

    def test_the_audit_office_sees_it_every_day_until_something_follows(self) -> None:
        audit, finding = self.found()
        assert TOLD not in self.desk()
        auditing.wait_for_silence(self.t)
        self.report(audit)
        assert TOLD in self.desk()
        assert TOLD not in self.desk("village")
        auditing.refer(self.t, audit, finding=finding.pk)
        assert TOLD not in self.desk()
