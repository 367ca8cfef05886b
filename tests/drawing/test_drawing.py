"""The drawn plan by its own numbers: where bars, arrows and labels stand, and what an odd plan makes of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from techtransfer.drawing import Arrow, Bar, Imagined, Lane, Period, Span, choose, draw, labels
from techtransfer.drawing.period import LEAST_PER_DAY, WIDTH

TODAY = date(2026, 11, 24)
YEAR = Period(date(2026, 11, 1), date(2027, 10, 30), "")  # 364 days
DAY = WIDTH / YEAR.days


def bar(number: int, start: date | None, days: int, **values: object) -> Bar:
    span = Span(start, start + timedelta(max(days - 1, 0))) if start else None
    told = {
        "title": f"Step {number}", "href": f"/steps/{number}/", "note": "planned", "shape": ("", "open"),
        "baseline": None, "is_moment": not days, "is_done": False, "is_critical": False, "slip": 0,
    }  # fmt: skip
    return Bar(id=number, span=span, **(told | values))


def lane(*bars: Bar, folded: bool = False, title: str = "Drug substance") -> Lane:
    return Lane(title, title, "Lyra Basel", bars, folded, "?shut=#plan")


def drawing(lanes: Sequence[Lane], arrows: Sequence[Arrow] = (), period: Period = YEAR) -> Element:
    return fromstring(draw(lanes, arrows, period, today=TODAY))


def of(svg: Element, name: str) -> list[Element]:
    return [each for each in svg.iter() if name in each.get("class", "").split()]


def said(svg: Element) -> list[str]:
    return [each.text or "" for each in svg.iter("text")]


def test_a_bar_begins_with_its_first_day_and_ends_after_its_last() -> None:
    svg = drawing([lane(bar(1, date(2026, 12, 1), 14, is_critical=True))])
    (drawn,) = of(svg, "bar--crit")
    assert float(drawn.get("x", "")) == round(30 * DAY, 1)
    assert abs(float(drawn.get("width", "")) - 14 * DAY) < 0.15
    assert drawn.findtext("title") == "Step 1: forecast 1 Dec to 14 Dec 2026"
    assert "1 Dec – 14 Dec" in said(svg)


def test_the_baseline_lies_beneath_and_the_slip_behind() -> None:
    base = Span(date(2026, 11, 3), date(2026, 11, 16))
    svg = drawing([lane(bar(1, date(2026, 12, 1), 14, baseline=base, slip=28))])
    (thin,) = of(svg, "base-fill")
    assert (float(thin.get("x", "")), thin.findtext("title")) == (round(2 * DAY, 1), "Baseline 3 Nov to 16 Nov 2026")
    assert float(thin.get("y", "")) > float(of(svg, "bar")[0].get("y", ""))
    assert [each.text for each in of(svg, "slip-text--danger")] == ["+28 d"]
    early = drawing([lane(bar(1, date(2026, 12, 1), 14, baseline=base, slip=-3))])
    assert [each.text for each in of(early, "slip-text--ok")] == ["−3 d"]


def test_today_is_a_line_where_it_lies_in_the_period() -> None:
    (line,) = of(drawing([lane(bar(1, TODAY, 5))]), "today")
    assert float(line.get("x1", "")) == round(23 * DAY, 1)
    later = Period(date(2027, 1, 1), date(2027, 3, 31), "3m")
    assert of(drawing([lane(bar(1, date(2027, 2, 1), 5))], period=later), "today") == []


def test_what_is_done_what_is_critical_and_what_is_a_moment_look_different() -> None:
    svg = drawing(
        [
            lane(
                bar(1, date(2026, 11, 2), 9, is_done=True),
                bar(2, date(2026, 12, 2), 9),
                bar(3, date(2027, 1, 2), 0, is_critical=True),
            )
        ]
    )
    assert [len(of(svg, name)) for name in ("bar--done", "bar--crit", "bar", "ms--crit", "ms")] == [1, 0, 2, 1, 1]
    assert "2 Jan" in said(svg)


def test_an_arrow_leaves_the_end_and_drops_into_the_start() -> None:
    bars = bar(1, date(2026, 12, 1), 10, is_critical=True), bar(2, date(2027, 1, 4), 10, is_critical=True)
    (path,) = of(drawing([lane(*bars)], [Arrow(1, 2, "FS")]), "link--crit")
    begin, end = round(YEAR.after(date(2026, 12, 10)) - 6, 1), round(YEAR.at(date(2027, 1, 4)) + 7, 1)
    assert path.get("d", "").startswith(f"M{begin} ")
    assert f"H{end} V" in path.get("d", "")
    (path,) = of(drawing([lane(*bars)], [Arrow(1, 2, "SS")]), "link--crit")
    assert path.get("d", "").startswith(f"M{round(YEAR.at(date(2026, 12, 1)) + 6, 1)} ")
    (path,) = of(drawing([lane(*bars)], [Arrow(2, 1, "FF")]), "link--crit")  # upwards
    assert float(path.get("d", "").rsplit("V", 1)[1]) < float(path.get("d", "").split()[1])


def test_an_arrow_from_or_to_what_is_not_drawn_is_left_out() -> None:
    bars = bar(1, date(2026, 12, 1), 10), bar(2, None, 10)
    svg = drawing([lane(*bars)], [Arrow(1, 2, "FS"), Arrow(9, 1, "FS"), Arrow(1, 1, "FS")])
    assert of(svg, "link") == []


def test_a_folded_lane_keeps_its_bars_in_one_row_and_its_arrows() -> None:
    bars = bar(1, date(2026, 12, 1), 10), bar(2, date(2027, 1, 4), 10)
    after = lane(bar(3, date(2027, 2, 1), 5), title="Drug product")
    open_ones, folded = drawing([lane(*bars), after]), drawing([lane(*bars, folded=True), after])
    assert float(open_ones.get("height", "")) - float(folded.get("height", "")) == 2 * 48
    assert len(of(folded, "bar")) == 3
    assert len(of(drawing([lane(*bars, folded=True), after], [Arrow(1, 3, "FS"), Arrow(1, 2, "FS")]), "link")) == 1
    assert labels([lane(*bars, folded=True)]).count("<li") == 1


def test_a_what_if_stands_beneath_or_says_what_becomes_of_the_step() -> None:
    moved = bar(1, date(2026, 12, 1), 10, imagined=Imagined(Span(date(2027, 1, 4), date(2027, 1, 13))))
    lost = bar(2, date(2026, 12, 1), 10, imagined=Imagined(None, "rejected"))
    start = bar(3, date(2027, 2, 1), 0, imagined=Imagined(Span(date(2027, 3, 1), date(2027, 3, 1)), "if it fails:"))
    svg = drawing([lane(moved, lost, start)])
    assert [len(of(svg, name)) for name in ("wi", "wi-x", "wi-ms")] == [1, 1, 1]
    assert {"4 Jan – 13 Jan", "rejected", "if it fails: 1 Mar"} <= set(said(svg))


def test_many_rows_stand_closer_but_not_beside_a_what_if() -> None:
    many = [bar(number, TODAY, 5) for number in range(31)]
    assert float(drawing([lane(*many)]).get("height", "")) == 40 + 28 + 31 * 36 + 6
    assert 'class="gantt-labels gantt-labels--dense"' in labels([lane(*many)])
    asked = replace(many[0], imagined=Imagined(None, "rejected"))
    assert float(drawing([lane(asked, *many[1:])]).get("height", "")) == 40 + 28 + 31 * 48 + 6


def test_names_are_escaped_everywhere() -> None:
    evil = '<script>alert("1")</script>&'
    found = lane(bar(1, TODAY, 5, title=evil, note=evil, href='/x"y/', imagined=Imagined(None, evil)), title=evil)
    html = f"<p>{labels([found])}{draw([found], [], YEAR, today=TODAY)}</p>"
    assert "<script" not in html
    svg = drawing([found])
    assert (of(svg, "bar")[0].findtext("title") or "").startswith(evil)


def test_the_period_fits_what_is_to_be_done() -> None:
    work = Span(date(2026, 10, 20), date(2027, 5, 8))
    found = choose("", None, work=work, everything=work, today=TODAY)
    assert (found.first, found.last, found.zoom, found.width) == (date(2026, 11, 1), date(2027, 5, 28), "", WIDTH)
    long = choose("", None, work=Span(work.start, date(2029, 5, 8)), everything=None, today=TODAY)
    assert (long.last - long.first).days == 365


def test_a_period_is_chosen_by_its_length_and_its_first_day() -> None:
    found = choose("6m", date(2027, 1, 1), work=None, everything=None, today=TODAY)
    assert (found.first, found.last) == (date(2027, 1, 1), date(2027, 6, 30))
    assert choose("3m", None, work=None, everything=None, today=TODAY).first == date(2026, 11, 1)
    everything = Span(date(2024, 1, 1), date(2029, 12, 31))
    whole = choose("all", None, work=None, everything=everything, today=TODAY)
    assert whole.first < everything.start
    assert whole.last > everything.end
    assert whole.width == round(whole.days * LEAST_PER_DAY)
    assert [month.month for month in whole.months()][:3] == [1, 2, 3]
    decades = choose("all", None, work=None, everything=Span(date(1996, 5, 1), date(2029, 12, 31)), today=TODAY)
    assert [month.month for month in decades.months()][:3] == [7, 10, 1]
    assert choose("century", None, work=None, everything=None, today=TODAY).zoom == ""


days = st.dates(date(1, 1, 2), date.max)


@given(
    st.lists(st.tuples(days, st.integers(0, 4000), st.booleans(), st.integers(-400, 400)), min_size=1, max_size=8),
    st.sampled_from(["", "3m", "6m", "12m", "all"]),
    st.none() | days,
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.booleans(),
)
def test_any_dates_make_a_drawing_that_stays_inside_itself(
    told: list[tuple[date, int, bool, int]], zoom: str, since: date | None, today: date, folded: bool
) -> None:
    bars = [
        bar(number, start, min(length, (date.max - start).days), is_done=done, slip=late)
        for number, (start, length, done, late) in enumerate(told)
    ]
    spans = [each.span for each in bars if each.span]
    whole = Span(min(span.start for span in spans), max(span.end for span in spans))
    period = choose(zoom, since, work=whole, everything=whole, today=today)
    arrows = [Arrow(one, one + 1, "FS") for one in range(len(bars))]
    svg = fromstring(draw([lane(*bars, folded=folded)], arrows, period, today=today))
    width = float(svg.get("width", ""))
    assert width == period.width >= WIDTH
    for name in ("bar", "base-fill"):
        for each in of(svg, name):
            assert float(each.get("x", "")) >= 0
            assert float(each.get("x", "")) + float(each.get("width", "")) <= width + 2
