"""The plans of the demo world on any day: nobody waits for the past, and a hold always moves a study."""

from datetime import date, timedelta

import pytest

from oversight.web.demo.people import MARROWFEN, TARN
from oversight.web.demo.plans.catalogue import PROGRAMMES
from oversight.web.demo.plans.told import ProgrammeTold
from tests.web.planned import Planned

ALL = [(slug, told) for slug, some in PROGRAMMES.items() for told in some]
# Every day of a week in which everybody works, of one over Christmas, and of one in August.
DAYS = [
    first + timedelta(days=n) for first in (date(2026, 11, 23), date(2026, 12, 22), date(2027, 8, 9)) for n in range(7)
]
HELD = {"CB-DS-0282", "CB-DS-0288", "NV-029", "NV-030", "TB-027"}  # by the deviations that are told


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_at_every_moment_a_study_waits_for_a_batch_that_is_made_and_can_be_held(day: date) -> None:
    moving: set[str] = set()
    for slug, told in ALL:
        planned = Planned(slug, told, day)
        free = {batch.make for batch in told.batches if batch.partner_number not in HELD}
        critical = {step for chain in planned.critical().values() for step in chain}
        before = planned.starts(planned.forecast()[1])
        for step in free & critical & set(planned.in_process("DS")):
            after = planned.starts(planned.forecast(held=step, days=20)[1])
            if any(after[code] > before[code] for code in before):
                moving |= {slug, told.code}
    assert moving >= {MARROWFEN, "MRF-204", TARN, "TRN-07"}


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_what_is_told_of_the_past_is_over_and_what_is_held_is_being_made(day: date) -> None:
    for slug, told in ALL:
        planned = Planned(slug, told, day)
        made = {batch.partner_number: batch for batch in told.batches}
        for number in HELD & set(made):
            batch = made[number]
            assert planned.lived[batch.make].begun(planned.today - 1)
            assert not planned.lived[batch.release].done(planned.today)
        for batch in told.batches:
            for source, _ in batch.made_of:
                before = planned.lived[next(each.release for each in told.batches if each.key == source)]
                if planned.lived[batch.make].begun(planned.today):
                    assert before.end < planned.lived[batch.make].start


@pytest.mark.parametrize(("slug", "told"), ALL, ids=lambda value: getattr(value, "code", value))
def test_a_plan_is_of_one_piece(slug: str, told: ProgrammeTold) -> None:
    keys = [step.key for step in told.steps]
    assert len(set(keys)) == len(keys)
    assert all(low <= likely <= high for low, likely, high in (step.days for step in told.steps))
    numbers = [batch.partner_number for batch in told.batches]
    assert len(set(numbers)) == len(numbers)
    assert {slot.booked for slot in told.slots if slot.booked} <= set(keys)
    assert 20 <= len(Planned(slug, told, DAYS[0]).steps) <= 200
