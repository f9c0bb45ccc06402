"""The path that every lane walks: twelve acts, from the opened application to the terminated project."""

from __future__ import annotations

from typing import Final, NamedTuple

#: The lane that keeps the promises, and the one that it is measured by.
OURS: Final = "Fundtrail"
RIVAL: Final = "viewflow + state + log"


class Step(NamedTuple):
    """An act, who does it, and where the case stands afterwards."""

    act: str
    by: str
    state: str


STEPS: Final = (
    Step("open", "village", "draft"),
    Step("save_draft", "village", "draft"),
    Step("file", "village", "filed"),
    Step("pass_township", "township", "joint_review"),
    Step("sign_programme", "programme", "joint_review"),
    Step("sign_finance", "finance", "joint_review"),
    Step("sign_department", "roads", "joint_review"),
    Step("conclude_joint", "programme", "pipeline"),
    Step("admit", "leading_group", "on_notice"),
    Step("approve", "leading_group", "approved"),
    Step("start_procurement", "procurement", "procuring"),
    Step("terminate", "leading_group", "terminated"),
)
