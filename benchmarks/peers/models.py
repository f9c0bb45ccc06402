"""The peers' tables."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django_fsm import FSMField, transition
from django_fsm_log.decorators import fsm_log_by
from viewflow.workflow.models import Process


class Paper(models.Model):
    """The floor's case: a state and nothing else."""

    title = models.CharField(max_length=120)
    state = models.CharField(max_length=24)


class Trail(models.Model):
    """A line of a log, as an application would keep one."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT)
    act = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=24)
    target = models.CharField(max_length=24)
    at = models.DateTimeField()


class Flowing(models.Model):
    """A case that a viewflow process carries, with its state in a column."""

    process = models.OneToOneField(Process, on_delete=models.PROTECT)
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=24)


class FlowingTrail(models.Model):
    """Its log."""

    case = models.ForeignKey(Flowing, on_delete=models.PROTECT)
    act = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=24)
    target = models.CharField(max_length=24)
    at = models.DateTimeField()


class Machine(models.Model):
    """The path as a django-fsm machine, logged by django-fsm-log."""

    title = models.CharField(max_length=120)
    state = FSMField(default="draft", protected=True)

    @fsm_log_by
    @transition(field=state, source="draft", target="draft")
    def save_draft(self, by: object = None) -> None: ...

    @fsm_log_by
    @transition(field=state, source="draft", target="filed")
    def file(self, by: object = None) -> None: ...

    @fsm_log_by
    @transition(field=state, source="filed", target="joint_review")
    def pass_township(self, by: object = None) -> None: ...

    @fsm_log_by
    @transition(field=state, source="joint_review", target="joint_review")
    def sign_programme(self, by: object = None) -> None: ...

    @fsm_log_by
    @transition(field=state, source="joint_review", target="joint_review")
    def sign_finance(self, by: object = None) -> None: ...

    @fsm_log_by
    @transition(field=state, source="joint_review", target="joint_review")
    def sign_department(self, by: object = None) -> None: ...

    @fsm_log_by
    @transition(field=state, source="joint_review", target="pipeline")
    def conclude_joint(self, by: object = None) -> None: ...

    @fsm_log_by
    @transition(field=state, source="pipeline", target="on_notice")
    def admit(self, by: object = None) -> None: ...

    @fsm_log_by
    @transition(field=state, source="on_notice", target="approved")
    def approve(self, by: object = None) -> None: ...

    @fsm_log_by
    @transition(field=state, source="approved", target="procuring")
    def start_procurement(self, by: object = None) -> None: ...

    @fsm_log_by
    @transition(field=state, source="procuring", target="terminated")
    def terminate(self, by: object = None) -> None: ...
