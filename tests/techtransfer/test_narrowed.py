"""A member who sees one CDMO alone reads nothing of another's: not in causes, reasons, problems or holds."""

from dataclasses import replace
from datetime import date

from django.test import Client

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.workflow.definition import OF_ALL
from oversight.roles import Role
from techtransfer.models import Dependency, ImpactAlert, Programme
from tests.api.calling import key_of
from tests.cast import World, sign_in
from tests.factories.deviation import report
from tests.factories.milestone import put, step

from .acting import act, change_it, unmet
from .planning import hold, planned, run, tie

SECRET = "Quokka in the filter"


def caused_at_orion(world: World) -> tuple[str, ImpactAlert, int]:
    """A deviation of Orion's moves a step of Lyra's; its number, the alert for Lyra's side, and the programme."""
    found = planned(world)
    label = step(world.omar, world.lyra_site, found.programme, "Label at Lyra", calendar="EVERY_DAY")
    tie(world, found.fill, label)
    run(world, found.programme)
    event = report(world.olga, world.orion_site, title=SECRET)
    hold(world, found, found.fill, event, until=date(2027, 6, 1))
    with scope(world.nina):
        return event.number, ImpactAlert.objects.get(cdmo=world.lyra), found.programme.pk


def bodies(world: World, actor: Actor, *addresses: str) -> str:
    client = Client()
    sign_in(client, actor)
    pages = [client.get(f"/acme/{address}") for address in addresses]
    api = [
        Client().get(f"/api/v1/acme/{address}", headers={"Authorization": f"Bearer {key_of(actor)}"})
        for address in addresses
        if not address.startswith("audit")
    ]
    assert {page.status_code for page in [*pages, *api]} == {200}
    return " ".join(page.content.decode() for page in [*pages, *api])


def test_what_moved_a_date_elsewhere_is_told_nowhere(world: World) -> None:
    number, alert, programme = caused_at_orion(world)
    with scope(world.nina):
        study = Programme.objects.get(pk=programme).studies.get().pk
    own = ("alerts/", f"alerts/{alert.pk}/", f"alerts/{alert.pk}/history/", "studies/", f"studies/{study}/history/")
    everything = (*own, f"studies/{study}/", "milestones/", "programmes/", f"programmes/{programme}/", "audit-trail/")
    told = bodies(world, world.connie, *everything)
    assert alert.number in told
    assert number not in told and SECRET not in told and "Orion" not in told
    assert number in bodies(world, world.nina, *own), "who sees both reads it"
    asked = f"audit-trail/?reason={number}"
    found = f"/acme/studies/{study}/"
    assert found in bodies(world, world.nina, asked)
    assert found not in bodies(world, world.connie, asked), "nor does a filter tell"


def test_why_there_is_no_forecast_names_no_step_out_of_sight(world: World) -> None:
    found = planned(world)
    put(world, found.fill, calendar="SITE", earliest_start=date(2126, 3, 1))
    run(world, found.programme)
    pages = (f"programmes/{found.programme.pk}/", "")
    narrowed = [bodies(world, world.connie, pages[0])]
    client = Client()
    sign_in(client, world.connie)
    narrowed.append(client.get("/acme/").content.decode())
    for name in ("impact", "plan"):
        key = {"Authorization": f"Bearer {key_of(world.connie)}"}
        narrowed.append(
            client.get(f"/api/v1/acme/programmes/{found.programme.pk}/{name}/", headers=key).content.decode()
        )
    assert not [body for body in narrowed if found.fill.number in body or found.fill.title in body]
    assert "somebody who sees every step" in narrowed[0]
    assert found.fill.number in bodies(world, world.nina, pages[0])


def test_what_holds_a_step_is_named_to_who_sees_it(world: World) -> None:
    found = planned(world)
    event = report(world.olga, world.orion_site, title=SECRET)
    hold(world, found, found.release, event, until=date(2027, 6, 1))
    told = bodies(world, world.connie, f"milestones/{found.release.pk}/", f"programmes/{found.programme.pk}/")
    assert event.number not in told and SECRET not in told
    assert event.number in bodies(world, world.nina, f"milestones/{found.release.pk}/")


def test_who_sees_one_end_of_a_dependency_changes_nothing_of_it(world: World) -> None:
    found = planned(world)
    lead = replace(world.connie, role=Role.CMC_LEAD)
    with scope(world.nina):
        beyond = Dependency.objects.get(predecessor=found.release, successor=found.fill)
    sentence = (OF_ALL,)
    assert unmet(lambda: act(beyond, "void", by=lead, reason="Not needed")) == sentence
    assert unmet(lambda: change_it(beyond, by=lead, lag_days=90)) == sentence
    assert change_it(beyond, by=world.omar, lag_days=2).lag_days == 2
