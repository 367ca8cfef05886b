"""The bytes of a plan file: kept while it waits and once it is taken in, gone when it is refused or has expired."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from oversight.kernel.access.scope import scope
from oversight.kernel.files import store as bytes_store
from oversight.kernel.files.attaching import content_of
from oversight.kernel.workflow.refusals import Refused
from techtransfer.exchange import keeping, staging
from techtransfer.exchange.keeping import BUSY, DONE, throw_away
from techtransfer.exchange.staging import EXPIRED, GONE, look
from techtransfer.models import PlanImport, Programme
from tests.api.calling import key_of
from tests.cast import World, system
from tests.factories.milestone import step
from tests.factories.programme import plan
from tests.kernel.files.test_files import put, stored
from tests.techtransfer.acting import change_it
from tests.techtransfer.reading import visitor, words

from .bringing import CHAIN, bring, brought, table, take

PLAN, WRONG = table(*CHAIN), table((*CHAIN[0][:6], "three", *CHAIN[0][7:]))


def a_day_later(world: World) -> int:
    """All that waits has waited for a day; what the hourly round then ends."""
    with scope(system(world.acme)):
        PlanImport.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with scope(system(world.acme)) as actor:
        return keeping.expire(by=actor)


def state(world: World, staged: PlanImport) -> str:
    with scope(world.omar):
        return str(PlanImport.objects.get(pk=staged.pk).state)


def test_a_file_that_waited_for_a_day_leaves_no_bytes(world: World, store) -> None:
    programme = plan(world.omar)
    staged = bring(programme, PLAN, by=world.omar)
    assert stored(store) == [f"{world.acme.pk}/{staged.sha256[:2]}/{staged.sha256}"]
    with scope(system(world.acme)) as actor:
        assert keeping.expire(by=actor) == 0
    assert len(stored(store)) == 1
    assert a_day_later(world) == 1
    assert (stored(store), state(world, staged)) == ([], "EXPIRED")
    with pytest.raises(Refused) as caught:
        take(staged, by=world.omar)
    assert caught.value.sentences == (EXPIRED,)
    assert a_day_later(world) == 0


def test_a_file_with_errors_is_never_kept_and_its_report_is(world: World, store) -> None:
    staged = bring(plan(world.omar), WRONG, by=world.omar)
    assert (staged.state, staged.report["errors"], stored(store)) == ("REFUSED", 1, [])


@pytest.mark.requirement("PI041-original")
def test_what_was_taken_in_stays_as_evidence(world: World, store) -> None:
    programme = plan(world.omar)
    taken = brought(programme, PLAN, by=world.omar)
    again = bring(programme, PLAN, by=world.omar)
    assert again.sha256 == taken.sha256
    assert a_day_later(world) == 1
    assert (state(world, taken), state(world, again)) == ("COMMITTED", "EXPIRED")
    assert bytes_store.read(world.acme.pk, taken.sha256) == PLAN


def test_what_another_file_or_an_attachment_names_stays(world: World, store) -> None:
    programme = plan(world.omar)
    early, late = bring(programme, PLAN, by=world.omar), bring(programme, PLAN, by=world.omar)
    with scope(system(world.acme)) as actor:
        PlanImport.objects.filter(pk=early.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
        assert keeping.expire(by=actor) == 1
    assert (state(world, early), state(world, late), len(stored(store))) == ("EXPIRED", "STAGED", 1)
    evidence = put(world.nina, world.lyra, "plan.csv", PLAN)
    assert evidence.sha256 == late.sha256
    assert a_day_later(world) == 1
    with scope(world.nina):
        assert content_of(world.lyra, world.nina, evidence.pk)[1] == PLAN


def test_the_same_content_of_another_sponsor_is_another_matter(world: World, store) -> None:
    bring(plan(world.omar), PLAN, by=world.omar)
    with scope(world.riva):
        bytes_store.keep(world.rival.pk, PLAN, judge=lambda path: None)
    assert a_day_later(world) == 1
    assert [path.split("/")[0] for path in stored(store)] == [str(world.rival.pk)]


def test_a_file_that_the_plan_left_behind_goes_as_soon_as_it_is_seen(
    world: World, store, django_capture_on_commit_callbacks: Any
) -> None:
    programme = plan(world.omar)
    taken = brought(programme, PLAN, by=world.omar)
    loop = table((*CHAIN[0][:8], "label"), *CHAIN[1:], ("label", "Label", "DP", "OTHER", "", "", 4, "", ""))
    staged = bring(programme, loop, by=world.omar)
    assert (staged.state, len(stored(store))) == ("STAGED", 2)
    head = ("ID", "Title", "Duration", "Predecessors")
    brought(programme, table(("fill", "Fill", 5, ""), ("label", "Label", 4, "fill"), head=head), by=world.omar)
    with django_capture_on_commit_callbacks(execute=True), scope(world.omar):
        row = PlanImport.objects.select_related("programme__product").get(pk=staged.pk)
        assert look(row, by=world.omar)
    assert (row.state, row.report["errors"]) == ("REFUSED", 1)
    assert staged.sha256 not in " ".join(stored(store))
    assert bytes_store.read(world.acme.pk, taken.sha256) == PLAN
    # It stays refused, whatever becomes of the plan: its bytes are gone.
    with scope(world.omar):
        change_it(programme, by=world.omar, title="Renamed")
        assert look(row, by=world.omar) is False


def test_content_is_kept_in_the_transaction_that_names_it_or_not_at_all(lasting_world: World, store) -> None:
    with pytest.raises(RuntimeError, match="in the transaction that names it"):
        bytes_store.keep(lasting_world.acme.pk, PLAN, judge=lambda path: None)
    assert stored(store) == []


def test_a_file_is_thrown_away_by_who_brought_it(world: World, store) -> None:
    programme = plan(world.omar)
    client = visitor(world.omar)
    here = f"/acme/programmes/{programme.pk}/imports/"
    waits, wrong = bring(programme, PLAN, by=world.omar), bring(programme, WRONG, by=world.omar)
    taken = take(bring(programme, PLAN, by=world.omar), by=world.omar)
    late = bring(programme, table(*CHAIN, ("label", "Label", "DP", "OTHER", "", "", 4, "", "")), by=world.omar)
    for staged in (late, wrong, waits):
        page = client.get(f"{here}{staged.pk}/").content.decode()
        assert f'action="{here}{staged.pk}/throw-away/"' in page
        answer = client.post(f"{here}{staged.pk}/throw-away/", follow=True)
        assert answer.redirect_chain == [(here, 302)]
        assert f"“{staged.file_name}” is thrown away. The plan is as it was." in words(answer.content.decode())
        assert state(world, staged) == "EXPIRED"
        page = words(client.get(f"{here}{staged.pk}/").content.decode())
        assert "Nothing was imported. The file was thrown away, or waited for more than a day. Upload it again." in page
    assert stored(store) == [f"{world.acme.pk}/{taken.sha256[:2]}/{taken.sha256}"]
    assert client.get(f"{here}{taken.pk}/").content.decode().count("throw-away") == 0
    refused = client.post(f"{here}{taken.pk}/throw-away/")
    assert (refused.status_code, DONE in words(refused.content.decode())) == (409, True)
    for stranger, status in ((world.vera, 404), (world.nina, 404), (world.riva, 404)):
        assert visitor(stranger).post(f"{here}{taken.pk}/throw-away/").status_code == status


def test_a_program_throws_a_file_away_too(world: World, client, store) -> None:
    programme = plan(world.omar)
    here = f"/api/v1/acme/programmes/{programme.pk}/imports/"
    headers = {"Authorization": f"Bearer {key_of(world.omar, writes=True)}"}
    staged = client.post(here, {"file": SimpleUploadedFile("a.csv", PLAN)}, headers=headers).json()
    where = f"{here}{staged['id']}/throw-away/"

    def throw(body: str = "{}", **other: str) -> Any:
        return client.post(where, body, content_type="application/json", headers=headers | other)

    assert throw('{"why": 1}').json()["errors"] == {"why": ["There is no such field here."]}
    assert throw(Authorization=f"Bearer {key_of(world.omar, writes=False)}").status_code == 403
    assert throw(Authorization=f"Bearer {key_of(world.vera, writes=True)}").status_code == 404
    assert len(stored(store)) == 1
    answer = throw()
    assert (answer.status_code, answer.json()["state"], answer.json()["report"]) == (200, "EXPIRED", {})
    assert stored(store) == []
    assert throw().status_code == 200  # it is gone already, and that is what was asked


def test_who_has_too_many_files_waiting_reads_what_to_do(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "MOST_WAITING", 1)
    programme = plan(world.omar)
    first = bring(programme, PLAN, by=world.omar)
    with pytest.raises(ValidationError) as caught:
        bring(programme, WRONG, by=world.omar)
    assert caught.value.messages == [
        "1 files of yours are kept already. Throw some of them away, or come back tomorrow."
    ]
    with scope(world.omar):
        keeping.throw_away(first, by=world.omar)
    assert bring(programme, WRONG, by=world.omar).state == "REFUSED"


@contextmanager
def paused_after(monkeypatch: pytest.MonkeyPatch, where: Any, name: str) -> Iterator[tuple[Event, Event]]:
    """Whoever comes out of that function first waits there until it is told to go on."""
    reached, on, real = Event(), Event(), getattr(where, name)

    def waits(*arguments: Any, **named: Any) -> Any:
        found = real(*arguments, **named)
        if not reached.is_set():
            reached.set()
            assert on.wait(30)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(where, name, waits)
        yield reached, on


def apart(pool: ThreadPoolExecutor, act: Callable[[], Any]) -> Any:
    def run() -> Any:
        try:
            return act()
        finally:
            connection.close()

    return pool.submit(run)


def staging_it(world: World, programme: Programme) -> PlanImport:
    with scope(world.omar):
        return staging.stage(programme, SimpleUploadedFile("plan.csv", PLAN), by=world.omar)


def test_a_file_that_is_brought_while_its_like_expires_keeps_its_bytes(
    lasting_world: World, store, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = lasting_world
    programme = plan(world.omar)
    old = bring(programme, PLAN, by=world.omar)
    with ThreadPoolExecutor(1) as pool, paused_after(monkeypatch, staging, "keep") as (reached, on):
        fresh = apart(pool, lambda: staging_it(world, programme))
        assert reached.wait(30)  # its bytes are there, its row is not
        assert a_day_later(world) == 0  # the other is left to the next round
        on.set()
        fresh = fresh.result(30)
    assert (state(world, old), state(world, fresh)) == ("STAGED", "STAGED")
    with scope(system(world.acme)) as actor:
        assert keeping.expire(by=actor) == 1
    assert (state(world, old), bytes_store.read(world.acme.pk, fresh.sha256)) == ("EXPIRED", PLAN)


def test_a_file_that_is_brought_in_the_middle_of_the_removal_is_written_anew(
    lasting_world: World, store, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = lasting_world
    programme = plan(world.omar)
    bring(programme, PLAN, by=world.omar)
    with ThreadPoolExecutor(2) as pool, paused_after(monkeypatch, keeping, "let_go") as (reached, on):
        ending = apart(pool, lambda: a_day_later(world))
        assert reached.wait(30)  # the bytes are gone, and nobody else knows yet
        assert stored(store) == []
        fresh = apart(pool, lambda: staging_it(world, programme))
        with pytest.raises(TimeoutError):
            fresh.result(1)
        on.set()
        assert ending.result(30) == 1
        fresh = fresh.result(30)
    assert bytes_store.read(world.acme.pk, fresh.sha256) == PLAN


def test_two_copies_thrown_away_at_once_leave_no_bytes(lasting_world: World, store, monkeypatch) -> None:
    world = lasting_world
    programme = plan(world.omar)
    one, two = (bring(programme, PLAN, by=world.omar) for _ in range(2))

    def away(staged: PlanImport) -> None:
        with scope(world.omar):
            throw_away(staged, by=world.omar)

    with ThreadPoolExecutor(1) as pool, paused_after(monkeypatch, keeping, "let_go") as (reached, on):
        first = apart(pool, lambda: away(one))
        assert reached.wait(30)
        with pytest.raises(Refused, match=BUSY):
            away(two)
        on.set()
        first.result(30)
    away(two)
    assert (state(world, one), state(world, two), stored(store)) == ("EXPIRED", "EXPIRED", [])


def test_a_file_whose_bytes_are_lost_says_so_when_the_plan_has_moved(world: World, store) -> None:
    programme = plan(world.omar)
    staged = bring(programme, PLAN, by=world.omar)
    bytes_store.drop(world.acme.pk, staged.sha256)
    step(world.omar, programme=programme, title="Moved on")
    answer = visitor(world.omar).get(f"/acme/programmes/{programme.pk}/imports/{staged.pk}/")
    assert (answer.status_code, GONE in words(answer.content.decode())) == (409, True)
