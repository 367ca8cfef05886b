"""What Microsoft Project says otherwise than this house: units, constraints, summaries, calendars, progress."""

from datetime import date

from techtransfer.exchange.reading import read_plan_file
from techtransfer.exchange.values import PlanFile

from .hostile import project

BASE = "<Name>Task</Name><Duration>PT8H0M0S</Duration>"
WEEK = "".join(
    f"<WeekDay><DayType>{day}</DayType><DayWorking>{int(1 < day < 7)}</DayWorking></WeekDay>" for day in range(1, 8)
)


def read(*tasks: str, before: str = "") -> PlanFile:
    rows = "".join(f"<Task><UID>{n}</UID><ID>{n}</ID>{task}</Task>" for n, task in enumerate(tasks, start=1))
    return read_plan_file(project(f"<StartDate>2027-03-01T08:00:00</StartDate>{before}<Tasks>{rows}</Tasks>"))


def link(before: int, kind: int = 1, lag: int = 0, style: int = 7) -> str:
    return (
        f"<PredecessorLink><PredecessorUID>{before}</PredecessorUID><Type>{kind}</Type><LinkLag>{lag}</LinkLag>"
        f"<LagFormat>{style}</LagFormat></PredecessorLink>"
    )


def warned(plan: PlanFile) -> list[tuple[int, str, str]]:
    return [(each.place.row, each.place.column, each.sentence) for each in plan.findings]


def test_elapsed_days_count_every_day_and_parts_of_a_day_are_rounded_up() -> None:
    plan = read(
        "<Name>Ship</Name><Duration>PT72H0M0S</Duration><DurationFormat>8</DurationFormat>",
        "<Name>Test</Name><Duration>PT12H0M0S</Duration><DurationFormat>7</DurationFormat>",
        "<Name>Moment</Name><Duration>PT0H0M0S</Duration>",
    )
    assert [(step.says["duration_days"], step.says["calendar"]) for step in plan.steps] == [
        (3, "EVERY_DAY"), (2, "SITE"), (0, "SITE"),
    ]  # fmt: skip
    assert warned(plan) == [(2, "Duration", "1.5 days are not whole: taken as 2.")]


def test_lags_are_in_tenths_of_a_minute_of_their_unit() -> None:
    plan = read(
        BASE,
        BASE + link(1, 1, 9_600),
        BASE + link(1, 3, 43_200, 8) + link(2, 0, -2_400),
        BASE + link(1, 2, 50, 19),
    )
    assert [(row.after, row.link, row.lag_days, row.lag_unit) for row in plan.links] == [
        ("2", "FS", 2, "WORKING"), ("3", "SS", 3, "ELAPSED"), ("3", "FF", -1, "WORKING"), ("4", "SF", 0, "WORKING"),
    ]  # fmt: skip
    assert warned(plan) == [
        (3, "Predecessors", "A lag of -0.5 days is not whole: taken as -1."),
        (4, "Predecessors", "A lag in per cent of a duration is not known here: taken as no lag."),
    ]


def test_constraints_that_are_not_known_say_what_happens_instead() -> None:
    def held(kind: int, more: str = "") -> str:
        date_of_it = "<ConstraintDate>2027-05-03T08:00:00</ConstraintDate>"
        return f"{BASE}<ConstraintType>{kind}</ConstraintType>{date_of_it}{more}"

    deadline = "<Deadline>2027-06-04T17:00:00</Deadline>"
    plan = read(BASE, *(held(kind) + link(1) for kind in range(1, 8)), held(4, deadline) + link(1))
    day = date(2027, 5, 3)
    assert [(step.says.get("earliest_start"), step.says.get("need_by")) for step in plan.steps] == [
        (date(2027, 3, 1), None),  # it waits for none: not before the project begins
        (None, None), (day, None), (None, date(2027, 5, 2)), (day, None), (None, None), (None, None),
        (None, date(2027, 5, 2)), (day, date(2027, 6, 4)),
    ]  # fmt: skip
    soon, needed = "is not known here: it begins as soon as it can.", "is not known here: taken as needed by that day."
    assert warned(plan) == [
        (2, "ConstraintType", f"“As late as possible” {soon}"),
        (3, "ConstraintType", "“Must start on” is not known here: taken as not before that day."),
        (4, "ConstraintType", f"“Must finish on” {needed}"),
        (6, "ConstraintType", f"“Start no later than” {soon}"),
        (7, "ConstraintType", f"“Finish no earlier than” {soon}"),
        (8, "ConstraintType", f"“Finish no later than” {needed}"),
    ]


def test_a_summary_gives_its_stage_and_is_no_step() -> None:
    plan = read(
        "<Name>Drug product</Name><Summary>1</Summary><OutlineLevel>1</OutlineLevel>",
        "<Name>Lot 2</Name><Summary>1</Summary><OutlineLevel>2</OutlineLevel>",
        BASE + "<OutlineLevel>3</OutlineLevel>" + link(1),
        BASE + "<OutlineLevel>1</OutlineLevel><Active>0</Active>",
        BASE + "<OutlineLevel>1</OutlineLevel>",
    )
    assert [(step.id, step.otherwise["stage"]) for step in plan.steps] == [("3", "DP"), ("5", "TRANSFER")]
    assert (plan.links, [row for row, _, _ in warned(plan)]) == ([], [1, 2, 3, 4])


def test_days_off_become_closures_of_the_site_that_a_task_names() -> None:
    attributes = "".join(
        f"<ExtendedAttribute><FieldID>{key}</FieldID><Alias>{alias}</Alias></ExtendedAttribute>"
        for key, alias in ((1, "Partner"), (2, "Site"))
    )
    span = "<FromDate>2027-07-26T00:00:00</FromDate><ToDate>2027-08-06T23:59:00</ToDate>"
    what = "<Name>Public holiday: Fair</Name><Type>1</Type><DayWorking>0</DayWorking>"
    off = f"<Exceptions><Exception><TimePeriod>{span}</TimePeriod>{what}</Exception></Exceptions>"
    calendar = f"<Calendar><UID>1</UID><Name>Plant</Name><WeekDays>{WEEK}</WeekDays>{off}</Calendar>"
    before = (
        f"<CalendarUID>1</CalendarUID><ExtendedAttributes>{attributes}</ExtendedAttributes>"
        f"<Calendars>{calendar}</Calendars>"
    )
    named = "".join(
        f"<ExtendedAttribute><FieldID>{key}</FieldID><Value>{value}</Value></ExtendedAttribute>"
        for key, value in ((1, "Lyra Biologics"), (2, "Lyra Basel"))
    )
    plan = read(BASE + named, BASE, before=before)
    assert [(each.site, each.why, each.title, each.starts_on, each.ends_on) for each in plan.closures] == [
        ("Lyra Basel", "HOLIDAY", "Fair", date(2027, 7, 26), date(2027, 8, 6))
    ]
    assert [each.days for each in plan.weeks] == [frozenset(range(5))]
    assert warned(plan) == [
        (1, "Plant", "Its one period off is not kept for steps that name no site: days off belong to a site here.")
    ]


def test_what_has_happened_is_kept_and_a_part_of_it_is_said() -> None:
    span = "<Start>2026-05-05T08:00:00</Start><Finish>2026-05-05T17:00:00</Finish>"
    plan = read(
        BASE + "<PercentComplete>40</PercentComplete><ActualStart>2026-05-04T08:00:00</ActualStart>",
        BASE + f"<PercentComplete>100</PercentComplete>{span}",
    )
    assert [(step.says.get("actual_start"), step.says.get("actual_end")) for step in plan.steps] == [
        (date(2026, 5, 4), None), (date(2026, 5, 5), date(2026, 5, 5)),
    ]  # fmt: skip
    assert [(row, column) for row, column, _ in warned(plan)] == [
        (1, "PercentComplete"), (2, "PercentComplete"), (2, "PercentComplete"),
    ]  # fmt: skip
