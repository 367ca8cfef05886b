"""Every kind of the catalogue, every page, every persona, through both walls and through the second alone."""

from collections.abc import Iterator
from datetime import date
from typing import Any

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

CANARIES = {  # words that tell whose record it is
    "own": ("Lyra Basel", "Lyra Biologics: notes canary", "Lyra&#x27;s make"),
    "sibling": ("Orion Fill", "Orion Graz", "Orion Fill: notes canary", "Orion&#x27;s make"),
    "foreign": ("Rival&#x27;s Basel", "Rival: notes canary"),
}


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


def wrongs(world: World, kind: RecordKind, records: dict[str, Any], name: str) -> Iterator[str]:
    """What the persona is told or refused otherwise than it should be, page by page."""
    base, seen = sight(name, kind)
    # Which company a word is of stays the same, whatever the kind.
    hidden = [word for whose, words in CANARIES.items() if whose not in PERSONAS[name][1] for word in words]
    client = Client()
    sign_in(client, getattr(world, name))

    def look(page: str, **asked: Any) -> tuple[int, str]:
        answer = client.get(base + page, **asked)
        told.update({f"{name}: {page} tells of {word}": None for word in hidden if word in answer.content.decode()})
        return answer.status_code, answer.content.decode()

    told: dict[str, None] = {}
    _, listed = look(f"{kind.slug}/")
    for page in (f"{kind.slug}/?q=a&sort=-name", f"{kind.slug}/new/", ""):
        look(page, follow=True)
    for whose, record in records.items():
        if (f'href="{base}{kind.slug}/{record.pk}/"' in listed) is not (whose in seen):
            yield f"{name}: the list {'lacks' if whose in seen else 'shows'} what is {whose}"
        for page in reads(kind, record.pk):
            status, body = look(page)
            if status != (200 if whose in seen else 404):
                yield f"{name}: {page} ({whose}) → {status}"
            if whose not in seen and (status, body) != look(page.replace(str(record.pk), str(NEVER))):
                yield f"{name}: {page} ({whose}) is not answered as if it had never been"
    yield from told


@pytest.mark.requirement("A11-12-1")
@pytest.mark.parametrize(("kind", "specimen"), EACH_KIND, ids=NAMES)
def test_each_persona_sees_exactly_its_own(world: World, wall: str, kind: RecordKind, specimen: Specimen) -> None:
    records = {whose: getattr(specimen, whose)(world) for whose in CANARIES}
    found = [wrong for name in PERSONAS for wrong in wrongs(world, kind, records, name)]
    assert found == [], "\n".join(found)


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
