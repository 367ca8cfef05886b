"""The operators' page names every setting there is, and only commands that exist."""

import re

from django.core.management import get_commands, load_command_class

from oversight.runtime.environment import EVERYTHING
from oversight.runtime.processes import ROOT

PAGE = (ROOT / "docs" / "operations.md").read_text()
SETTINGS = PAGE.partition("## Settings")[2].partition("## First start")[0]
NAMED = set(re.findall(r"^\| `([A-Z_]+)` \|", SETTINGS, re.MULTILINE))
OURS = ("oversight.", "cdmos", "quality")
FOR_DEVELOPERS = {"write_functions"}


def read_from_the_environment() -> set[str]:
    """Every variable that settings and Celery ask for."""
    files = [*(ROOT / "oversight" / "settings").glob("*.py"), ROOT / "oversight" / "celery.py"]
    text = "".join(file.read_text() for file in files)
    return set(re.findall(r"""environ(?:\.get\(|\[|\.setdefault\()\s*["']([A-Z_]+)["']""", text))


def test_every_variable_stands_in_the_table_and_no_other() -> None:
    asked = read_from_the_environment() | EVERYTHING
    assert asked - NAMED == set(), "not in docs/operations.md"
    assert NAMED - asked == set(), "in docs/operations.md, and read by nothing"


def test_what_compose_sets_is_explained() -> None:
    compose = (ROOT / "docker-compose.yml").read_text()
    ours = compose.partition("\n  postgres:")[0]
    assert set(re.findall(r"^ +([A-Z][A-Z_]+): ", ours, re.MULTILINE)) <= NAMED


def test_every_command_exists_and_each_of_ours_is_named() -> None:
    commands = get_commands()
    named = {name for line in re.findall(r"^\| (`.+?) \|", PAGE.partition("## Commands")[2], re.MULTILINE)
             for name in re.findall(r"`(\w+)`", line)}  # fmt: skip
    called = set(re.findall(r"manage\.py (\w+)", PAGE))
    assert named | called <= set(commands)
    ours = {name for name, app in commands.items() if isinstance(app, str) and app.startswith(OURS)}
    assert named == (ours | {"migrate"}) - FOR_DEVELOPERS


def test_the_options_that_the_page_shows_are_those_of_the_commands() -> None:
    for line in re.findall(r"manage\.py ([\w -]+--.*)", PAGE):
        command, _, rest = line.partition(" ")
        app = get_commands()[command]
        parser = load_command_class(app, command).create_parser("manage.py", command)
        for option in re.findall(r"--[a-z-]+", rest.split("#")[0]):
            assert option in parser._option_string_actions, f"{command} {option}"


def test_the_pauses_of_letters_are_as_the_page_says() -> None:
    from oversight.kernel.notifications.posting import PAUSES

    assert [round(pause.total_seconds() / 60) for pause in PAUSES[:5]] == [1, 2, 5, 15, 30]
    assert "after 1, 2, 5, 15, 30 minutes" in PAGE
    assert 20 < sum(pause.total_seconds() for pause in PAUSES) / 3600 < 28, "about a day"


def test_the_pauses_of_webhooks_are_as_the_api_page_says() -> None:
    from oversight.kernel.outbox.posting import PAUSES
    from oversight.kernel.outbox.sending import WHOLE_SECONDS

    page = (ROOT / "docs" / "api.md").read_text()
    assert [round(pause.total_seconds()) for pause in PAUSES] == [10, 60, 300, 900, 1800, 3600, 7200, 14_400]
    assert "again after 10 s, 1, 5, 15 and\n30 min, 1, 2 and 4 h" in page
    assert WHOLE_SECONDS == 10 and "any 2xx within ten seconds" in page
