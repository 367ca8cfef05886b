"""Times on forms: shown to the minute in the reader's zone, kept to the second, and none that no calendar has."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from quality.models import Deviation
from tests.cast import World, sign_in
from tests.factories.deviation import NOTIFIED, report

from .acting import change_it, now

EXACTLY = datetime(2026, 1, 14, 14, 2, 37, 123456, tzinfo=UTC)


def opened(client: Client, where: str) -> dict[str, Any]:
    """What a browser would send back of a form that nobody touched."""
    form = client.get(where).context["form"]
    return {name: "" if (shown := form[name].value()) is None else shown for name in form.fields}


def of_paul(world: World, event: Deviation) -> tuple[Client, str]:
    client = Client()
    sign_in(client, world.paul)
    return client, f"/portal/acme/deviations/{event.pk}/amend/"


def test_a_time_that_nobody_touched_keeps_its_seconds(world: World) -> None:
    event = report(world.paul, world.lyra_site, notified_at=EXACTLY)
    client, where = of_paul(world, event)
    typed = opened(client, where)
    assert typed["notified_at"] == "2026-01-14T15:02"
    untouched = client.post(where, typed | {"reason": "Nothing"})
    assert "You changed nothing" in untouched.content.decode()
    assert client.post(where, typed | {"title": "Column 2", "reason": "The name"}).status_code == 302
    assert now(event, world.nina).notified_at == EXACTLY
    later = opened(client, where) | {"notified_at": "2026-01-14T15:04", "reason": "The mail says so"}
    assert client.post(where, later).status_code == 302
    assert now(event, world.nina).notified_at == datetime(2026, 1, 14, 14, 4, tzinfo=UTC)


def test_what_another_person_corrected_meanwhile_stands_in_the_form_as_a_time(world: World) -> None:
    event = report(world.paul, world.lyra_site, notified_at=EXACTLY)
    client, where = of_paul(world, event)
    typed = opened(client, where)
    corrected = NOTIFIED + timedelta(minutes=5, seconds=9)
    change_it(event, by=world.nina, notified_at=corrected)
    answer = client.post(where, typed | {"title": "Column 2", "reason": "The name"})
    assert answer.status_code == 409
    again = answer.context["form"]
    assert (again["notified_at"].value(), again["title"].value()) == ("2026-01-14T15:07", "Column 2")
    assert (answer.context["clashes"], list(again.errors)) == ((), [])
    assert client.post(where, again.data).status_code == 302
    assert (now(event, world.nina).title, now(event, world.nina).notified_at) == ("Column 2", corrected)


@pytest.mark.requirement("A11D-data-check")
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("0001-01-01T00:00", "This time is too far away. Check the year."),
        ("1850-01-01T00:00", "This is too long ago. Check the year."),
        ("9999-12-31T23:59", "This lies in the future. Enter when it happened."),
    ],
)
def test_a_year_that_nobody_means_is_refused_beside_its_field(world: World, typed: str, sentence: str) -> None:
    event = report(world.paul, world.lyra_site)
    client, where = of_paul(world, event)
    answer = client.post(where, opened(client, where) | {"occurred_at": typed, "reason": "Typed wrongly"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["occurred_at"] == [sentence]


def test_no_program_brings_such_a_year_either(world: World) -> None:
    with pytest.raises(ValidationError) as refusal:
        report(world.paul, world.lyra_site, occurred_at=datetime(1, 1, 1, tzinfo=UTC))
    assert refusal.value.message_dict == {"occurred_at": ["This is too long ago. Check the year."]}
