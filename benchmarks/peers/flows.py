"""The path as a viewflow flow, the way its manual draws it."""

from __future__ import annotations

from typing import Any

from viewflow import this
from viewflow.workflow import flow, lock
from viewflow.workflow.models import Process, Task


class GrantFlow(flow.Flow):
    """Twelve steps, three of them in parallel."""

    process_class = Process
    task_class = Task
    lock_impl = lock.select_for_update_lock

    open = flow.StartHandle(this.opened).Next(this.save_draft)
    save_draft = flow.View(this.page).Next(this.file)
    file = flow.View(this.page).Next(this.pass_township)
    pass_township = flow.View(this.page).Next(this.split)
    split = flow.Split().Next(this.sign_programme).Next(this.sign_finance).Next(this.sign_department)
    sign_programme = flow.View(this.page).Next(this.join)
    sign_finance = flow.View(this.page).Next(this.join)
    sign_department = flow.View(this.page).Next(this.join)
    join = flow.Join().Next(this.conclude_joint)
    conclude_joint = flow.View(this.page).Next(this.admit)
    admit = flow.View(this.page).Next(this.approve)
    approve = flow.View(this.page).Next(this.start_procurement)
    start_procurement = flow.View(this.page).Next(this.terminate)
    terminate = flow.View(this.page).Next(this.end)
    end = flow.End()

    def opened(self, activation: Any) -> Any:
        """Start of the process."""
        return activation.process

    def page(self, request: Any) -> Any:
        """Never called: the benchmark starts below the view."""
        raise NotImplementedError
