"""Every kind of the catalogue, every page, every persona, through both walls and through the second alone."""

from datetime import date

import pytest
from django.test import Client

from oversight.kernel.access.models import Membership, User
from oversight.kernel.access.scope import scope
from oversight.kernel.access.tenancy import ScopedQuerySet
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.trail.change import change
from tests.cast import World, sign_in, system
from tests.factories import specimen_of

from .specimens import AMENDED, EACH_KIND, NAMES, PARTS, Specimen, held_by_cdmo, in_portal, reads

NEVER = 999_999_999
PERSONAS = {
    # who: at which address, and which of the three records that person sees
    "nina": ("/acme/", {"own", "sibling"}),
    "omar": ("/acme/", {"own", "sibling"}),
    "vera": ("/acme/", {"own", "sibling"}),
    "adam": ("/acme/", {"own", "sibling"}),
    "connie": ("/acme/", {"own"}),
    "paul": ("/portal/acme/", {"own"}),
    "olga": ("/portal/acme/", {"sibling"}),
    "riva": ("/rival/", {"foreign"}),
    "petra": ("/portal/rival/", {"foreign"}),
}
# Of a kind that is the sponsor's own: whoever is narrowed sees all of it, and no partner anything.
OTHERWISE = {"connie": {"own", "sibling"}, "paul": set(), "olga": set(), "petra": set()}


def sight(name: str, kind: RecordKind) -> tuple[str, set[str]]:
    """At which address the persona knocks, and which of the kind's records it sees there."""
    base, seen = PERSONAS[name]
    if "portal" in base and not in_portal(kind):
        return base, set()
    return base, seen if held_by_cdmo(kind) else OTHERWISE.get(name, seen)


@pytest.fixture(params=["both walls", "the database alone"])
def wall(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "the database alone":
        monkeypatch.setattr(ScopedQuerySet, "visible_to", lambda rows, actor: rows.all())
    return request.param


@pytest.mark.requirement("A11-12-1")
@pytest.mark.parametrize(("kind", "specimen"), EACH_KIND, ids=NAMES)
@pytest.mark.parametrize("name", PERSONAS)
def test_each_persona_sees_exactly_its_own(
    world: World, client: Client, wall: str, name: str, kind: RecordKind, specimen: Specimen
) -> None:
    base, seen = sight(name, kind)
    sign_in(client, getattr(world, name))
    records = {which: getattr(specimen, which)(world) for which in ("own", "sibling", "foreign")}
    listed = client.get(base + reads(kind)[0]).content.decode()
    for which, record in records.items():
        link = f'href="{base}{kind.slug}/{record.pk}/"'
        assert (link in listed) is (which in seen), (name, which)
        for page in reads(kind, record.pk):
            answer = client.get(base + page)
            assert answer.status_code == (200 if which in seen else 404), (name, page)
            if which not in seen:
                never = client.get(base + page.replace(str(record.pk), str(NEVER)))
                assert (answer.status_code, answer.content) == (never.status_code, never.content)


@pytest.mark.parametrize(("kind", "specimen"), EACH_KIND, ids=NAMES)
@pytest.mark.parametrize("name", PERSONAS)
def test_no_page_bears_a_word_of_what_is_out_of_sight(
    world: World, client: Client, wall: str, name: str, kind: RecordKind, specimen: Specimen
) -> None:
    base, at_cdmos = PERSONAS[name]
    canaries = {
        "own": ["Lyra Basel", "Lyra Biologics: notes canary", "Lyra&#x27;s make"],
        "sibling": ["Orion Fill", "Orion Graz", "Orion Fill: notes canary", "Orion&#x27;s make"],
        "foreign": ["Rival&#x27;s Basel", "Rival: notes canary"],
    }
    # Which company a word is of stays the same, whatever the kind.
    hidden = [word for which, words in canaries.items() if which not in at_cdmos for word in words]
    sign_in(client, getattr(world, name))
    records = [getattr(specimen, which)(world) for which in ("own", "sibling", "foreign")]
    pages = [*reads(kind), f"{kind.slug}/?q=a&sort=-name", f"{kind.slug}/new/", ""]
    pages += [page for record in records for page in reads(kind, record.pk)]
    for page in pages:
        body = client.get(base + page, follow=True).content.decode()
        assert [word for word in hidden if word in body] == [], (name, page)


@pytest.mark.parametrize(("kind", "specimen"), PARTS)
def test_nothing_becomes_part_of_a_foreign_record(
    world: World, client: Client, wall: str, kind: RecordKind, specimen: Specimen
) -> None:
    sign_in(client, world.omar)
    whole = specimen_of(kind.parent.kind).foreign(world)
    crossing = specimen.typed(world) | {kind.parent.field: str(whole.pk)}
    assert client.post(f"/acme/{kind.slug}/new/", crossing).status_code == 422


@pytest.mark.parametrize(("kind", "specimen"), AMENDED)
def test_a_foreign_record_cannot_be_amended(
    world: World, client: Client, wall: str, kind: RecordKind, specimen: Specimen
) -> None:
    sign_in(client, world.nina)
    foreign = specimen.foreign(world)
    before = dict(vars(foreign))
    typed = specimen.typed(world) | {"version": "1", "reason": "Taking over"}
    assert client.post(f"/acme/{kind.slug}/{foreign.pk}/amend/", typed).status_code == 404
    with scope(world.riva):
        foreign.refresh_from_db()
        assert {key: value for key, value in vars(foreign).items() if key in before and key != "_state"} == {
            key: value for key, value in before.items() if key != "_state"
        }
        assert kind.model.history.filter(id=foreign.pk).count() == 1


@pytest.mark.requirement("P11-10d")
@pytest.mark.parametrize(("kind", "specimen"), EACH_KIND, ids=NAMES)
@pytest.mark.parametrize("door", ["/acme/", "/portal/acme/", "/nobody/"])
def test_anonymous_is_asked_to_sign_in_wherever_it_knocks(
    world: World, client: Client, kind: RecordKind, specimen: Specimen, door: str
) -> None:
    if "portal" in door and not in_portal(kind):
        door = "/acme/"  # what partners do not see has no address there
    for page in [*reads(kind), *reads(kind, specimen.own(world).pk)]:
        answer = client.get(door + page)
        assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={door}{page}")


@pytest.mark.parametrize(("kind", "specimen"), EACH_KIND, ids=NAMES)
def test_a_live_session_ends_with_the_membership_and_with_the_person(
    world: World, client: Client, kind: RecordKind, specimen: Specimen
) -> None:
    page = f"/acme/{kind.slug}/"
    sign_in(client, world.vera)
    assert client.get(page).status_code == 200
    with change(by=system(world.acme), reason="Contract ended"):
        Membership.objects.filter(pk=world.vera.membership).update(valid_until=date(2026, 1, 31))
    assert client.get(page).status_code == 404
    other = Client()
    sign_in(other, world.omar)
    with change(by=system(world.acme), reason="Left"):
        User.objects.filter(pk=world.omar.user).update(is_active=False)
    assert other.get(page).status_code == 302
