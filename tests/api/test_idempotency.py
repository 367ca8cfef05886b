"""Who asks the same twice is answered twice, and it is done once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from cdmos.models import CDMO, Site
from oversight.kernel.access.grants import narrow
from oversight.kernel.access.models import Membership
from oversight.kernel.access.scope import scope
from oversight.kernel.api.models import Reply
from oversight.kernel.trail.change import change
from tests.api.calling import NEW_CDMO, Caller
from tests.cast import World, raw
from tests.factories.deviation import report

pytestmark = pytest.mark.django_db
OTHER = "This key stands for another request already. Make a new key for a new request."
CALLERS = 50


def vegas(world: World) -> int:
    with scope(world.nina):
        return CDMO.objects.filter(name="Vega Sterile").count()


def test_the_same_again_is_answered_as_before_and_done_once(world: World) -> None:
    nina = Caller(world.nina)
    first = nina.post("cdmos/", NEW_CDMO, Idempotency_Key="order-1")
    again = nina.post("cdmos/", NEW_CDMO, Idempotency_Key="order-1")
    assert (first.status_code, again.status_code, vegas(world)) == (201, 201, 1)
    assert again.content == first.content
    assert (again["ETag"], again["Location"]) == (first["ETag"], first["Location"])
    assert (again["Idempotency-Replayed"], "Idempotency-Replayed" in first) == ("true", False)


def test_a_key_stands_for_one_request_alone(world: World) -> None:
    nina = Caller(world.nina)
    made = nina.post("cdmos/", NEW_CDMO, Idempotency_Key="order-1")
    path, tag = made["Location"], made["ETag"]
    for answer in (
        nina.post("cdmos/", NEW_CDMO | {"name": "Other"}, Idempotency_Key="order-1"),
        nina.post("sites/", NEW_CDMO, Idempotency_Key="order-1"),
        nina.patch(path, {"name": "Other", "reason": "x"}, If_Match=tag, Idempotency_Key="order-1"),
    ):
        assert (answer.status_code, answer.json()["errors"]) == (422, {"Idempotency-Key": [OTHER]})
    assert nina.get(path).json()["version"] == 1


def test_a_move_and_an_amendment_are_replayed_although_the_version_has_moved_on(world: World) -> None:
    nina = Caller(world.nina)
    made = nina.post("cdmos/", NEW_CDMO)
    path = made["Location"]
    asked = {"If_Match": made["ETag"], "Idempotency_Key": "amend-1"}
    amended = [nina.patch(path, {"notes": "Audited", "reason": "Audit"}, **asked) for _ in range(2)]
    assert [(each.status_code, each.json()["version"]) for each in amended] == [(200, 2), (200, 2)]
    asked = {"If_Match": amended[0]["ETag"], "Idempotency_Key": "void-1"}
    voided = [nina.post(f"{path}transitions/void/", {"reason": "By mistake"}, **asked) for _ in range(2)]
    assert [(each.status_code, each.json()["status"]) for each in voided] == [(200, "VOID"), (200, "VOID")]
    assert voided[1]["Idempotency-Replayed"] == "true"
    assert nina.get(path).json()["version"] == 3


def test_only_a_successful_answer_is_kept(world: World) -> None:
    nina = Caller(world.nina)
    assert nina.post("cdmos/", NEW_CDMO | {"country": "ZZ"}, Idempotency_Key="k").status_code == 422
    assert nina.post("cdmos/", NEW_CDMO, Idempotency_Key="k").status_code == 201


def test_each_membership_has_its_own_keys(world: World) -> None:
    body = {
        "title": "Drift", "description": "Of the scale", "site": world.lyra_site.pk, "severity": "MINOR",
        "event_type": "EQUIPMENT_DOWNTIME", "occurred_at": "2026-11-02T08:00:00Z", "aware_at": "2026-11-02T08:10:00Z",
    }  # fmt: skip
    numbers = set()
    for actor in (world.paul, world.connie, world.nina):
        told = body if actor.is_partner else body | {"cdmo": world.lyra.pk}
        answers = [Caller(actor).post("deviations/", told, Idempotency_Key="same") for _ in range(2)]
        assert [each.status_code for each in answers] == [201, 201], answers[0].content
        assert answers[0].content == answers[1].content
        numbers.add(answers[0].json()["number"])
    assert len(numbers) == 3


def test_what_was_answered_to_the_staff_is_out_of_a_partners_sight_in_the_database_too(world: World) -> None:
    for actor in (world.nina, world.connie):
        path = f"deviations/{report(world.paul, world.lyra_site).pk}/"
        assert Caller(actor).move(path, "accept-report", Idempotency_Key="k").status_code == 200
    for actor, count in ((world.nina, 2), (world.connie, 1), (world.paul, 0), (world.olga, 0), (world.riva, 0)):
        with scope(actor):
            assert raw("SELECT count(*) FROM api_reply") == [(count,)], actor.name


def test_after_a_day_a_key_is_new_and_old_answers_are_cleared_away(world: World) -> None:
    nina = Caller(world.nina)
    for key in ("a", "b", "c"):
        nina.post("cdmos/", NEW_CDMO | {"name": f"Vega {key}"}, Idempotency_Key=key)
    with scope(world.nina):
        for reply in Reply.objects.filter(key__in=("a", "b")):
            reply.at -= timedelta(hours=24, seconds=1)
            reply.save()
    assert nina.post("cdmos/", NEW_CDMO, Idempotency_Key="a").status_code == 201
    with scope(world.nina):
        assert sorted(Reply.objects.values_list("key", flat=True)) == ["a", "c"]


@pytest.mark.parametrize("key", ["", "a b", "ключ", "x" * 256, "a\x7f"])
def test_a_malformed_key_is_refused(world: World, key: str) -> None:
    answer = Caller(world.nina).post("cdmos/", NEW_CDMO, Idempotency_Key=key)
    assert answer.status_code == 400
    assert answer.json()["errors"] == {"Idempotency-Key": ["Send between 1 and 255 visible ASCII characters."]}
    assert vegas(world) == 0


def test_a_kept_answer_does_not_help_who_may_no_longer_ask(world: World) -> None:
    assert Caller(world.nina).post("cdmos/", NEW_CDMO, Idempotency_Key="k").status_code == 201
    assert Caller(world.nina, writes=False).post("cdmos/", NEW_CDMO, Idempotency_Key="k").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_fifty_equal_requests_with_one_key_make_one_record(lasting_world: World) -> None:
    nina, barrier = Caller(lasting_world.nina), Barrier(CALLERS)

    def ask(turn: int) -> tuple[int, bytes]:
        try:
            caller = Caller(lasting_world.nina, key=nina.key)
            barrier.wait(60)
            answer = caller.post("cdmos/", NEW_CDMO, Idempotency_Key="one")
            return answer.status_code, answer.content
        finally:
            connection.close()

    with ThreadPoolExecutor(CALLERS) as programs:
        answers = list(programs.map(ask, range(CALLERS)))
    assert {status for status, _ in answers} <= {201, 409}
    assert len({content for status, content in answers if status == 201}) == 1
    assert len({content for status, content in answers if status == 409}) <= 1
    assert vegas(lasting_world) == 1
    assert nina.post("cdmos/", NEW_CDMO, Idempotency_Key="one").status_code == 201


def test_who_was_narrowed_since_is_told_to_take_a_new_key(world: World) -> None:
    nina = Caller(world.nina)
    site = {"cdmo": world.lyra.pk, "name": "Visp", "city": "Visp", "country": "CH", "time_zone": "Europe/Zurich"}
    assert nina.post("sites/", site, Idempotency_Key="order-1").status_code == 201
    with change(by=world.adam, reason="Works for Lyra only from now on"):
        narrow(Membership.objects.get(pk=world.nina.membership), to=[world.lyra])
    answer = nina.post("sites/", site | {"name": "Brig"}, Idempotency_Key="order-1")
    assert (answer.status_code, answer.json()["errors"]) == (422, {"Idempotency-Key": [OTHER]})
    with scope(world.nina):
        assert Site.objects.filter(name="Brig").count() == 0
    assert nina.post("sites/", site | {"name": "Brig"}, Idempotency_Key="order-2").status_code == 201
