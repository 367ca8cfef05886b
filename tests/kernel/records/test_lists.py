"""Nina looks for a partner in her list."""

import base64

import pytest

from oversight.kernel.access.sponsors import found_sponsor
from oversight.kernel.trail.change import change
from oversight.roles import Role
from tests.cast import join, person, sign_in, system
from tests.kernel.records.filing import put_many_on_file, put_on_file
from tests.web.reading import link, titles, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def nina(world, client):
    sign_in(client, world.nina)
    return client


def test_pages_are_cut_by_key_and_stay_put_when_a_record_comes_in_between(world, nina):
    names = [f"Partner {number:02}" for number in range(60)]
    put_many_on_file(world.nina, names)
    first = nina.get("/acme/cdmos/?q=Partner")
    assert titles(first) == names[:25]
    assert "60 CDMOs" in words(first)
    assert link(first, "Previous") is None
    put_on_file(world.nina, name="Partner 00b")
    second = nina.get("/acme/cdmos/" + link(first, "Next"))
    assert titles(second) == names[25:50]
    third = nina.get("/acme/cdmos/" + link(second, "Next"))
    assert titles(third) == names[50:]
    assert link(third, "Next") is None
    back = nina.get("/acme/cdmos/" + link(third, "Previous"))
    assert titles(back) == names[25:50]
    start = nina.get("/acme/cdmos/" + link(back, "Previous"))
    assert titles(start) == ["Partner 00b", *names[1:25]]


def test_equal_keys_are_told_apart_by_id(world, nina):
    put_many_on_file(world.nina, [f"Equal {number:02}" for number in range(30)])
    first = nina.get("/acme/cdmos/?q=Equal&sort=-model")
    second = nina.get("/acme/cdmos/" + link(first, "Next"))
    assert titles(first) + titles(second) == [f"Equal {number:02}" for number in reversed(range(30))]


def test_sorting_ignores_capitals_and_turns_round(world, nina):
    for name in ("zeta X9", "Alpha X9", "beta X9"):
        put_on_file(world.nina, name=name)
    page = nina.get("/acme/cdmos/?q=x9")
    assert titles(page) == ["Alpha X9", "beta X9", "zeta X9"]
    assert link(page, "Name") == "?q=x9&sort=-name"
    assert titles(nina.get("/acme/cdmos/?q=x9&sort=-name")) == ["zeta X9", "beta X9", "Alpha X9"]


def test_the_search_box_says_where_it_looks(world, nina):
    assert 'placeholder="Name, city, address, FEI number"' in nina.get("/acme/sites/").content.decode()


def test_filters_narrow_together(world, nina):
    put_on_file(world.nina, name="Filler CH", country="CH", storage=True)
    put_on_file(world.nina, name="Filler FR", country="FR", storage=True)
    put_on_file(world.nina, name="Filler CH 2", country="CH")
    assert titles(nina.get("/acme/cdmos/?q=Filler&country=CH")) == ["Filler CH", "Filler CH 2"]
    assert titles(nina.get("/acme/cdmos/?q=Filler&country=CH&types=storage")) == ["Filler CH"]
    assert titles(nina.get("/acme/cdmos/?q=Filler&country=FR&types=analytical")) == []


@pytest.mark.requirement("ASVS-5.1.3")
def test_a_filter_by_something_not_on_offer_is_not_set(world, nina):
    everything = titles(nina.get("/acme/cdmos/"))
    assert titles(nina.get("/acme/cdmos/?types=notes&country=ZZ&outsourcing_model=%00")) == everything


def cursor_of(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        *("%00", "abc", "W10", "WyJhIiwgImIiXQ", "WzEsIDJd", "A" * 5000, "%ED%A0%80"),
        cursor_of(r'["\ud800", 1]'),
        cursor_of(r'["\u0000", 1]'),
        cursor_of("[" * 2_500),
        cursor_of('["zzz", 1' + "0" * 30 + "]"),
        cursor_of('["zzz", ' + "9" * 2_000 + "]"),
        cursor_of('["zzz", -1]'),
        cursor_of('["zzz", true]'),
        cursor_of("[true, 1]"),
        cursor_of('["' + "z" * 5_000 + '", 1]'),
    ],
)
@pytest.mark.parametrize("end", ["after", "before"])
def test_a_damaged_cursor_starts_at_the_beginning(world, nina, end, cursor):
    page = nina.get(f"/acme/cdmos/?{end}={cursor}")
    assert (page.status_code, titles(page)) == (200, ["Lyra Biologics", "Orion Fill"])


def test_the_longest_name_makes_a_cursor_that_is_accepted(world, nina):
    names = ["Z" + "\N{GRINNING FACE}" * 119, *(f"Z{number:02}" for number in range(25))]
    put_many_on_file(world.nina, names)
    first = nina.get("/acme/cdmos/?q=z&sort=-name")
    assert titles(first)[0] == names[0]
    back = nina.get("/acme/cdmos/" + link(nina.get("/acme/cdmos/" + link(first, "Next")), "Previous"))
    assert titles(back) == titles(first)


@pytest.mark.parametrize("value", ["%00", "%ED%A0%80", "%F0", "9" * 5_000, "-1", "%5B%5D", "%F0%9F%98%80"])
@pytest.mark.parametrize("name", ["q", "sort", "types", "country", "outsourcing_model", "cdmo", "working_week"])
@pytest.mark.parametrize("page", ["cdmos/", "sites/", "sites/new/", "cdmos/new/"])
def test_no_query_breaks_a_page(world, nina, page, name, value):
    assert nina.get(f"/acme/{page}?{name}={value}").status_code == 200


def test_sites_are_filtered_by_a_cdmo_that_the_reader_sees(world, nina):
    page = nina.get(f"/acme/sites/?cdmo={world.lyra.pk}")
    assert titles(page) == [str(world.lyra_site)]
    offered = nina.get("/acme/sites/").content.decode()
    assert f'<option value="{world.foreign.pk}"' not in offered
    assert titles(nina.get(f"/acme/sites/?cdmo={world.foreign.pk}")) == titles(nina.get("/acme/sites/"))


def test_none_yet_and_none_match_are_different_sentences(world, client):
    young = found_sponsor(slug="young", name="Young Bio")
    with change(by=system(young), reason="Founded"):
        yara = join(young, person("Yara Young"), Role.CMC_LEAD, young.name)
    sign_in(client, yara)
    none_yet = client.get("/young/cdmos/")
    assert "No CDMOs yet" in words(none_yet)
    assert link(none_yet, "Add the first CDMO") == "/young/cdmos/new/"
    none_match = client.get("/young/cdmos/?q=Lyra")
    assert "No CDMO matches" in words(none_match)
    assert link(none_match, "Show all CDMOs") == "/young/cdmos/"


def test_wildcards_are_letters(world, nina):
    put_on_file(world.nina, name="100% Pure_Fill")
    assert titles(nina.get("/acme/cdmos/?q=%25")) == ["100% Pure_Fill"]
    assert titles(nina.get("/acme/cdmos/?q=Pure_F")) == ["100% Pure_Fill"]
    assert titles(nina.get("/acme/cdmos/?q=Pure%00_F")) == ["100% Pure_Fill"]


def test_the_button_to_add_is_absent_for_a_viewer(world, client):
    sign_in(client, world.vera)
    page = client.get("/acme/cdmos/")
    assert link(page, "Add CDMO") is None
    assert client.get("/acme/cdmos/new/").status_code == 403
