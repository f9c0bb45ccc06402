"""What stands between the shell and a command: help that a clerk can read, quiet when a pipe closes."""

from __future__ import annotations

import signal
from collections.abc import Sequence

from django.core.management import ManagementUtility
from django.core.management.base import BaseCommand

#: Django's own switches stay usable; in the help of our commands they would only be in the way.
DJANGOS_OWN = ("--version", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color", "--force-color",
               "--skip-checks")  # fmt: skip
ROOMS = ("approvals", "audit", "funds", "workflows")


class Utility(ManagementUtility):
    """``manage.py``, with help that lists what the command itself understands."""

    def fetch_command(self, subcommand: str) -> BaseCommand:
        command = super().fetch_command(subcommand)
        if type(command).__module__.partition(".")[0] in ROOMS:
            command.suppressed_base_arguments = {*command.suppressed_base_arguments, *DJANGOS_OWN}
        return command


def run(argv: Sequence[str]) -> None:
    """Run a command line; ``| head`` ends it without a complaint."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    Utility(list(argv)).execute()
