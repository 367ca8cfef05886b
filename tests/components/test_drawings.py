"""Drawings: exact shares and places, a word for whoever does not see them, no style in any of them."""

import re

import pytest

from oversight.kernel.components.drawings import heat, meter, ring, spark
from oversight.kernel.components.fishbone import Bone, Cause, fishbone


@pytest.mark.parametrize(
    ("left", "dashes"), [(1, "100.0 0.0"), (0.32, "32.0 68.0"), (0, "0.0 100.0"), (-3, "0.0 100.0"), (7, "100.0 0.0")]
)
def test_the_ring_holds_the_share_that_is_left(left, dashes):
    assert f'stroke-dasharray="{dashes}"' in ring(left)


def test_a_clock_that_ran_out_is_a_disc():
    assert ring(0.4, over=True) == (
        '<svg viewBox="0 0 24 24" aria-hidden="true"><circle class="clock__over" cx="12" cy="12" r="10.5"/></svg>'
    )


def places(drawn: str) -> list[tuple[float, float]]:
    line = re.search(r'<path d="M([^"]*)"', drawn)
    return [tuple(map(float, point.split())) for point in line[1].split(" L")]


def test_a_flat_trend_is_a_flat_line_in_the_middle():
    assert places(spark([50, 50, 50], "Flat")) == [(2.0, 14.0), (47.0, 14.0), (92.0, 14.0)]


def test_a_small_rise_looks_small_and_a_large_one_stays_inside():
    assert places(spark([44, 68], "Rise")) == [(2.0, 21.3), (92.0, 6.7)]
    assert places(spark([0, 100], "All of it")) == [(2.0, 25.0), (92.0, 3.0)]


def test_no_values_draw_nothing_and_one_draws_a_point():
    assert spark([], "None") == ""
    assert places(spark([5], "One")) == [(2.0, 14.0)]


def test_a_level_of_risk_is_heard_as_it_is_seen():
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", heat(74, 4, "Quality", change=17)))
    assert words == "Quality: 74 of 100, high, up 17 in 90 days"
    assert heat(74, 4, "Quality").count('class="on"') == 4
    assert "unchanged" in heat(12, 1, "Quality")
    assert heat(52, 3, "Quality", href="/x/").startswith('<a class="heat" href="/x/" data-level="3">')


def test_a_meter_says_its_numbers():
    assert meter(7, 11, "Criteria met", "ok") == (
        '<progress class="meter" value="7" max="11" aria-label="Criteria met" data-tone="ok">7 of 11</progress>'
    )


def test_a_fishbone_marks_the_root_and_strikes_what_is_ruled_out():
    bones = [Bone("Method", (Cause("No step", "root"), Cause("<b>Old</b>", "out"), Cause("Open one")))]
    drawn = fishbone(bones * 7, "Column pressure above 3.0 bar")
    assert drawn.count('class="bone"') == 6
    assert drawn.count('class="root"') == 6
    assert drawn.count('class="ruled"') == 6
    assert "&lt;b&gt;Old&lt;/b&gt;" in drawn
    assert "Cause and effect diagram of Column pressure above 3.0 bar. The list holds the same causes." in drawn
    assert "style=" not in drawn
