"""Bad input: an error in a sentence beside the field, by the page and by the API; nothing is written."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from batches.models import Batch
from oversight.kernel.access.scope import scope
from quality.records import DEVIATION
from tests.api.calling import Caller
from tests.cast import World, sign_in
from tests.factories import batch as factory
from tests.factories.batch import act, batch
from tests.factories.campaign import campaign
from tests.factories.deviation import report
from tests.factories.milestone import step
from tests.factories.programme import plan

from .acting import change_it

BAD = {
    "site": ("orion_site", "This is not a site of the CDMO. Choose one of its sites."),
    "planned_end": ("2027-02-28", "The planned end lies before the planned start."),
    "target_yield": ("-1", "A yield is not negative."),
}


def bad(world: World, name: str) -> str:
    value = BAD[name][0]
    return str(getattr(world, value).pk) if name == "site" else value


@pytest.mark.parametrize("name", BAD)
def test_the_form_says_it_beside_the_field(world: World, client: Client, name: str) -> None:
    sign_in(client, world.omar)
    answer = client.post("/acme/batches/new/", factory.typed(world) | {name: bad(world, name)})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert BAD[name][1] in text.replace("&#x27;", "'")
    assert f'id="id_{name}_error"' in text
    with scope(world.omar):
        assert not Batch.objects.visible_to(world.omar).exists()


@pytest.mark.parametrize("name", BAD)
def test_the_api_says_the_same(world: World, name: str) -> None:
    body = factory.typed(world) | {name: bad(world, name)}
    ids = {key: int(value) if key in ("programme", "cdmo", "site") else value for key, value in body.items()}
    answer = Caller(world.omar).post("batches/", ids)
    assert (answer.status_code, answer.json()["errors"]) == (422, {name: [BAD[name][1]]})


@pytest.mark.parametrize("value", [6.82, 6, "6,82", "NaN", "1e3", "", "1" * 20, "1.2345"])
def test_a_decimal_travels_as_a_text(world: World, value: object) -> None:
    program, record = Caller(world.omar), batch(world.omar, world.lyra_site)
    where = f"batches/{record.pk}/"
    tag = program.tag(where)
    refused = program.patch(where, {"target_yield": value, "reason": "Scale changed"}, If_Match=tag)
    assert refused.status_code == 422 and list(refused.json()["errors"]) == ["target_yield"]
    taken = program.patch(where, {"target_yield": "7.25", "reason": "Scale changed"}, If_Match=tag)
    assert (taken.status_code, taken.json()["target_yield"]) == (200, "7.250")


def test_what_has_happened_lies_in_the_past_and_in_its_order(world: World) -> None:
    record, today = batch(world.omar, world.lyra_site), timezone.now().date()
    with pytest.raises(ValidationError) as refusal:
        act(record, "start", world.paul, started_on=today + timedelta(days=2))
    assert refusal.value.message_dict == {"started_on": ["This lies in the future. Enter what has happened."]}
    act(record, "start", world.paul, started_on=today - timedelta(days=3))
    with pytest.raises(ValidationError) as refusal:
        act(record, "made", world.paul, made_on=today - timedelta(days=4))
    assert refusal.value.message_dict == {"made_on": ["It cannot be made before it was started."]}
    with pytest.raises(ValidationError) as refusal:
        act(record, "made", world.paul, made_on=today, expires_on=today - timedelta(days=1))
    assert refusal.value.message_dict == {"expires_on": ["It cannot expire before it was made."]}
    act(record, "made", world.paul, made_on=today - timedelta(days=1))
    with pytest.raises(ValidationError) as refusal:
        act(record, "send-record", world.paul, record_sent_on=today - timedelta(days=2))
    assert refusal.value.message_dict == {"record_sent_on": ["The record cannot be sent before the batch was made."]}


def test_steps_and_campaigns_are_its_own(world: World, client: Client) -> None:
    programme, other = plan(world.omar), plan(world.omar, "Another programme")
    mine = step(world.omar, world.lyra_site, programme)
    theirs = step(world.omar, world.orion_site, programme)
    elsewhere = step(world.omar, world.lyra_site, other)
    for values, sentence in (
        ({"make_step": theirs}, "This step is another CDMO's. Choose one of its own."),
        ({"make_step": elsewhere}, "This step is another programme's. Choose one of its own."),
        ({"release_step": elsewhere}, "This step is another programme's. Choose one of its own."),
        ({"campaign": campaign(world.omar, world.orion_site, programme=programme)},
         "This campaign is at another CDMO. Choose one of its own."),
        ({"campaign": campaign(world.omar, world.lyra_site, programme=other)},
         "This campaign is another programme's. Choose one of its own."),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as refusal:
            batch(world.omar, world.lyra_site, programme=programme, **values)
        assert refusal.value.message_dict == {next(iter(values)): [sentence]}
    batch(world.omar, world.lyra_site, programme=programme, make_step=mine, release_step=theirs)
    with pytest.raises(ValidationError) as refusal:
        batch(world.omar, world.lyra_site, programme=programme, make_step=mine)
    assert refusal.value.messages == ["This step makes another batch already. Choose another one."]
    typed = factory.typed(world) | {"programme": str(programme.pk), "make_step": str(mine.pk)}
    sign_in(client, world.omar)
    text = client.post("/acme/batches/new/", typed).content.decode()
    assert "This step makes another batch already." in text and 'id="id_make_step_error"' in text


def test_a_deviation_names_a_batch_of_its_own_cdmo(world: World) -> None:
    event = report(world.paul, world.lyra_site)
    elsewhere = batch(world.omar, world.orion_site)
    with pytest.raises(ValidationError) as refusal:
        change_it(DEVIATION, event, world.nina, batch=elsewhere)
    assert refusal.value.message_dict == {"batch": ["This batch is another CDMO's. Choose one of its own."]}
    with pytest.raises(ValidationError) as refusal:
        change_it(DEVIATION, event, world.paul, batch=elsewhere)
    assert refusal.value.message_dict == {"batch": ["There is no such record."]}
