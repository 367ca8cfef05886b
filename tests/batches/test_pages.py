"""The page of a batch for either side: what it says, what it leaves unsaid, and in how many statements."""

import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from batches.models import BatchHold
from batches.showing import on
from tests.cast import World, sign_in
from tests.factories.batch import act, batch, sent
from tests.factories.deviation import TITLE, report
from tests.factories.genealogy import edge
from tests.factories.lot import lot, packaged
from tests.factories.milestone import put, step
from tests.factories.programme import plan

from .acting import critical

SINCE = on(date(2026, 1, 14))  # when somebody became aware


def words(client: Client, path: str) -> str:
    """What stands on the page, without its markup."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.content[:400]
    text = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(text))


def estimated(world: World, batch_pk: int, **values: object) -> None:
    """As the forecast leaves a hold."""
    from oversight.kernel.access.scope import scope

    with scope(world.nina):
        row = BatchHold.objects.visible_to(world.nina).get(batch=batch_pk)
    put(world, row, **values)


def test_the_quality_director_sees_what_a_release_waits_for(world: World, client: Client) -> None:
    programme = plan(world.omar)
    source = batch(world.omar, world.lyra_site, programme=programme)
    record = sent(world.omar, world.lyra_site, world.paul, programme=programme, scale="2,000 L")
    edge(world.omar, source, record, "0.5")
    event = critical(world, record)
    estimated(world, record.pk, basis="PARTNER", cases=31, days_p50=23, days_p80=41)
    sign_in(client, world.nina)
    page = words(client, f"/acme/batches/{record.pk}/")
    assert "ACM-101 drug substance, 2,000 L, Lyra Biologics, Lyra Basel" in page
    assert f"On hold since {SINCE} on account of {event.number} , {TITLE}." in page
    half = "Half of Lyra Biologics’s 31 investigations took no longer than 23 days"
    assert f"{half}, four in five no longer than 41." in page
    assert "Before you can release" in page and "3 of 6 met" in page
    assert f"Every deviation is closed , not met: {event.number} is open: close it first." in page
    assert f"release {source.number} first." in page
    assert f"{source.number} Drug substance, Lyra Biologics 0.5 kg into {record.number}" in page
    assert "Lyra Biologics took 2 days to send the record" in page


def test_a_programme_shows_its_batches_as_a_table(world: World, client: Client) -> None:
    programme = plan(world.omar)
    planned = batch(world.omar, world.lyra_site, programme=programme)
    held = sent(world.omar, world.lyra_site, world.paul, programme=programme)
    critical(world, held)
    sign_in(client, world.nina)
    answer = client.get(f"/acme/programmes/{programme.pk}/").content.decode()
    table = answer.partition('id="h-batches"')[2].partition("</section>")[0]
    said = [re.sub(r"\s+", " ", re.sub(r"<svg.*?</svg>|<[^>]+>", " ", row)).strip() for row in table.split("<tr>")[1:]]
    assert said[0] == "Number CDMO Site Stage Status Due"
    assert said[1].startswith(f"{held.number} On hold Lyra Biologics Lyra Basel Drug substance Under review ")
    assert said[2].startswith(f"{planned.number} Lyra Biologics Lyra Basel Drug substance Planned Nothing is due")


def test_the_estimate_says_whose_it_is(world: World, client: Client) -> None:
    record = batch(world.omar, world.lyra_site)
    critical(world, record)
    estimated(world, record.pk, basis="NETWORK", cases=190, days_p50=20, days_p80=38)
    sign_in(client, world.nina)
    page = words(client, f"/acme/batches/{record.pk}/")
    assert "has had too few investigations to count; half of the 190 of your network took no longer" in page
    client.post("/accounts/logout/")
    sign_in(client, world.paul)
    theirs = words(client, f"/portal/acme/batches/{record.pk}/")
    assert f"On hold since {SINCE}" in theirs and "network" not in theirs and "190" not in theirs


def test_a_partner_reads_its_own_part(world: World, client: Client) -> None:
    programme = plan(world.omar, "A secret programme")
    make = step(world.omar, world.lyra_site, programme, "Make it in Basel")
    release = step(world.omar, world.orion_site, programme, "Test it in Graz")
    record = batch(world.omar, world.lyra_site, programme=programme, make_step=make, release_step=release)
    edge(world.omar, record, batch(world.omar, world.orion_site, stage="DP"), "1.5")
    sign_in(client, world.paul)
    page = words(client, f"/portal/acme/batches/{record.pk}/")
    assert "Make it in Basel" in page and "Start" in page
    for word in ("secret", "Graz", "Orion", "Genealogy", "1.5 kg", "Before", "Slip"):
        assert word not in page, word


def test_the_family_is_shown_over_all_levels_with_lots(world: World, client: Client) -> None:
    substance, product = (
        batch(world.omar, world.lyra_site),
        batch(world.omar, world.orion_site, stage="DP", unit="VIALS"),
    )
    supply = packaged(world.omar, world.orion_site)
    edge(world.omar, substance, product, "2.5")
    edge(world.omar, product, supply, "1200")
    row = lot(world.omar, supply, "120")
    sign_in(client, world.nina)
    page = words(client, f"/acme/batches/{substance.pk}/")
    assert f"{supply.number} Packaged supply, Orion Fill 2 levels away 1,200 vials of {product.number}" in page
    assert row.number in words(client, f"/acme/batches/{supply.pk}/")
    client.post("/accounts/logout/")
    sign_in(client, world.connie)
    hers = words(client, f"/acme/batches/{substance.pk}/")
    assert "A batch out of your sight" in hers and "Orion" not in hers and product.number not in hers


@pytest.mark.parametrize("name", ["release", "reject"])
def test_whoever_decides_reads_what_about(world: World, client: Client, name: str) -> None:
    record = sent(world.omar, world.lyra_site, world.paul)
    sign_in(client, world.nina)
    page = words(client, f"/acme/batches/{record.pk}/moves/{name}/")
    assert "What you decide about" in page and "6.82 kg" in page and "No deviation names this batch." in page


def test_a_rejected_batch_offers_to_be_made_again(world: World, client: Client) -> None:
    record = batch(world.omar, world.lyra_site, scale="500 L")
    act(record, "start", world.paul)
    act(record, "reject", world.nina, "Contaminated")
    sign_in(client, world.omar)
    page = client.get(f"/acme/batches/{record.pk}/").content.decode()
    assert f'href="/acme/batches/new/?replaces={record.pk}"' in page and "not reached" in page
    form = client.get(f"/acme/batches/new/?replaces={record.pk}").content.decode()
    assert 'value="500 L"' in form and f'<option value="{record.pk}" selected>' in form


def test_a_report_begun_from_a_batch_names_it(world: World, client: Client) -> None:
    record = batch(world.omar, world.lyra_site)
    sign_in(client, world.paul)
    form = client.get(f"/portal/acme/deviations/new/?batch={record.pk}").content.decode()
    assert f'<option value="{record.pk}" selected>{record.number}</option>' in form
    elsewhere = batch(world.omar, world.orion_site)
    form = client.get(f"/portal/acme/deviations/new/?batch={elsewhere.pk}").content.decode()
    assert elsewhere.number not in form


def test_a_deviation_leads_to_its_batch_and_says_what_it_does_to_it(world: World, client: Client) -> None:
    held, gone = sent(world.omar, world.lyra_site, world.paul), sent(world.omar, world.lyra_site, world.paul)
    act(gone, "release", world.nina)
    first, second = critical(world, held), critical(world, gone, title="Found after its release")
    sign_in(client, world.nina)
    assert f"{held.number} is on hold until this is closed." in words(client, f"/acme/deviations/{first.pk}/")
    page = words(client, f"/acme/deviations/{second.pk}/")
    assert f"{gone.number} was released on" in page and "Decide whether it has to be recalled." in page
    assert held.number in words(client, "/acme/deviations/")


def test_a_list_takes_as_many_statements_however_much_there_is(world: World, client: Client) -> None:
    sign_in(client, world.nina)

    def counted(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as told:
            assert client.get(path).status_code == 200
        return len(told)

    record = batch(world.omar, world.lyra_site)
    report(world.paul, world.lyra_site, batch=record)
    few = counted("/acme/batches/")
    for _ in range(4):
        more = sent(world.omar, world.lyra_site, world.paul)
        critical(world, more)
        edge(world.omar, batch(world.omar, world.lyra_site), more, "0.5")
    assert counted("/acme/batches/") == few
