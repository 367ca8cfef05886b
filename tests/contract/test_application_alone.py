"""The first wall by itself: the application's own role reads past every policy, and each still sees exactly its own."""

import os
from collections.abc import Iterator

import psycopg2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import QueryDict
from django.test import Client
from rest_framework import serializers

from batches.services.genealogy import edges_back, edges_onward
from oversight.kernel.access.models import Share
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.access.tenancy import ScopedQuerySet
from oversight.kernel.api.fields import serializer_field
from oversight.kernel.comments.saying import comments_of, say
from oversight.kernel.files.attaching import attach, file_of, files_of
from oversight.kernel.files.models import Attachment
from oversight.kernel.notifications.calendar_keys import renew
from oversight.kernel.records.drafts import drafts_of, save_draft
from oversight.kernel.records.filters import read_filters
from oversight.kernel.records.forms import form_field
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.records.stream import _read, _told, read_stretch
from oversight.kernel.records.stream_filters import read_stream_query
from oversight.kernel.trail.change import change
from oversight.kernel.workflow.models import Case
from oversight.kernel.workflow.writing import perform
from tests.api.calling import Caller
from tests.cast import World, sign_in
from tests.factories.batch import batch
from tests.factories.genealogy import edge
from tests.factories.programme import plan
from tests.support.models import Bulletin

from .specimens import EACH_KIND, NAMES, Specimen, reads
from .test_isolation import sight

WHO = ("nina", "connie", "paul", "olga", "riva")
WHOSE = ("own", "sibling", "foreign")


@pytest.fixture
def alone(world: World) -> Iterator[World]:
    """The cast, while the database shows and takes every row from whoever asks."""
    server = psycopg2.connect(os.environ["SUPERUSER_URL"])
    server.autocommit = True
    cursor, role = server.cursor(), connection.settings_dict["USER"]
    cursor.execute(f'ALTER ROLE "{role}" BYPASSRLS')
    try:
        yield world
    finally:
        cursor.execute(f'ALTER ROLE "{role}" NOBYPASSRLS')
        server.close()


def _all(kind: RecordKind, specimen: Specimen, world: World) -> dict[str, Case]:
    """A record of Lyra's, of Orion's and of Rival's, which the database alone would show to each of them."""
    records = {whose: getattr(specimen, whose)(world) for whose in WHOSE}
    with scope(world.paul):
        found = set(
            kind.model.objects.filter(pk__in=[each.pk for each in records.values()]).values_list("pk", flat=True)
        )
    assert found == {each.pk for each in records.values()}, "no second wall"
    return records


@pytest.mark.parametrize(("kind", "specimen"), EACH_KIND, ids=NAMES)
def test_pages_and_endpoints_show_each_its_own(alone: World, kind: RecordKind, specimen: Specimen) -> None:
    records = _all(kind, specimen, alone)
    for name in WHO:
        (base, seen), client, caller = sight(name, kind), Client(), Caller(getattr(alone, name))
        sign_in(client, getattr(alone, name))
        listed = client.get(base + reads(kind)[0]).content.decode()
        answer = caller.get(f"{kind.slug}/?limit=100")
        told = {each["id"] for each in answer.json().get("results", ())}
        for whose, record in records.items():
            assert (f'href="{base}{kind.slug}/{record.pk}/"' in listed) is (whose in seen), (name, whose)
            assert (record.pk in told) is (whose in seen), (name, whose)
            due = 200 if whose in seen else 404
            pages = [client.get(base + page).status_code for page in reads(kind, record.pk)]
            pages.append(caller.get(f"{kind.slug}/{record.pk}/").status_code)
            assert pages == [due] * 3, (name, whose)


@pytest.mark.parametrize(("kind", "specimen"), EACH_KIND, ids=NAMES)
def test_nothing_out_of_sight_is_moved_named_or_offered(alone: World, kind: RecordKind, specimen: Specimen) -> None:
    records = _all(kind, specimen, alone)
    for name in WHO:
        actor, (base, seen) = getattr(alone, name), sight(name, kind)
        with scope(actor):
            for whose in set(WHOSE) - seen:
                for move in kind.workflow.transitions:
                    with pytest.raises(kind.model.DoesNotExist):
                        perform(kind.workflow, move.name, records[whose].pk, by=actor, reason="Mine now")
            asked, _ = read_stream_query([kind], actor, QueryDict(""))
            told = {line.href for line in read_stretch(actor, asked, most=100).lines}
            hidden = {f"{base}{kind.slug}/{records[whose].pk}/" for whose in set(WHOSE) - seen}
            assert not told & hidden, name


@pytest.mark.parametrize(
    ("kind", "specimen"), [pytest.param(*pair, id=pair[0].slug) for pair in EACH_KIND if pair[0].targets]
)
def test_references_lead_to_what_is_in_sight(alone: World, kind: RecordKind, specimen: Specimen) -> None:
    specimens = {each.slug: found for each, found in EACH_KIND}
    targets = {target.slug: target for target in kind.targets.values()}
    known = {slug: _all(target, specimens[slug], alone) for slug, target in targets.items()}
    for field, target in kind.targets.items():
        records = known[target.slug]
        for name in WHO:
            actor, (_, seen) = getattr(alone, name), sight(name, target)
            with scope(actor):
                offered = form_field(kind, actor, field).queryset.filter(pk__in=[each.pk for each in records.values()])
                assert set(offered.values_list("pk", flat=True)) == {records[whose].pk for whose in seen}, (name, field)
                chips = {
                    key
                    for one in read_filters(kind, actor, QueryDict(""))
                    if one.name == field
                    for key, _ in one.options
                }
                assert not chips & {str(records[whose].pk) for whose in set(WHOSE) - seen}, (name, field)
                for whose, record in records.items():
                    assert _takes(kind, field, record.pk, actor) is (whose in seen), (name, field, whose)


def _takes(kind: RecordKind, field: str, pk: int, actor: Actor) -> bool:
    body = type("Body", (serializers.Serializer,), {field: serializer_field(kind, field)})(context={"actor": actor})
    try:
        return bool(body.fields[field].to_internal_value(pk))
    except serializers.ValidationError:
        return False


def test_what_stands_beside_a_record_is_told_to_whom_it_was_shared_with(alone: World) -> None:
    ((_, specimen),) = [pair for pair in EACH_KIND if pair[0].slug == "deviations"]
    record = specimen.own(alone)
    with scope(alone.nina):
        said = {shared: say(record, text=f"Shared: {shared}", by=alone.nina, shared=shared) for shared in (True, False)}
        files = {
            shared: attach(
                record, upload=SimpleUploadedFile(f"{shared}.txt", str(shared).encode()), by=alone.nina, shared=shared
            )
            for shared in (True, False)
        }
    for name, sees in (("nina", {True, False}), ("paul", {True}), ("olga", set()), ("riva", set())):
        actor = getattr(alone, name)
        with scope(actor):
            told = {comment.pk for comment in comments_of(record, actor).comments}
            assert told == {said[shared].pk for shared in sees}, name
            assert {seen.row.pk for seen in files_of(record, actor)} == {files[shared].pk for shared in sees}, name
            for shared, file in files.items():
                if shared not in sees:
                    with pytest.raises(Attachment.DoesNotExist):
                        file_of(record, actor, file.pk)


def test_a_draft_is_its_members_alone(alone: World) -> None:
    with scope(alone.nina):
        save_draft("/acme/cdmos/new/", {"name": "Half a name"}, by=alone.nina)
        assert [draft.values for draft in drafts_of(alone.nina)] == [{"name": "Half a name"}]
    for actor in (alone.omar, alone.paul, alone.riva):
        with scope(actor):
            assert list(drafts_of(actor)) == []


def test_a_share_is_read_until_it_is_withdrawn(alone: World) -> None:
    with change(by=alone.nina):
        bulletin = Bulletin.objects.create(title="New auditors")
        share = Share.objects.create(kind=Bulletin._meta.db_table, record_id=bulletin.pk, cdmo_id=alone.lyra.pk)
    for name, sees in (("nina", True), ("paul", True), ("olga", False), ("riva", False)):
        actor = getattr(alone, name)
        with scope(actor):
            assert Bulletin.objects.visible_to(actor).exists() is sees, name
    with change(by=alone.nina, reason="Sent in error"):
        share.withdrawn = True
        share.save()
    with scope(alone.paul):
        assert not Bulletin.objects.visible_to(alone.paul).exists()


def test_either_look_of_the_trail_leaves_out_what_is_out_of_sight(alone: World) -> None:
    """The keys are found within the actor's sight, and what they lead to is read within it once more."""
    (kind,) = [each for each, _ in EACH_KIND if each.slug == "sites"]
    found = {}
    for name in ("nina", "paul"):
        actor = getattr(alone, name)
        with scope(actor):
            asked, _ = read_stream_query([kind], actor, QueryDict(""))
            found[name] = _read(actor, asked, None, 100)
    assert len(found["nina"]) == 2 and len(found["paul"]) == 1
    with scope(alone.paul):
        told = _told(alone.paul, read_stream_query([kind], alone.paul, QueryDict(""))[0], found["nina"])
    assert [line.href for _, line in told if line] == [f"/portal/acme/sites/{alone.lyra_site.pk}/"]


def test_the_way_of_a_batch_leads_no_partner_to_the_next(alone: World) -> None:
    made, filled = batch(alone.omar, alone.lyra_site), batch(alone.omar, alone.orion_site, stage="DP")
    row = edge(alone.omar, made, filled)
    for name, sees in (("nina", [row.pk]), ("paul", []), ("olga", [])):
        actor = getattr(alone, name)
        with scope(actor):
            assert [each.id for each in edges_onward(made.pk, actor)] == sees, name
            assert [each.id for each in edges_back(filled.pk, actor)] == sees, name


def test_the_calendar_of_a_plan_is_no_partners_without_any_wall(alone: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScopedQuerySet, "visible_to", lambda rows, actor: rows.all())
    programme = plan(alone.omar)
    for actor, status in ((alone.vera, 200), (alone.paul, 404)):
        with scope(actor):
            secret = renew(by=actor)
        assert Client().get(f"/calendar/{secret}/programmes/{programme.pk}.ics").status_code == status
