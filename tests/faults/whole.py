"""What every fault must end in, asked in the same words: nothing lost, nothing left over, nothing altered."""

from collections.abc import Iterable

from django.core.management import call_command

from oversight.kernel.access.models import Sponsor
from oversight.kernel.access.scope import scope
from oversight.kernel.notifications.models import Letter
from oversight.kernel.outbox.models import Delivery, Event, Owed
from oversight.kernel.trail.audited import audited
from oversight.kernel.trail.change import change
from oversight.kernel.trail.models import Record
from oversight.runtime.processes import wait_until
from techtransfer.simulation.asking import ASKED
from tests.cast import World, raw, seal_now, system
from tests.support.models import Memo

PATIENCE = 90  # seconds for what the last event still owes: a letter follows its event
UNEVEN = """
SELECT count(*) FROM "{table}" t
  LEFT JOIN (SELECT id, count(*) AS versions, max(version) AS newest FROM "{history}" GROUP BY id) h USING (id)
 WHERE h.versions IS DISTINCT FROM t.version OR h.newest IS DISTINCT FROM t.version
"""


def assert_whole(
    world: World, acknowledged: Iterable[Record] = (), *, waiting: Iterable[Owed] = (), given_up: Iterable[Owed] = ()
) -> None:
    """Every acknowledged record is there; record and history agree 1:1; the outbox is empty; seals verify and go on.

    `waiting`, `given_up`: the rows that the story has left so, and no others. A digest is not due before seven, and a
    simulation waits its minute.
    """
    wanted = list(acknowledged)
    left, lost = _keys(waiting), _keys(given_up)
    wait_until(lambda: _all_owed(world, Owed.State.WAITING) == left, seconds=PATIENCE, every=0.1)
    for sponsor in (world.acme, world.rival):
        with scope(system(sponsor)):
            mine = [record for record in wanted if record.tenant_id == sponsor.pk]
            gone = [record for record in mine if not type(record).objects.filter(pk=record.pk).exists()]
            uneven = _uneven()
        assert not gone, f"acknowledged and not there: {gone}"
        assert not uneven, f"record and history disagree: {uneven}"
    waits = _all_owed(world, Owed.State.WAITING) ^ left
    failed = _all_owed(world, Owed.State.FAILED) ^ lost
    assert not waits, f"owed otherwise than the story has it: {waits}"
    assert not failed, f"given up otherwise than the story has it: {failed}"
    with change(by=world.nina):
        Memo.objects.create(title="After the fault")
    seal_now()
    call_command("verify_trail")


def _uneven() -> dict[str, int]:
    return {
        each.table: count
        for each in audited()
        if each.tenant_column == "tenant_id"
        and (count := raw(UNEVEN.format(table=each.table, history=each.history))[0][0])
    }


def _all_owed(world: World, state: str) -> set[tuple[int, str, int]]:
    found = set()
    for sponsor in (world.acme, world.rival):
        with scope(system(sponsor)):
            found |= _owed(sponsor, state)
    return found


def _owed(sponsor: Sponsor, state: str) -> set[tuple[int, str, int]]:
    found = set()
    for model in (Event, Delivery, Letter):
        rows = model.objects.filter(state=state)
        if model is Event:
            rows = rows.exclude(name=ASKED)
        if model is Letter and state == Owed.State.WAITING:
            rows = rows.exclude(slot__startswith="day-")
        found |= {(sponsor.pk, model.__name__, pk) for pk in rows.values_list("pk", flat=True)}
    return found


def _keys(rows: Iterable[Owed]) -> set[tuple[int, str, int]]:
    return {(row.tenant_id, type(row).__name__, row.pk) for row in rows}
