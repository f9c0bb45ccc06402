"""A clerk can ask every command for help, in Chinese."""

from __future__ import annotations

import re

import pytest
from django.core.management import get_commands

from config.commands import ROOMS, Utility

OURS = sorted(name for name, app in get_commands().items() if app in ROOMS)


def test_the_commands_are_found() -> None:
    assert {"audit", "demo", "funds", "law", "load_plan", "rulebook", "walk"} <= set(OURS)


@pytest.mark.parametrize("name", OURS)
def test_help_says_what_the_command_does_and_only_that(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        Utility(["manage.py", name, "--help"]).execute()
    told = capsys.readouterr().out
    assert ended.value.code == 0
    assert re.search("[\u4e00-\u9fff]", told)
    assert "--pythonpath" not in told
