"""A deviation through its life by the API: the partner reports, the sponsor reviews, a second person signs."""

from dataclasses import replace
from typing import Any

import pytest

from oversight.kernel.access.models import User
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.trail.change import change
from oversight.roles import Role
from quality.models import Deviation, ResponseTask
from tests.api.calling import Caller
from tests.cast import PASSWORD, World, join, person, raw, system
from tests.factories.deviation import report

pytestmark = pytest.mark.django_db
TICKS = ("stop-production", "assemble-team", "document-findings", "pull-records", "inform-stakeholders")
CAUSE = {
    "why_1": "Why did the pressure rise?", "because_1": "The frit was blocked.",
    "root_cause": "No rule says when to change it.", "root_cause_category": "METHOD",
}  # fmt: skip


def reported(world: World) -> str:
    """Where Paul's report stands."""
    return f"deviations/{report(world.paul, world.lyra_site).pk}/"


def snapshot(world: World) -> list[Any]:
    """All that a refused call might have touched."""
    with scope(world.nina):
        tables = ("quality_deviation", "quality_historicaldeviation", "esign_signature", "outbox_event", "api_reply")
        counts = [raw(f"SELECT count(*) FROM {table}") for table in tables]
        return [*counts, list(Deviation.objects.order_by("pk").values())]


def offered(caller: Caller, path: str) -> dict[str, bool]:
    return {each["name"]: each["allowed"] for each in caller.get(path).json()["transitions"]}


def test_from_the_partners_report_to_the_signed_closure(world: World) -> None:
    paul, nina, connie = Caller(world.paul), Caller(world.nina), Caller(world.connie)
    body = {
        "title": "Pressure excursion", "description": "Above 3.0 bar for four minutes.", "cdmo": world.lyra.pk,
        "site": world.lyra_site.pk, "severity": "MAJOR", "event_type": "CRITICAL_PROCESS_DEVIATION",
        "occurred_at": "2026-11-02T08:00:00+01:00", "aware_at": "2026-11-02T07:10:00Z", "partner_number": "L-77",
    }  # fmt: skip
    made = paul.post("deviations/", body)
    assert made.status_code == 201, made.content
    path, told = made["Location"], made.json()
    assert (told["status"], told["occurred_at"], told["site"]) == (
        "REPORTED", "2026-11-02T07:00:00Z", world.lyra_site.pk,
    )  # fmt: skip
    amended = paul.patch(path, {"severity": "CRITICAL", "reason": "Product contact"}, If_Match=made["ETag"])
    assert (amended.status_code, amended.json()["severity"]) == (200, "CRITICAL")
    assert nina.move(path, "accept-report").json()["status"] == "INVESTIGATION"
    for tick in TICKS:
        assert paul.move(path, tick).status_code == 200
    assert paul.move(path, "submit-root-cause", CAUSE).json()["status"] == "ANSWERED"
    assert connie.move(path, "accept-root-cause", {"reason": "Convincing"}).json()["status"] == "ACCEPTED"
    with scope(world.nina):
        tasks = [(task.pk, task.side) for task in ResponseTask.objects.filter(deviation_id=told["id"]).order_by("pk")]
    early = nina.move(path, "close", {"reason": "Done", "password": PASSWORD})
    said = f"{len(tasks)} response tasks are open: finish them, or have them declared not needed."
    assert (early.status_code, early.json()) == (409, {"detail": said, "unmet": [said]})
    for pk, side in tasks:
        caller = paul if side == "CDMO" else nina
        assert caller.move(f"response-tasks/{pk}/", "finish", {"note": "Done, see file."}).status_code == 200
    before = snapshot(world)
    wrong = nina.move(path, "close", {"reason": "Complete", "password": "wrong"})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (422, ["password"])
    assert snapshot(world) == before
    closed = nina.move(path, "close", {"reason": "Complete", "password": PASSWORD})
    assert (closed.status_code, closed.json()["status"], closed.json()["transitions"]) == (200, "CLOSED", [])
    with scope(world.nina):
        assert raw("SELECT DISTINCT history_source FROM quality_historicaldeviation") == [("api",)]
        assert raw("SELECT count(*) FROM esign_signature") == [(1,)]


def test_a_program_that_is_nobody_cannot_sign(world: World) -> None:
    with change(by=system(world.acme), reason="Integration"):
        robot = join(world.acme, person("Robot One"), Role.API_CLIENT, "Acme LIMS")
    path = reported(world)
    for caller, name, body in (
        (Caller(world.nina), "accept-report", {}),
        *((Caller(world.paul), tick, {}) for tick in TICKS),
        (Caller(world.paul), "submit-root-cause", CAUSE),
        (Caller(world.connie), "accept-root-cause", {"reason": "Convincing"}),
    ):
        assert caller.move(path, name, body).status_code == 200
    assert "close" not in offered(Caller(robot), path)
    assert Caller(robot).move(path, "close", {"reason": "x", "password": PASSWORD}).status_code == 403


def test_a_move_needs_the_version_and_says_all_that_is_wrong_at_once(world: World) -> None:
    paul, path = Caller(world.paul), reported(world)
    Caller(world.nina).move(path, "accept-report")
    address, tag = f"{path}transitions/submit-root-cause/", paul.tag(path)
    before = snapshot(world)
    assert paul.post(address, CAUSE).status_code == 428
    assert paul.post(address, CAUSE, If_Match='"deviations-1-1-partner"').status_code == 412
    answer = paul.post(address, {"why_1": 5, "root_cause_category": "FATE", "colour": "red", "reason": 1}, If_Match=tag)
    assert (answer.status_code, answer.json()["errors"]) == (
        422,
        {
            "why_1": ["Send a text."],
            "because_1": ["Fill this in."],
            "root_cause": ["Fill this in."],
            "root_cause_category": ["Choose one of those on offer."],
            "reason": ["Send a text."],
            "colour": ["There is no such field here."],
        },
    )
    assert snapshot(world) == before
    assert paul.post(address, CAUSE, If_Match=tag).status_code == 200


def test_what_was_filled_before_need_not_be_sent_again(world: World) -> None:
    paul, path = Caller(world.paul), reported(world)
    Caller(world.nina).move(path, "accept-report")
    assert paul.patch(path, CAUSE | {"reason": "Found"}, If_Match=paul.tag(path)).status_code == 200
    assert paul.move(path, "submit-root-cause").json()["status"] == "ANSWERED"


def test_a_move_without_a_reason_of_its_own_asks_for_one(world: World) -> None:
    nina, path = Caller(world.nina), f"cdmos/{world.orion.pk}/"
    nina.move(f"sites/{world.orion_site.pk}/", "void", {"reason": "By mistake"})
    answer = nina.move(path, "void", {})
    assert answer.json()["errors"] == {"reason": ["Say why. The reason is kept in the history."]}
    assert nina.move(path, "void", {"reason": "By mistake"}).status_code == 200


@pytest.mark.parametrize("name", ["vera", "omar", "adam", "olga", "riva", "paul"])
def test_who_may_not_make_a_move_changes_nothing(world: World, name: str) -> None:
    path, actor = reported(world), getattr(world, name)
    before = snapshot(world)
    answer = Caller(actor).post(f"{path}transitions/accept-report/", {}, If_Match='"x"')
    assert answer.status_code == (404 if name in ("olga", "riva") else 403)
    assert snapshot(world) == before


def test_a_move_out_of_turn_says_for_which_record_it_is(world: World) -> None:
    nina, path = Caller(world.nina), reported(world)
    answer = nina.move(path, "accept-root-cause", {"reason": "x"})
    said = "“Accept the root cause” is for a record that is Root cause sent; this one is Reported."
    assert (answer.status_code, answer.json()) == (409, {"detail": said, "unmet": [said]})


def test_a_partners_program_acts_like_the_partner(world: World) -> None:
    with change(by=system(world.acme), reason="Integration"):
        user = User.objects.create_user("lims@lyra.example", PASSWORD, name="Lyra LIMS")
        lims: Actor = replace(join(world.acme, user, Role.API_CLIENT, "Lyra Biologics AG", world.lyra), source="api")
    caller = Caller(lims)
    assert [each["name"] for each in caller.get("cdmos/").json()["results"]] == ["Lyra Biologics"]
    assert caller.get(f"sites/{world.orion_site.pk}/").status_code == 404
    assert caller.move(reported(world), "stop-production").status_code == 200
