"""Any two baselines beside each other, or one and what is forecast today: in days, as a page, a file and JSON."""

import pytest

from techtransfer.models import Baseline
from tests.api.calling import Caller
from tests.cascade.supply import Supply, after
from tests.cast import World
from tests.factories.baseline import propose
from tests.factories.milestone import put, step
from tests.techtransfer.reading import page_of, visitor, words

pytestmark = pytest.mark.django_db


def day(days: int) -> str:
    return f"{after(days):%d %b %Y}".lstrip("0")


@pytest.fixture
def two(world: World) -> tuple[Supply, Baseline, Baseline]:
    """Frozen as planned, and once more when the fill takes ten days longer."""
    supply = Supply(world)
    first = propose(world.omar, supply.programme, title="Baseline 1")
    put(world, first, status="APPROVED")
    put(world, supply.fill, duration_days=14)
    supply.cascade()
    second = propose(world.omar, supply.programme, title="Baseline 2")
    put(world, supply.make, partner_end=after(16))
    supply.cascade()
    return supply, first, second


def test_two_are_compared_step_by_step(world: World, two: tuple[Supply, Baseline, Baseline]) -> None:
    supply, first, second = two
    here = f"programmes/{supply.programme.pk}/baselines/compare/"
    page = words(page_of(world.vera, f"{here}?a={first.pk}&b={second.pk}"))
    assert f"{supply.study.code} moves to {day(39)}, 10 days later." in page
    assert "2 of 2 that differ are shown, 3 are alike." in page
    page = words(page_of(world.vera, here))
    assert f"{supply.study.code} moves to {day(41)}, 12 days later." in page, "the one in force, and today"
    assert "5 of 5 that differ are shown, 0 are alike." in page
    assert "Choose two that are not the same." in words(page_of(world.vera, f"{here}?a={first.pk}&b={first.pk}"))


def test_as_a_file_it_has_every_row_and_no_formula(world: World, two: tuple[Supply, Baseline, Baseline]) -> None:
    supply, first, second = two
    put(world, supply.fill, title="=HYPERLINK(1)")
    here = f"/acme/programmes/{supply.programme.pk}/baselines/compare/"
    answer = visitor(world.vera).get(f"{here}?a={second.pk}&b={first.pk}&format=csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    lines = answer.content.decode("utf-8-sig").splitlines()
    study, fill, dosed = supply.study, supply.fill.number, supply.dosed.number
    span, before = f"{after(39)},{after(39)}", f"{after(29)},{after(29)}"
    assert lines[-3:] == [
        f"Study,{study.number},{study.code},{span},{before},-10",
        f"Step,{fill},'=HYPERLINK(1),{after(25)},{after(38)},{after(25)},{after(28)},-10",
        f"Step,{dosed},First patient in,{span},{before},-10",
    ]


def test_a_step_that_one_of_them_does_not_know_is_named(world: World, two: tuple[Supply, Baseline, Baseline]) -> None:
    supply, first, _ = two
    step(world.omar, None, supply.programme, "Label the vials", duration_days=3)
    supply.cascade()
    page = words(page_of(world.vera, f"programmes/{supply.programme.pk}/baselines/compare/?a={first.pk}&b=today"))
    assert "not in the first" in page and "Label the vials" in page


def test_what_is_not_there_or_not_in_sight(world: World, two: tuple[Supply, Baseline, Baseline]) -> None:
    supply, first, _ = two
    here = f"programmes/{supply.programme.pk}/baselines/compare/"
    other = propose(world.omar)
    for query in ("?a=999999999", f"?a={other.pk}", "?a=x&b=today", "?b=%00"):
        assert visitor(world.vera).get(f"/acme/{here}{query}").status_code == 404, query
    assert visitor(world.paul).get(f"/portal/acme/{here}").status_code == 404
    assert visitor(world.riva).get(f"/acme/{here}").status_code == 404
    page = words(page_of(world.connie, f"{here}?a={first.pk}"))
    assert "Make the substance" in page and "Fill the vials" not in page
    assert "3 more are at CDMOs that are not open to you." in page
    empty = Supply(world)
    assert "No baseline yet" in words(page_of(world.vera, f"programmes/{empty.programme.pk}/baselines/compare/"))


def test_a_program_reads_the_same(world: World, two: tuple[Supply, Baseline, Baseline]) -> None:
    supply, first, second = two
    api = Caller(world.vera)
    path = f"programmes/{supply.programme.pk}/baselines/compare/"
    told = api.get(f"{path}?a={first.pk}&b={second.pk}").json()
    assert (told["a"], told["b"], told["alike"], told["unseen"]) == (str(first.pk), str(second.pk), 3, 0)
    assert [(each["title"], each["days"]) for each in told["steps"]] == [
        ("Fill the vials", 10),
        ("First patient in", 10),
    ]
    assert told["studies"][0]["second_end"] == after(39).isoformat()
    assert api.get(f"{path}?a=999999999").status_code == 404
    assert api.get(f"{path}?c=1").status_code == 400


def test_before_it_is_approved_it_says_what_it_does(world: World, two: tuple[Supply, Baseline, Baseline]) -> None:
    supply, _, second = two
    put(world, supply.study, baseline_first_patient_in=after(29))
    sentence = f"The agreed day of {supply.study.code} becomes {day(39)}, 10 days later than now."
    assert sentence in words(page_of(world.nina, f"baselines/{second.pk}/"))
    assert sentence in words(page_of(world.nina, f"baselines/{second.pk}/moves/approve/"))
