"""Every kind of the catalogue: each verb leaves exactly one version, a refusal none."""

import pytest
from django.test import Client

from oversight.kernel.access.scope import scope
from oversight.kernel.records.kind import RecordKind
from tests.cast import World, sign_in

from .specimens import AMENDED, EACH_KIND, NAMES, OPENED, Specimen


def versions(world: World, kind: RecordKind) -> int:
    with scope(world.nina):
        return kind.model.history.count()


@pytest.mark.requirement("P11-10e", "PI041-attributable")
@pytest.mark.parametrize(("kind", "specimen"), OPENED)
def test_creating_leaves_one_version(world: World, client: Client, kind: RecordKind, specimen: Specimen) -> None:
    sign_in(client, world.omar)
    typed = specimen.typed(world)
    before = versions(world, kind)
    answer = client.post(f"/acme/{kind.slug}/new/", typed)
    assert answer.status_code == 302
    with scope(world.omar):
        assert kind.model.history.count() == before + 1
        version = kind.model.history.order_by("-history_id").first()
        assert answer["Location"].partition("#")[0] == f"/acme/{kind.slug}/{version.id}/"
        assert (version.history_type, version.version) == ("+", 1)
        assert (version.history_user_id, version.history_user_name) == (world.omar.user, "Omar Haddad")
        assert (version.history_role, version.history_org) == ("cmc_lead", "Acme Therapeutics")
        assert (version.history_tz, version.history_source) == ("Europe/Zurich", "browser")
        assert version.history_request == answer.headers["X-Request-ID"] != ""


@pytest.mark.requirement("P11-10e", "A11-9", "PI041-who-what-when-why")
@pytest.mark.parametrize(("kind", "specimen"), AMENDED)
def test_amending_leaves_one_version_with_the_reason(
    world: World, client: Client, kind: RecordKind, specimen: Specimen
) -> None:
    sign_in(client, world.omar)
    record = specimen.own(world)
    typed = specimen.typed(world) | specimen.amends(world) | {"version": "1", "reason": "  As agreed on Tuesday "}
    before = versions(world, kind)
    assert client.post(f"/acme/{kind.slug}/{record.pk}/amend/", typed).status_code == 302
    with scope(world.omar):
        assert kind.model.history.count() == before + 1
        version = record.history.order_by("-history_id").first()
        assert (version.history_type, version.version) == ("~", 2)
        assert version.history_change_reason == "As agreed on Tuesday"
        assert (version.history_user_name, version.history_role) == ("Omar Haddad", "cmc_lead")


@pytest.mark.parametrize(("kind", "specimen"), AMENDED)
@pytest.mark.parametrize(
    ("change", "status"),
    [({"reason": ""}, 422), ({"title": ""}, 422), ({"version": "7"}, 409), ({"version": "x"}, 422)],
)
def test_a_refusal_leaves_nothing(
    world: World, client: Client, kind: RecordKind, specimen: Specimen, change: dict[str, str], status: int
) -> None:
    sign_in(client, world.nina)
    record = specimen.own(world)
    change = {specimen.title if name == "title" else name: value for name, value in change.items()}
    typed = specimen.typed(world) | specimen.amends(world) | {"version": "1", "reason": "Because"} | change
    before = versions(world, kind)
    assert client.post(f"/acme/{kind.slug}/{record.pk}/amend/", typed).status_code == status
    assert versions(world, kind) == before
    with scope(world.nina):
        assert kind.model.objects.get(pk=record.pk).version == 1


@pytest.mark.parametrize(("kind", "specimen"), EACH_KIND, ids=NAMES)
def test_who_may_not_write_leaves_nothing(world: World, client: Client, kind: RecordKind, specimen: Specimen) -> None:
    record = specimen.own(world)
    typed = specimen.typed(world) | {"version": "1", "reason": "Because"}
    before = versions(world, kind)
    flow = kind.workflow
    # A partner without fields to fill has no such page at all.
    portal = {"new": bool(flow.partner_opens), "amend": bool(flow.partner_editable)}
    for actor, base, expected in (
        (world.vera, "/acme/", {"new": 403, "amend": 403}),
        (world.adam, "/acme/", {"new": 403, "amend": 403}),
        (world.vito, "/portal/acme/", {page: 403 if portal[page] else 404 for page in portal}),
        (world.paul, "/acme/", {"new": 404, "amend": 404}),
        (world.riva, "/acme/", {"new": 404, "amend": 404}),
    ):
        sign_in(client, actor)
        for page, status in expected.items():
            where = f"{kind.slug}/new/" if page == "new" else f"{kind.slug}/{record.pk}/amend/"
            assert client.post(base + where, typed).status_code == status, (actor.name, page)
        client.post("/accounts/logout/")
    assert versions(world, kind) == before
