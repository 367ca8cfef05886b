"""Fifty at once: one amendment of one version succeeds, one key makes one record."""

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from oversight.kernel.access.scope import scope
from oversight.kernel.records.kind import RecordKind
from tests.cast import World, sign_in

from .specimens import AMENDED, Specimen
from .test_parity import key_of

MANY = 50
AT_ONCE = 10  # connections; the others wait their turn


def all_at_once(ask: Callable[[int], int]) -> Counter[int]:
    """The status of each of many requests, sent from several threads at the same moment."""
    ready = Barrier(AT_ONCE)

    def send(number: int) -> int:
        if number < AT_ONCE:
            ready.wait(timeout=30)
        try:
            return ask(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(send, range(MANY)))


@pytest.mark.requirement("ASVS-11.1.6")
@pytest.mark.parametrize(("kind", "specimen"), AMENDED)
def test_of_fifty_amendments_of_one_version_one_succeeds(
    lasting_world: World, kind: RecordKind, specimen: Specimen
) -> None:
    record = specimen.own(lasting_world)
    key = key_of(lasting_world, lasting_world.nina)
    where = f"/api/v1/acme/{kind.slug}/{record.pk}/"
    bearer = {"Authorization": f"Bearer {key}"}
    tag = Client().get(where, headers=bearer)["ETag"]
    with scope(lasting_world.nina):
        before = record.history.count()

    def amend(number: int) -> int:
        body = json.dumps({specimen.title: specimen.edit(number), "reason": "Race"})
        headers = bearer | {"If-Match": tag}
        return Client().patch(where, body, content_type="application/json", headers=headers).status_code

    statuses = all_at_once(amend)
    assert statuses[200] == 1
    assert statuses[409] + statuses[412] == MANY - 1
    with scope(lasting_world.nina):
        assert record.history.count() == before + 1


@pytest.mark.requirement("ASVS-11.1.6")
def test_of_fifty_forms_for_one_version_one_is_saved(lasting_world: World) -> None:
    """By the browser: the version travels in the form."""
    client = Client()
    sign_in(client, lasting_world.nina)
    site = lasting_world.lyra_site
    typed = {
        "name": "Lyra Basel", "city": "Basel", "country": "CH", "time_zone": "Europe/Zurich",
        "working_week": "MON_FRI", "version": "1", "reason": "Race",
    }  # fmt: skip

    def amend(number: int) -> int:
        browser = Client()
        browser.cookies = client.cookies
        return browser.post(f"/acme/sites/{site.pk}/amend/", typed | {"address": f"Edit {number}"}).status_code

    statuses = all_at_once(amend)
    assert statuses == {302: 1, 409: MANY - 1}
    with scope(lasting_world.nina):
        assert site.history.count() == 2


def test_of_fifty_equal_posts_with_one_key_one_makes_a_record(lasting_world: World) -> None:
    bearer = {"Authorization": f"Bearer {key_of(lasting_world, lasting_world.nina)}", "Idempotency-Key": "one-try"}
    body = json.dumps(
        {"cdmo": lasting_world.lyra.pk, "name": "Visp", "city": "Visp", "country": "CH", "time_zone": "Europe/Zurich"}
    )

    def create(number: int) -> int:
        return Client().post("/api/v1/acme/sites/", body, content_type="application/json", headers=bearer).status_code

    statuses = all_at_once(create)
    assert statuses[201] >= 1
    assert statuses[201] + statuses[409] == MANY
    with scope(lasting_world.nina):
        assert type(lasting_world.lyra_site).objects.filter(name="Visp").count() == 1
