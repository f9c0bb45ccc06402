"""A machine as process mining sees it: stages, and the activities that lead from one to another.

The law fills it in (setting AUDIT_NETS); the record knows only what an activity is called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

#: Between an act and the stage to which it led; also where the model is drawn.
LED_TO = " → "


def activity(act: str, state_from: str, state_to: str) -> str:
    """What log and model call an act: by its code, and where it moved the case, by where to as well.

    So a log that fits the model did not only the right acts: each also led where the law lets it lead.
    """
    return act if state_from == state_to else f"{act}{LED_TO}{state_to}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """Where a case may stand; ``since`` tells stages apart that differ only by whither the case goes back."""

    state: str
    label: str
    since: str = ""

    @property
    def key(self) -> str:
        """Good as an XML name."""
        return f"{self.state}.{self.since}" if self.since else self.state


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """An activity that may be done in a stage; ``start`` is None where it opens the case."""

    name: str
    label: str
    article: str
    start: Stage | None
    to: Stage


@dataclass(frozen=True, kw_only=True, slots=True)
class Net:
    """The machine of a kind of case. One token, so that it has exactly the machine's histories."""

    kind: str
    label: str
    stages: tuple[Stage, ...]
    moves: tuple[Move, ...]
    #: Stages that nothing leaves.
    ends: frozenset[Stage]

    def exits(self, *, ended: bool) -> Iterable[Stage]:
        """Where a history may stop: at an end, and unless only ``ended`` cases are asked about, anywhere."""
        return (stage for stage in self.stages if stage in self.ends or not ended)


def kinds() -> tuple[str, ...]:
    """The kinds of case of which there is a net; none where no law is set."""
    return tuple(_nets())


def of_kind(kind: str) -> Net:
    """The net of a kind. Raises KeyError where there is none."""
    return _nets()[kind]()


def _nets() -> dict[str, Callable[[], Net]]:
    path: str | None = getattr(settings, "AUDIT_NETS", None)
    return import_string(path)() if path else {}
