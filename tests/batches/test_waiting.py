"""What of a batch waits for whom: its record for the CDMO, the decision for the sponsor's quality unit."""

from django.utils import timezone

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.clocks.rules import Side, own_side
from oversight.web.today.queue import Whose
from oversight.web.today.work import work
from tests.cast import World
from tests.factories.batch import MADE, STARTED, act, batch, sent

from .acting import critical


def waits(actor: Actor, whose: Whose = Whose.MINE, side: Side | None = None) -> list[tuple[str, str, str]]:
    """What waits of batches: which, the button, where it leads."""
    with scope(actor):
        rows = work(actor, side=side or own_side(actor), whose=whose, now=timezone.now())
        mine = [row for row in rows if row.kind.slug == "batches"]
        return [(row.title, row.act.label if row.act else "", row.act.href if row.act else "") for row in mine]


def test_the_record_waits_for_the_cdmo_and_then_the_decision_for_the_quality_unit(world: World) -> None:
    record = batch(world.omar, world.lyra_site)
    act(record, "start", world.paul, started_on=STARTED)
    assert waits(world.paul) == waits(world.nina) == []
    act(record, "made", world.paul, made_on=MADE)
    here = f"/portal/acme/batches/{record.pk}/"
    assert waits(world.paul) == [(record.number, "Send the record", f"{here}moves/send-record/")]
    assert waits(world.vito) == waits(world.olga) == waits(world.nina) == []
    act(record, "send-record", world.paul)
    assert waits(world.paul) == []
    there = [(record.number, "Release or reject", f"/acme/batches/{record.pk}/#release")]
    assert waits(world.nina) == waits(world.connie) == there
    assert waits(world.omar) == [] and waits(world.omar, Whose.EVERYONE) == [(record.number, "", "")]
    # What stands in the way of a release is read on the page; a rejection nothing stands in the way of.
    critical(world, record)
    assert waits(world.nina) == there
    act(record, "reject", world.nina, "Contaminated")
    assert waits(world.nina, Whose.EVERYONE) == []


def test_nobody_waits_for_what_is_released(world: World) -> None:
    record = sent(world.omar, world.lyra_site, world.paul)
    act(record, "release", world.nina)
    assert waits(world.nina, Whose.EVERYONE) == waits(world.nina, Whose.EVERYONE, Side.CDMO) == []
