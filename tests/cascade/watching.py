"""Looking at the study from outside, and at the trail that the cascade left."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from oversight.kernel.access.scope import scope
from quality.models import ResponseTask
from tests.cast import PASSWORD, ZONE
from tests.quality.acting import CAUSE, TICKS

from .conftest import SECONDS, Running, within
from .supply import Supply, after

ANOTHER = "A step before it moved."


class Watch:
    """Nina's program, which looks at the study and at where its days come from; `planned`: days from now."""

    def __init__(self, running: Running, supply: Supply, planned: int) -> None:
        self.supply, self.planned = supply, planned
        self.program = running.program(running.world.nina)
        assert self.day() == str(after(planned))
        self.counted = {record: len(supply.versions(record)) for record in [*supply.steps, supply.study]}

    def day(self) -> str:
        """When the study starts, as the API says it."""
        return str(self.program.get(f"studies/{self.supply.study.pk}/")["forecast_first_patient_in"])

    def batch(self) -> dict[str, Any]:
        """The batch, as the API says it."""
        return self.program.get(f"batches/{self.supply.batch.pk}/")

    def chain(self) -> list[tuple[str, int, str, int]]:
        """Record, key, number and days of each item; their sum is the slip, and the slip is what the dates say."""
        (study,) = self.program.get(f"programmes/{self.supply.programme.pk}/impact/")["studies"]
        assert study["baseline"] == str(after(self.planned))
        assert study["slip_days"] == (after(0).fromisoformat(study["forecast"]) - after(self.planned)).days
        assert sum(item["days"] for item in study["chain"]) == study["slip_days"]
        return [(item["record_type"], item["record_id"], item["number"], item["days"]) for item in study["chain"]]

    def moves(self, days: int, what: str, *, since: float) -> None:
        """The study starts so many days later than planned, soon enough."""
        expected = str(after(self.planned + days))
        within(SECONDS, lambda: self.day() == expected, what, since=since)

    def assert_trailed(self, told: str, *, person: str, request: str, spoken_for: Collection[str] = ()) -> None:
        """One version of every step that moved since the last look: by the system, for that request, with its cause.

        Orion's row names nothing of Lyra's, and Lyra's none of Acme's people. The steps `spoken_for` first took over
        what their batch says.
        """
        world, whole = self.supply.world, f"{told}, by {person}."
        lyras = whole if person == world.paul.name else f"{told}."
        reasons = {world.lyra.pk: lyras, world.orion.pk: ANOTHER, None: whole}
        for step in self.supply.steps:
            versions = self.supply.versions(step)
            known = self.counted[step]
            fresh, self.counted[step] = versions[known:], len(versions)
            assert len(fresh) == (2 if step.title in spoken_for else 1), step.title
            assert (fresh[-1].forecast_before, fresh[-1].cause_number) == (
                versions[known - 1].forecast_end,
                told.partition(":")[0],
            )
            assert fresh[-1].forecast_end != versions[known - 1].forecast_end
            for version in fresh:
                assert (version.history_user_id, version.history_user_name) == (None, "Oversight")
                assert (version.history_source, version.history_request) == ("task", request)
                assert version.history_change_reason == reasons[step.cdmo_id], step.title
        versions = self.supply.versions(self.supply.study)
        assert len(versions) == self.counted[self.supply.study] + 1
        self.counted[self.supply.study] = len(versions)
        assert (versions[-1].history_change_reason, versions[-1].history_request) == (whole, request)


def close(running: Running, event: int) -> None:
    """Lead a deviation to its signature, by the API: Paul answers, Connie accepts; Nina is about to sign."""
    world, path = running.world, f"deviations/{event}/"
    paul, nina = running.program(world.paul), running.program(world.nina)
    nina.move(path, "accept-report")
    for tick in TICKS:
        paul.move(path, tick)
    paul.move(path, "submit-root-cause", **CAUSE)
    running.program(world.connie).move(path, "accept-root-cause", reason="Convincing")
    with scope(world.nina):
        tasks = list(ResponseTask.objects.filter(deviation_id=event).order_by("pk").values_list("pk", "side"))
    for pk, side in tasks:
        (paul if side == "CDMO" else nina).move(f"response-tasks/{pk}/", "finish", note="Done, see file.")


def minutes_ago(minutes: int) -> str:
    """As somebody in Basel types it."""
    return f"{timezone.now().astimezone(ZoneInfo(ZONE)) - timedelta(minutes=minutes):%Y-%m-%dT%H:%M}"


SIGNED = {"reason": "Complete", "password": PASSWORD}
