"""Numbers: one after the other, none twice, none missing, whoever creates and whatever fails."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import DatabaseError, connection

from cdmos.models import CDMO
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.numbering import Pattern, take, take_many
from oversight.kernel.numbering.models import Series
from oversight.kernel.trail.change import UnattributedChange, change
from tests.cast import World, raw
from tests.support.models import Ticket

CREATORS = 50  # at each sponsor half of them
DEVIATIONS = Pattern("DEV-{year:02}-{number:04}")


class Abandoned(Exception):
    """Somebody's creation failed after the number was taken."""


@pytest.mark.requirement("PI041-complete")
def test_of_fifty_who_create_at_once_each_gets_a_number_and_none_is_missing(lasting_world: World) -> None:
    barrier, dice = Barrier(CREATORS), random.Random(412)  # noqa: S311
    fails = [dice.random() < 0.4 for _ in range(CREATORS)]

    def report(turn: int) -> bool:
        by, cdmo = (lasting_world.paul, lasting_world.lyra) if turn % 2 else (lasting_world.riva, lasting_world.foreign)
        try:
            with change(by=by):
                barrier.wait(60)
                number = DEVIATIONS.next(date(2026, 11, 23))
                Ticket.objects.create(cdmo=CDMO(pk=cdmo.pk), title=number)
                if fails[turn]:
                    raise Abandoned
            return True
        except Abandoned:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(CREATORS) as people:
        kept = list(people.map(report, range(CREATORS)))
    assert kept == [not failed for failed in fails]
    for turn, actor in enumerate((lasting_world.riva, lasting_world.nina)):
        expected = sum(kept[turn::2])
        assert 0 < expected < CREATORS // 2
        with scope(actor):
            titles = sorted(Ticket.objects.values_list("title", flat=True))
            assert titles == [f"DEV-26-{number:04}" for number in range(1, expected + 1)]
            assert Series.objects.get(name="DEV-26").last == expected


def test_what_is_rolled_back_to_a_savepoint_gives_its_number_back(world: World) -> None:
    with change(by=world.nina):
        assert take("DEV-26") == 1
        with pytest.raises(Abandoned), change(by=world.nina):
            assert take("DEV-26") == 2
            raise Abandoned
        assert take("DEV-26") == 2


def test_an_import_takes_many_at_once(world: World) -> None:
    with change(by=world.nina):
        assert take("DEV-26") == 1
        assert take_many("DEV-26", 500) == range(2, 502)
        assert take("DEV-26") == 502
        assert DEVIATIONS.next_many(2, date(2026, 12, 31)) == ["DEV-26-0503", "DEV-26-0504"]
        with pytest.raises(ValueError, match="0 numbers cannot be taken"):
            take_many("DEV-26", 0)


def test_sponsor_and_partner_count_one_series_and_each_sponsor_its_own(world: World) -> None:
    def one(by: Actor) -> int:
        with change(by=by):
            return take("DEV-26")

    assert [one(by) for by in (world.nina, world.paul, world.olga, world.connie)] == [1, 2, 3, 4]
    assert [one(by) for by in (world.riva, world.petra)] == [1, 2]
    for by, last in ((world.paul, 4), (world.petra, 2)):
        with scope(by):
            assert Series.objects.visible_to(by).get(name="DEV-26").last == last
            assert raw("SELECT last FROM numbering_series WHERE name = 'DEV-26'") == [(last,)]


def test_counting_begins_anew_with_the_year_and_outgrows_its_digits(world: World) -> None:
    with change(by=world.nina):
        assert [DEVIATIONS.next(day) for day in (date(2026, 12, 31), date(2027, 1, 1), date(2026, 12, 31))] == [
            "DEV-26-0001",
            "DEV-27-0001",
            "DEV-26-0002",
        ]
        take_many("DEV-27", 9_998)
        assert [DEVIATIONS.next(date(2027, 6, 1)) for _ in range(2)] == ["DEV-27-10000", "DEV-27-10001"]
        assert Pattern("MTG-{number}").next(date(2027, 6, 1)) == "MTG-1"


def test_no_number_is_taken_outside_a_change_and_none_is_ever_taken_away(world: World) -> None:
    with scope(world.nina), pytest.raises(UnattributedChange):
        take("DEV-26")
    with change(by=world.nina):
        take("DEV-26")
    with pytest.raises(DatabaseError, match="permission denied"), change(by=world.nina, reason="Starting over"):
        raw("DELETE FROM numbering_series")
    with scope(world.nina):
        assert raw("SELECT last FROM numbering_series WHERE name = 'DEV-26'") == [(1,)]


@pytest.mark.parametrize("text", ["DEV", "DEV-{year}", "DEV-{number}-{year}", "{number}-DEV", "{site}-{number}"])
def test_a_pattern_ends_with_its_number(text: str) -> None:
    with pytest.raises(ValueError, match="must end with its"):
        Pattern(text)
