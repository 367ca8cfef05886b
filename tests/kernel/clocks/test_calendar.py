"""By when something is due: exact moments worked out by hand, and what holds for all of them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.kernel.clocks.calendar import Calendar, Pauses, Unit, due, spent

ZURICH = Calendar("Europe/Zurich")
MINUTES, HOURS, DAYS, WORKING_DAYS = Unit
CHRISTMAS = Calendar(
    "Europe/Zurich", closures=frozenset({date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 31), date(2027, 1, 1)})
)
HAIFA = Calendar("Asia/Jerusalem", frozenset({6, 0, 1, 2, 3}))  # Sunday to Thursday
OSAKA = Calendar("Asia/Tokyo", frozenset(range(6)))  # Monday to Saturday
NEW_JERSEY = Calendar("America/New_York")


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


WORKED_OUT = {
    "an hour": (at("2026-11-23 14:06"), 60, MINUTES, ZURICH, at("2026-11-23 15:06")),
    "an hour in which the clocks go back": (
        at("2026-10-25 00:30"), 60, MINUTES, ZURICH, at("2026-10-25 01:30"),
    ),
    # 24 h from Saturday 14:00 in Zurich are over on Sunday at 13:00 there, the night having had one hour more
    "a day of hours over the end of summer time": (
        at("2026-10-24 14:00", "Europe/Zurich"), 24, HOURS, ZURICH, at("2026-10-25 13:00", "Europe/Zurich"),
    ),
    "a day of hours over the beginning of summer time": (
        at("2026-03-28 14:00", "Europe/Zurich"), 24, HOURS, ZURICH, at("2026-03-29 15:00", "Europe/Zurich"),
    ),
    # Wednesday 28 October + 30 days: Friday 27 November, 17:00 CET
    "thirty days": (at("2026-10-28 13:06"), 30, DAYS, ZURICH, at("2026-11-27 16:00")),
    # from CEST to CET: 17:00 on the wall both times
    "days over the end of summer time": (at("2026-10-20 08:00"), 10, DAYS, ZURICH, at("2026-10-30 16:00")),
    "days before the end of summer time": (at("2026-10-14 08:00"), 10, DAYS, ZURICH, at("2026-10-24 15:00")),
    "days may end on a Sunday": (at("2026-11-20 08:00"), 2, DAYS, ZURICH, at("2026-11-22 16:00")),
    "days over a leap day": (at("2028-02-28 08:00"), 2, DAYS, ZURICH, at("2028-03-01 16:00")),
    # 23:30 UTC is already Tuesday in Zurich: Tuesday does not count, Wednesday is the first
    "the day of the site counts, not that of UTC": (
        at("2026-11-23 23:30"), 1, WORKING_DAYS, ZURICH, at("2026-11-25 16:00"),
    ),
    "a Friday and five working days": (at("2026-11-20 09:00"), 5, WORKING_DAYS, ZURICH, at("2026-11-27 16:00")),
    "a Saturday begins as Friday did": (at("2026-11-21 09:00"), 5, WORKING_DAYS, ZURICH, at("2026-11-27 16:00")),
    # Wed 23 Dec + 3: Mon 28, Tue 29, Wed 30 (Thu 24 and Fri 25 closed)
    "over Christmas": (at("2026-12-23 09:00"), 3, WORKING_DAYS, CHRISTMAS, at("2026-12-30 16:00")),
    # … + 4: Mon 4 January (Thu 31 and Fri 1 closed)
    "over the year's end": (at("2026-12-23 09:00"), 4, WORKING_DAYS, CHRISTMAS, at("2027-01-04 16:00")),
    # Wednesday + 3 from Sunday to Thursday: Thu, Sun, Mon 17:00 in Haifa (UTC+2)
    "Sunday to Thursday": (at("2026-11-25 09:00"), 3, WORKING_DAYS, HAIFA, at("2026-11-30 15:00")),
    "Monday to Saturday": (at("2026-11-27 01:00"), 2, WORKING_DAYS, OSAKA, at("2026-11-30 08:00")),
    # Friday 6 March + 1 = Monday 9 March; clocks went forward on Sunday: 17:00 EDT is 21:00 UTC, not 22:00
    "a weekend on which the clocks go forward": (
        at("2026-03-06 15:00"), 1, WORKING_DAYS, NEW_JERSEY, at("2026-03-09 21:00"),
    ),
    "started after the close of business": (at("2026-11-24 19:00"), 1, WORKING_DAYS, ZURICH, at("2026-11-25 16:00")),
}  # fmt: skip


@pytest.mark.parametrize(("start", "limit", "unit", "calendar", "expected"), WORKED_OUT.values(), ids=WORKED_OUT)
def test_worked_out_by_hand(start: datetime, limit: int, unit: Unit, calendar: Calendar, expected: datetime) -> None:
    found = due(start, limit, unit, calendar)
    assert (found, found.tzinfo) == (expected, UTC)


PAUSED = {
    "20 minutes": (
        at("2026-11-23 10:00"), 60, MINUTES, ((at("2026-11-23 10:10"), at("2026-11-23 10:30")),),
        at("2026-11-23 11:20"),
    ),
    "twice, the second time in what the first one added": (
        at("2026-11-23 10:00"), 60, MINUTES,
        ((at("2026-11-23 10:10"), at("2026-11-23 10:30")), (at("2026-11-23 11:10"), at("2026-11-23 11:15"))),
        at("2026-11-23 11:25"),
    ),
    "after it ran out: too late to help": (
        at("2026-11-23 10:00"), 60, MINUTES, ((at("2026-11-23 11:30"), at("2026-11-23 12:30")),),
        at("2026-11-23 11:00"),
    ),
    "a lunch break changes no day": (
        at("2026-11-23 10:00"), 3, WORKING_DAYS, ((at("2026-11-24 11:00"), at("2026-11-24 13:00")),),
        at("2026-11-26 16:00"),
    ),
    # stood still at the close of Tuesday and of Wednesday: Thu, Fri, Mon
    "Tuesday to Thursday morning is two days": (
        at("2026-11-23 10:00"), 3, WORKING_DAYS, ((at("2026-11-24 15:00"), at("2026-11-26 08:00")),),
        at("2026-11-30 16:00"),
    ),
    "over a weekend no working day is lost": (
        at("2026-11-27 10:00"), 1, WORKING_DAYS, ((at("2026-11-28 10:00"), at("2026-11-29 20:00")),),
        at("2026-11-30 16:00"),
    ),
    "the same weekend in plain days": (
        at("2026-11-27 10:00"), 1, DAYS, ((at("2026-11-28 10:00"), at("2026-11-29 20:00")),), at("2026-11-30 16:00"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("start", "limit", "unit", "pauses", "expected"), PAUSED.values(), ids=PAUSED)
def test_a_pause_worked_out_by_hand(
    start: datetime, limit: int, unit: Unit, pauses: Pauses, expected: datetime
) -> None:
    assert due(start, limit, unit, ZURICH, pauses) == expected


SPENT = {
    "52 minutes": (at("2026-11-23 10:00"), at("2026-11-23 10:52"), MINUTES, 52),
    "a second more has begun another": (at("2026-11-23 10:00"), at("2026-11-23 10:52:01"), MINUTES, 53),
    "at once": (at("2026-11-23 10:00"), at("2026-11-23 10:00"), MINUTES, 0),
    "within 3 hours": (at("2026-11-23 10:00"), at("2026-11-23 12:20"), HOURS, 3),
    "the same day": (at("2026-11-23 10:00"), at("2026-11-23 22:00"), DAYS, 0),
    "until the close of the next day": (at("2026-11-23 10:00"), at("2026-11-24 16:00"), DAYS, 1),
    "after the close of the next day": (at("2026-11-23 10:00"), at("2026-11-24 16:01"), DAYS, 2),
    "on Saturday the Monday has begun": (at("2026-11-27 10:00"), at("2026-11-28 09:00"), WORKING_DAYS, 1),
}


@pytest.mark.parametrize(("start", "end", "unit", "expected"), SPENT.values(), ids=SPENT)
def test_how_much_was_spent_by_hand(start: datetime, end: datetime, unit: Unit, expected: int) -> None:
    assert spent(start, end, unit, ZURICH) == expected


def test_what_cannot_be_counted_is_refused() -> None:
    for limit in (0, -1, 10_001):
        with pytest.raises(ValueError, match="between 1 and 10,000 working days"):
            due(at("2026-11-23 10:00"), limit, WORKING_DAYS, ZURICH)
    for week in (frozenset(), frozenset({7})):
        with pytest.raises(ValueError, match="at least one day"):
            Calendar("UTC", week)


def test_limits_in_words() -> None:
    assert [unit.words(1) for unit in Unit] == ["1 min", "1 h", "1 day", "1 working day"]
    assert [unit.words(30) for unit in Unit] == ["30 min", "30 h", "30 days", "30 working days"]


MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
LIMITS = st.integers(1, 60)
UNITS = st.sampled_from(Unit)
ZONES = st.sampled_from(["UTC", "Europe/Zurich", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe"])
CALENDARS = st.builds(
    Calendar,
    ZONES,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.frozensets(st.dates(date(2020, 1, 1), date(2035, 6, 1)), max_size=40),
)
LENGTHS = st.timedeltas(timedelta(seconds=1), timedelta(days=90))


@st.composite
def paused(draw: st.DrawFn, start: datetime) -> Pauses:
    """Up to three pauses after `start`, one after the other."""
    pauses, last = [], start
    for _ in range(draw(st.integers(0, 3))):
        since = last + draw(LENGTHS)
        last = since + draw(LENGTHS)
        pauses.append((since, last))
    return tuple(pauses)


@given(start=MOMENTS, limit=LIMITS, unit=UNITS, calendar=CALENDARS, later=LENGTHS)
def test_more_time_or_a_later_start_never_ends_earlier(
    start: datetime, limit: int, unit: Unit, calendar: Calendar, later: timedelta
) -> None:
    end = due(start, limit, unit, calendar)
    assert start < end < due(start, limit + 1, unit, calendar)
    assert end <= due(start + later, limit, unit, calendar)


@given(start=MOMENTS, limit=LIMITS, calendar=CALENDARS, unit=st.sampled_from([DAYS, WORKING_DAYS]))
def test_days_end_at_the_close_of_business_and_working_days_on_one(
    start: datetime, limit: int, unit: Unit, calendar: Calendar
) -> None:
    local = due(start, limit, unit, calendar).astimezone(ZoneInfo(calendar.zone))
    assert (local.hour, local.minute) == (17, 0)
    first = start.astimezone(ZoneInfo(calendar.zone)).date()
    between = [first + timedelta(days=days) for days in range(1, (local.date() - first).days + 1)]
    if unit is WORKING_DAYS:
        assert calendar.works_on(local.date()) and sum(map(calendar.works_on, between)) == limit
    else:
        assert len(between) == limit


@given(data=st.data(), start=MOMENTS, limit=LIMITS, unit=UNITS, calendar=CALENDARS)
def test_a_pause_never_shortens_and_what_is_spent_says_the_same_as_what_is_due(
    data: st.DataObject, start: datetime, limit: int, unit: Unit, calendar: Calendar
) -> None:
    pauses = data.draw(paused(start))
    end = due(start, limit, unit, calendar, pauses)
    assert end >= due(start, limit, unit, calendar)
    assert spent(start, end, unit, calendar, pauses) == limit
    done = start + data.draw(st.timedeltas(timedelta(), timedelta(days=200)))
    assert (spent(start, done, unit, calendar, pauses) <= limit) is (done <= end)
