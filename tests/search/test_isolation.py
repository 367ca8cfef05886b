"""Nobody finds a word of what is out of sight: by the page, by the palette, by the function alone."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, ProgrammingError, transaction
from django.test import Client

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.access.tenancy import ScopedQuerySet
from oversight.kernel.comments.saying import say
from oversight.kernel.files.attaching import attach
from oversight.kernel.search.finding import find
from oversight.kernel.search.sources import kinds_found
from techtransfer.records import EARLY_WARNING
from tests.cast import World, raw, sign_in
from tests.contract.specimens import EACH_KIND
from tests.contract.test_isolation import PERSONAS
from tests.factories import specimen_of
from tests.factories.deviation import report
from tests.factories.scenario import keep
from tests.kernel.records.filing import change_it

pytestmark = pytest.mark.django_db

# A word that only this pair's records hold, in the text of a deviation, in what is said of it and in a file's name.
CANARIES = {"own": "zanzibar", "sibling": "quokka", "foreign": "xylophone"}
SEEN_BY_PARTNERS = ("report", "saidaloud", "sharedfile")
INTERNAL = ("whispered", "ownfile")


@pytest.fixture(params=["both walls", "the database alone"])
def wall(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "the database alone":
        monkeypatch.setattr(ScopedQuerySet, "visible_to", lambda rows, actor: rows.all())
    return request.param


@pytest.fixture
def filled(world: World) -> World:
    """At each pair a deviation with its canary, a shared and an internal comment, a shared and an internal file."""
    for whose, by, site, cdmo in (
        ("own", world.nina, world.lyra_site, world.lyra),
        ("sibling", world.nina, world.orion_site, world.orion),
        ("foreign", world.riva, world.foreign_site, world.foreign),
    ):
        word = CANARIES[whose]
        record = report(by, site, cdmo, title=f"Event {word}report", partner_number=f"{word.upper()}-4711")
        with scope(by):
            say(record, text=f"Said {word}saidaloud", by=by, shared=True)
            say(record, text=f"Said {word}whispered", by=by, shared=False)
            for name, shared in (("sharedfile", True), ("ownfile", False)):
                upload = SimpleUploadedFile(f"{word}{name}.txt", f"{word} {name}".encode())
                attach(record, upload=upload, by=by, shared=shared)
    return world


def shown(client: Client, base: str, typed: str, **headers: str) -> str:
    """The words of the answer, without what was typed."""
    answer = client.get(f"{base}search/", {"q": typed, "stay": "1"}, headers=headers)
    assert answer.status_code == 200, typed
    text = html.unescape(re.sub(r"<[^>]*>", "", answer.content.decode())).lower()
    return text.replace(f"“{typed}”", "")


@pytest.mark.parametrize("name", PERSONAS)
def test_each_finds_its_own_and_no_canary_of_another(filled: World, client: Client, wall: str, name: str) -> None:
    base, seen = PERSONAS[name]
    actor: Actor = getattr(filled, name)
    sign_in(client, actor)
    for whose, word in CANARIES.items():
        for place in (*SEEN_BY_PARTNERS, *INTERNAL):
            readable = whose in seen and (place in SEEN_BY_PARTNERS or not actor.is_partner)
            for headers in ({}, {"HX-Request": "true"}):
                for typed in (word + place, word[:4] + " " + word + place[:3]):
                    text = shown(client, base, typed, **headers)
                    assert (f"event {word}report" in text) is readable, (typed, headers)
                    assert ("no" in text.split()) or readable or "nothing" in text, typed


@pytest.mark.parametrize("name", PERSONAS)
def test_what_everybody_has_shows_each_only_its_own(filled: World, client: Client, wall: str, name: str) -> None:
    base, seen = PERSONAS[name]
    sign_in(client, getattr(filled, name))
    hidden = [word for whose, word in CANARIES.items() if whose not in seen]
    for typed in ("event", "said", "lyra", "4711", "rival", "orion", "notes canary", "dev-26-0001", "e", "txt"):
        for headers in ({}, {"HX-Request": "true"}):
            text = shown(client, base, typed, **headers)
            assert [word for word in hidden if word in text] == [], typed


def test_a_partner_finds_nothing_by_what_it_is_not_shown(filled: World, client: Client, wall: str) -> None:
    """Notes about the partner, the number that we gave it, who of ours does a task."""
    with scope(filled.nina):
        raw(
            "SELECT set_config('app.actor', %s, true), set_config('app.reason', 'Taken on', true)",
            str(filled.nina.user),
        )
        raw("UPDATE quality_responsetask SET owner_name = 'Nina Berg'")
        raw("SELECT set_config('app.actor', '', true), set_config('app.reason', '', true)")
    sign_in(client, filled.nina)
    for typed in ("canary", "CDMO-001", "nina berg"):
        answer = client.get("/acme/search/", {"q": typed})
        assert answer.status_code == 303 or "Nothing found" not in answer.content.decode(), typed
    partner = Client()
    sign_in(partner, filled.paul)
    for typed in ("canary", "CDMO-001", "nina berg", "nina"):
        assert "Nothing found" in partner.get("/portal/acme/search/", {"q": typed}).content.decode(), typed


def test_a_number_of_somebody_elses_leads_nowhere(filled: World, client: Client, wall: str) -> None:
    sign_in(client, filled.paul)
    assert client.get("/portal/acme/search/", {"q": "ZANZIBAR-4711"}).status_code == 303
    for typed in ("QUOKKA-4711", "XYLOPHONE-4711", "DEV-26-0002"):
        never = client.get("/portal/acme/search/", {"q": typed})
        assert never.status_code == 200 and "Nothing found" in never.content.decode()


def keys(actor: Actor, typed: str) -> set[tuple[str, int]]:
    """What the function itself answers, before any row is read."""
    with scope(actor):
        found = raw("SELECT kind, record_id FROM access.find(%s, %s, 50, NULL)", typed, list(kinds_found()))
    return set(found)


def test_the_function_gives_no_key_of_what_is_out_of_sight(filled: World) -> None:
    with scope(filled.nina):
        rows = dict(raw("SELECT partner_number, id FROM quality_deviation"))
    own, sibling = rows["ZANZIBAR-4711"], rows["QUOKKA-4711"]
    with scope(filled.riva):
        foreign = dict(raw("SELECT partner_number, id FROM quality_deviation"))["XYLOPHONE-4711"]
    of = {"own": ("quality_deviation", own), "sibling": ("quality_deviation", sibling)}
    of["foreign"] = ("quality_deviation", foreign)
    for name, (_, seen) in PERSONAS.items():
        assert keys(getattr(filled, name), "event") == {of[whose] for whose in seen}, name
        assert keys(getattr(filled, name), "4711") == {of[whose] for whose in seen}, name
    assert keys(filled.paul, "zanzibarwhispered") == keys(filled.paul, "zanzibarownfile") == set()
    assert keys(filled.connie, "zanzibarwhispered") == {of["own"]}
    assert keys(filled.connie, "quokkasaidaloud") == set()


@pytest.mark.parametrize("typed", ["1:event", "{0}:event", "{0}/{1}:event", "{0}/{1}!event", "x' | '{0}:event"])
def test_no_one_talks_itself_through_another_door(filled: World, typed: str) -> None:
    """The marks by which lexemes are told apart are no letters: who types them, types spaces."""
    typed = typed.format(filled.rival.pk, filled.foreign.pk)
    found = keys(filled.nina, typed) | keys(filled.paul, typed)
    assert found <= keys(filled.nina, "event")


def test_who_said_nothing_of_a_scope_finds_nothing(filled: World) -> None:
    with pytest.raises(ProgrammingError, match="no tenant in this transaction"), transaction.atomic():
        raw("SELECT * FROM access.find('event', '{quality_deviation}', 5, NULL)")
    with pytest.raises(ProgrammingError, match="no cdmo in this transaction"), transaction.atomic():
        raw("SELECT set_config('app.tenant', %s, true)", str(filled.acme.pk))
        raw("SELECT * FROM access.find('event', '{quality_deviation}', 5, NULL)")


@pytest.mark.parametrize("nonsense", ["x", "{", "**", "1 OR 1=1"])
def test_nonsense_told_for_the_cdmo_is_refused(filled: World, nonsense: str) -> None:
    with pytest.raises(DatabaseError, match=r"invalid input syntax|malformed array literal"), transaction.atomic():
        raw("SELECT set_config('app.tenant', %s, true)", str(filled.acme.pk))
        raw("SELECT set_config('app.cdmo', %s, true)", nonsense)
        raw("SELECT * FROM access.find('event', '{quality_deviation}', 5, NULL)")


def test_every_kind_of_the_catalogue_is_found_by_its_title(world: World) -> None:
    for kind, specimen in EACH_KIND:
        record = specimen.own(world)
        title = getattr(record, kind.title)
        assert (kind.model._meta.db_table, record.pk) in keys(world.nina, title), kind.slug
        assert ((kind.model._meta.db_table, record.pk) in keys(world.paul, title)) is (
            kind.title in (kind.partner_sees or ())
        ), kind.slug
        assert (kind.model._meta.db_table, record.pk) not in keys(world.olga, title) | keys(world.riva, title)


def test_what_somebody_keeps_private_crowds_nobody_out_and_is_not_hinted_at(world: World, wall: str) -> None:
    shared = keep(world.omar, title="Supposed of the freezer")
    for number in range(4):
        keep(world.omar, shared.programme, shared.suppositions, title=f"Supposed {number}", shared=False)
    with scope(world.nina):
        (group,) = find(world.nina, "supposed", each=2).groups
        assert ([hit.number for hit in group.hits], group.more) == ([shared.number], False)
    with scope(world.omar):
        (group,) = find(world.omar, "supposed", each=2).groups
        assert (len(group.hits), group.more) == (2, True)


def test_what_is_said_of_something_private_crowds_nobody_out_either(world: World, wall: str) -> None:
    record = report(world.nina, world.lyra_site, world.lyra, title="Event")
    private = keep(world.omar, title="Mine alone", shared=False)
    with scope(world.nina):
        say(record, text="Said zanzibar", by=world.nina, shared=False)
    with scope(world.omar):
        for number in range(4):
            say(private, text=f"Private zanzibar {number}", by=world.omar, shared=False)
    with scope(world.nina):
        assert [group.hits[0].pk for group in find(world.nina, "zanzibar", each=2).groups] == [record.pk]
    with scope(world.omar):
        found = {group.kind.slug: len(group.hits) for group in find(world.omar, "zanzibar", each=8).groups}
        assert found == {"deviations": 1, "scenarios": 1}


def test_a_line_shows_nothing_of_a_field_that_the_partner_does_not_read(world: World) -> None:
    """The notes hold both words, each of the fields that are shared holds one."""
    values = {"legal_name": "Lyra Pharma AG", "notes": "Biologics or Pharma, quokka"}
    change_it(world.nina, world.lyra.pk, "Renamed", **values)
    nina, paul = Client(), Client()
    sign_in(nina, world.nina)
    assert "quokka" in shown(nina, "/acme/", "Biologics Pharma")
    sign_in(paul, world.paul)
    found = shown(paul, "/portal/acme/", "Biologics Pharma")
    assert "lyra biologics" in found and "quokka" not in found


def test_a_partner_finds_no_record_of_a_kind_that_it_does_not_read(world: World) -> None:
    """An early warning is of a partner, and not told to it."""
    warning = specimen_of(EARLY_WARNING).own(world)
    nina, paul = Client(), Client(raise_request_exception=False)
    sign_in(nina, world.nina)
    number = warning.number.lower()
    assert number in shown(nina, "/acme/", number)
    sign_in(paul, world.paul)
    assert number not in shown(paul, "/portal/acme/", number)
