"""What is said at one place is at the study within five seconds, names its cause, and goes back when it is over."""

import time

from django.utils import timezone

from .conftest import Running
from .supply import LINE, LYRAS, ORIONS, Supply, after, investigated
from .watching import SIGNED, Watch, close, minutes_ago

PLANNED = 29  # days from now: 15 of the making are left, 10 of the release, 4 of the fill
MAKE = "Make the substance"
YEAR = f"{timezone.now():%y}"


def test_from_the_portals_report_to_the_signed_release(running: Running) -> None:
    world = running.world
    investigated(world, world.lyra_site, LYRAS)
    investigated(world, world.orion_site, ORIONS)
    supply = Supply(world, line=LINE)
    running.begin()
    watch, paul = Watch(running, supply, PLANNED), running.person(world.paul)
    began = time.monotonic()
    answer = paul.send(
        "/portal/acme/deviations/new/",
        title="Sterile filter failed after use",
        description="Bubble point 3.1 bar, limit 3.4 bar.",
        site=str(world.lyra_site.pk),
        batch=str(supply.batch.pk),
        severity="CRITICAL",
        event_type="CRITICAL_PROCESS_DEVIATION",
        occurred_at=minutes_ago(0),
        aware_at=minutes_ago(0),
    )
    held = watch.batch()
    number = f"DEV-{YEAR}-0014"
    assert (held["on_hold"], held["hold_number"]) == (True, number), "at once"
    watch.moves(28, "A report in the portal is at the study", since=began)
    event = int(answer.headers["Location"].split("/deviations/")[1].split("/")[0])
    later = supply.slots[1]
    assert watch.chain() == [("deviation", event, number, 17), ("slot", later.pk, later.number, 11)], (
        "the median of Lyra's own eight, and the wait for the slot that is next"
    )
    running.rest()
    told = f"{number}: it holds {supply.batch.number}"
    request = answer.headers["X-Request-ID"]
    watch.assert_trailed(told, person="Paul Keller", request=request, spoken_for=[MAKE])

    close(running, event)
    running.rest()
    assert watch.batch()["on_hold"] and watch.day() == str(after(PLANNED + 28)), "until it is signed"
    began = time.monotonic()
    signed = running.program(world.nina).move(f"deviations/{event}/", "close", **SIGNED)
    assert not watch.batch()["on_hold"], "at once"
    watch.moves(0, "Its signed closure is at the study", since=began)
    assert watch.chain() == []
    running.rest()
    told = f"{number}: it no longer holds {supply.batch.number}"
    request = signed.headers["X-Request-ID"]
    watch.assert_trailed(told, person="Nina Berg", request=request, spoken_for=[MAKE])

    partner, quality = running.program(world.paul), running.program(world.nina)
    path = f"batches/{supply.batch.pk}/"
    for who, name, body in ((partner, "made", {}), (partner, "send-record", {}), (quality, "release", SIGNED)):
        who.move(path, name, **body)
        running.rest()
        assert watch.day() == str(after(PLANNED)), f"{name} keeps it: the slot is booked for that day"
    assert watch.batch()["status"] == "RELEASED"
    assert [supply.read(step).status for step in (supply.make, supply.release)] == ["DONE", "DONE"]


def test_a_program_reports_quality_holds_and_the_partner_moves(running: Running) -> None:
    world = running.world
    supply = Supply(world)
    running.begin()
    watch = Watch(running, supply, PLANNED)
    paul, nina, batch = running.program(world.paul), running.program(world.nina), f"batches/{supply.batch.pk}/"

    began = time.monotonic()
    nina.move(batch, "hold", reason="Endotoxin is being tested again")
    assert watch.batch()["on_hold"]
    watch.moves(30, "Quality's own hold is at the study", since=began)
    assert watch.chain() == [("batch", supply.batch.pk, supply.batch.number, 30)], "no investigation is known: 30 days"
    began = time.monotonic()
    nina.move(batch, "lift-hold", reason="Below the limit")
    watch.moves(0, "Its end is at the study", since=began)

    investigated(world, world.lyra_site, (9, 12))
    investigated(world, world.orion_site, ORIONS)
    body = {
        "title": "Sterile filter failed after use", "description": "Bubble point 3.1 bar, limit 3.4 bar.",
        "site": world.lyra_site.pk, "cdmo": world.lyra.pk, "batch": supply.batch.pk, "severity": "CRITICAL",
        "event_type": "CRITICAL_PROCESS_DEVIATION",
        "occurred_at": timezone.now().isoformat(), "aware_at": timezone.now().isoformat(),
    }  # fmt: skip
    began = time.monotonic()
    event = paul.post("deviations/", body).json()
    assert watch.batch()["hold_number"] == event["number"], "at once"
    watch.moves(34, "A report by a program is at the study", since=began)
    assert watch.chain() == [("deviation", event["id"], event["number"], 34)], "the median of the network's seven"
    began = time.monotonic()
    nina.move(f"deviations/{event['id']}/", "void", reason="Reported twice")
    watch.moves(0, "What never was is gone from the study", since=began)

    running.rest()
    watch = Watch(running, supply, PLANNED)
    page, step = f"/portal/acme/milestones/{supply.make.pk}/", f"milestones/{supply.make.pk}/"
    began = time.monotonic()
    at_the_portal = running.person(world.paul)
    answer = at_the_portal.send(f"{page}moves/forecast/", partner_end=str(after(20)), reason="Resin is late")
    watch.moves(6, "A date moved in the portal is at the study", since=began)
    assert watch.chain() == [("milestone", supply.make.pk, supply.make.number, 6)]
    running.rest()
    words = f"the partner moved it to {after(20):%d %b %Y}".replace("to 0", "to ")
    told = f"{supply.make.number}: {words}"
    watch.counted[supply.make] += 1  # Paul's own
    watch.assert_trailed(told, person="Paul Keller", request=answer.headers["X-Request-ID"])
    began = time.monotonic()
    at_the_portal.send(f"{page}moves/forecast/", partner_end=str(after(14)), reason="Resin came")
    watch.moves(0, "And back", since=began)
    for days, reason in ((9, "Two columns instead of one"), (0, "The second column came")):
        began = time.monotonic()
        paul.move(step, "forecast", partner_end=str(after(14 + days)), reason=reason)
        watch.moves(days, f"A date moved by a program, {days} days", since=began)
    assert watch.chain() == []


def test_a_rejected_batch_is_made_again_and_another_takes_its_place(running: Running) -> None:
    world = running.world
    supply = Supply(world)
    running.begin()
    watch = Watch(running, supply, PLANNED)
    omar, nina, rejected = running.program(world.omar), running.program(world.nina), supply.batch
    began = time.monotonic()
    answer = nina.move(f"batches/{rejected.pk}/", "reject", **SIGNED)
    watch.moves(5, "A rejection is at the study", since=began)
    named = [("batch", rejected.pk, rejected.number, 5)]
    assert watch.chain() == named, "five days of making were for nothing"
    running.rest()
    told = f"{rejected.number}: the batch was rejected"
    request = answer.headers["X-Request-ID"]
    watch.assert_trailed(told, person="Nina Berg", request=request, spoken_for=[MAKE, "Release the substance"])

    body = {
        "programme": supply.programme.pk, "cdmo": world.lyra.pk, "site": world.lyra_site.pk, "stage": "DS",
        "purpose": "CLINICAL", "unit": "KILOGRAMS", "replaces": rejected.pk,
    }  # fmt: skip
    again = omar.post("batches/", body).json()
    running.rest()
    make = supply.read(supply.make)
    assert (make.batch_id, make.batch_number, make.status) == (again["id"], again["number"], "PLANNED")
    running.program(world.paul).move(f"batches/{again['id']}/", "start")
    running.rest()
    assert supply.read(supply.make).actual_start == after(0)
    assert (watch.day(), watch.chain()) == (str(after(PLANNED + 5)), named)


def test_a_lost_slot_and_a_closed_site(running: Running) -> None:
    world = running.world
    slotted, closing = Supply(world, line=LINE), Supply(world, weekdays=True)
    running.begin()
    watch, olga = Watch(running, slotted, PLANNED), running.program(world.olga)
    first, kept = slotted.slots
    path = f"slots/{first.pk}/"
    olga.move(path, "book", milestone=slotted.fill.pk)
    running.rest()
    assert watch.day() == str(after(PLANNED))
    began = time.monotonic()
    olga.move(path, "lose", reason="An audit of the line")
    watch.moves(28, "A lost slot is at the study", since=began)
    assert watch.chain() == [("slot", kept.pk, kept.number, 28)]

    start = closing.read(closing.fill).forecast_start
    planned = (closing.read(closing.study).forecast_first_patient_in - after(0)).days
    watch = Watch(running, closing, planned)
    began = time.monotonic()
    body = {
        "cdmo": world.orion.pk, "site": world.orion_site.pk, "title": "Winter shutdown", "why": "SHUTDOWN",
        "starts_on": str(start), "ends_on": str(start.fromordinal(start.toordinal() + 6)),
    }  # fmt: skip
    closure = olga.post("closures/", body).json()
    watch.moves(7, "A closed site is at the study", since=began)
    assert watch.chain() == [("milestone", closing.fill.pk, closing.fill.number, 7)]
    began = time.monotonic()
    olga.move(f"closures/{closure['id']}/", "void", reason="It works after all")
    watch.moves(0, "And its opening", since=began)
