"""Two who take plan files in at the same moment: one plan, written once, and the other is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, time, timedelta
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from oversight.kernel.access.scope import scope
from oversight.kernel.outbox.models import Event as Told
from oversight.kernel.workflow.refusals import Refused
from techtransfer.exchange import staging, standing
from techtransfer.exchange.staging import DONE, MOVED_ON, look
from techtransfer.models import Closure, Dependency, Milestone, PlanImport, Programme
from techtransfer.services.milestone import PAST
from tests.cast import World, sign_in, today_there
from tests.factories.programme import plan
from tests.techtransfer.reading import words

from .bringing import CHAIN, bring, brought, said, table, take, workbook

MANY = 6


def test_a_look_from_before_leaves_what_was_taken_in(world: World) -> None:
    staged = bring(plan(world.omar), table(*CHAIN), by=world.omar)
    with scope(world.omar):
        stale = PlanImport.objects.get(pk=staged.pk)
    take(staged, by=world.omar)
    with scope(world.omar):
        assert look(stale, by=world.omar) is False
        row = PlanImport.objects.get(pk=staged.pk)
    assert (row.state, row.committed_at is not None, bool(row.reason)) == ("COMMITTED", True, True)


def counts(world: World, programme: Programme) -> tuple[int, int, int, int]:
    """Steps, versions of steps, dependencies, and events of imports."""
    with scope(world.omar):
        return (
            Milestone.objects.filter(programme=programme).count(),
            Milestone.history.filter(programme_id=programme.pk).count(),
            Dependency.objects.filter(programme=programme).count(),
            Told.objects.filter(name="programme.plan_imported").count(),
        )


def at_once(world: World, monkeypatch: pytest.MonkeyPatch, files: list[PlanImport]) -> list[tuple[int, str]]:
    """All of them taken in from browsers of their own: the first in the middle of writing when the others come."""
    client = Client()
    sign_in(client, world.omar)
    writing, goes_on, write = Event(), Event(), staging.write

    def slowly(*arguments: Any, **named: Any) -> None:
        write(*arguments, **named)  # all is written, and nobody else sees it yet
        if not writing.is_set():
            writing.set()
            assert goes_on.wait(30)

    monkeypatch.setattr(staging, "write", slowly)

    def send(staged: PlanImport) -> tuple[int, str]:
        browser = Client()
        browser.cookies = client.cookies
        try:
            where = f"/acme/programmes/{staged.programme_id}/imports/{staged.pk}/commit/"
            answer = browser.post(where, {"seen": staged.digest, "reason": "March"})
            return answer.status_code, words(answer.content.decode())
        finally:
            connection.close()

    with ThreadPoolExecutor(len(files)) as pool:
        first = pool.submit(send, files[0])
        assert writing.wait(30)
        others = [pool.submit(send, staged) for staged in files[1:]]
        assert wait(others, timeout=2).done == set(), "the others wait for the first"
        goes_on.set()
        return [each.result(60) for each in (first, *others)]


def of_one(world: World, programme: Programme) -> list[PlanImport]:
    return [bring(programme, table(*CHAIN), by=world.omar)] * MANY


def of_several(world: World, programme: Programme) -> list[PlanImport]:
    return [bring(programme, table(*CHAIN), by=world.omar) for _ in range(MANY)]


@pytest.mark.parametrize(("files", "sentence"), [(of_one, DONE), (of_several, MOVED_ON)])
def test_of_several_at_once_one_lands_and_the_others_are_told(
    lasting_world: World,
    monkeypatch: pytest.MonkeyPatch,
    files: Callable[[World, Programme], list[PlanImport]],
    sentence: str,
) -> None:
    world = lasting_world
    programme = plan(world.omar)
    answers = at_once(world, monkeypatch, files(world, programme))
    assert [status for status, _ in answers] == [302] + [409] * (MANY - 1)
    assert all(sentence in page for _, page in answers[1:])
    assert counts(world, programme) == (4, 4, 3, 1)
    # And what they see then leads on: no button that would be refused again.
    assert not any("Import 7 changes" in page for _, page in answers[1:])


def test_files_that_change_different_steps_both_land(lasting_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the second read is what is written: the other file changed nothing of it."""
    world = lasting_world
    programme = plan(world.omar)
    brought(programme, table(*CHAIN), by=world.omar)
    make, release, fill, start = CHAIN
    longer = bring(programme, table((*make[:6], 31, *make[7:]), release, fill, start), by=world.omar)
    head = ("ID", "Title", "Duration")
    renamed = bring(programme, table(("start", "First dose", 0), head=head), by=world.omar)
    assert [status for status, _ in at_once(world, monkeypatch, [longer, renamed])] == [302, 302]
    with scope(world.omar):
        found = {step.external_id: step for step in Milestone.objects.filter(programme=programme)}
    assert (found["make"].duration_days, found["start"].title) == (31, "First dose")
    assert counts(world, programme) == (4, 6, 3, 3)


def test_two_programmes_bring_the_closures_of_a_site_once(
    lasting_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = lasting_world
    days = ("Lyra Biologics", "Lyra Basel", "Summer", "2027-07-26", "2027-08-06")
    book = workbook(
        Steps=[("ID", "Title", "Duration"), ("a", "Make", 3)],
        Closures=[("Partner", "Site", "Title", "First day", "Last day"), days],
    )
    files = [bring(plan(world.omar, title=title), book, by=world.omar) for title in ("One", "Other")]
    (first, _), (second, page) = at_once(world, monkeypatch, files)
    assert (first, second, MOVED_ON in page) == (302, 409, True)
    with scope(world.omar):
        assert [each.title for each in Closure.objects.all()] == ["Summer"]
        again = PlanImport.objects.select_related("programme__product").get(pk=files[1].pk)
        assert look(again, by=world.omar)
    assert again.report["closures"] == {"new": [], "unchanged": 1}
    assert take(again, by=world.omar).state == "COMMITTED"


def test_who_would_undo_what_landed_at_the_same_moment_is_told(
    lasting_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = lasting_world
    programme = plan(world.omar)
    brought(programme, table(*CHAIN), by=world.omar)
    head = ("ID", "Title", "Duration")
    files = [bring(programme, table(("make", "Make substance", days), head=head), by=world.omar) for days in (31, 45)]
    (first, _), (second, page) = at_once(world, monkeypatch, files)
    assert (first, second) == (302, 409)
    assert MOVED_ON in page
    assert "Duration 31 45" in page  # what it would change now
    with scope(world.omar):
        assert Milestone.objects.get(programme=programme, external_id="make").duration_days == 31


def test_what_a_day_has_made_wrong_is_shown_again_and_not_refused_for_ever(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    programme = plan(world.omar)
    brought(programme, table(*CHAIN), by=world.omar)
    today, head = today_there(), ("ID", "Title", "Duration", "Partner's date")
    staged = bring(programme, table(("make", "Make substance", 30, today.isoformat()), head=head), by=world.omar)
    assert (staged.state, staged.report["changes"]) == ("STAGED", 1)
    tomorrow = datetime.combine(today + timedelta(days=1), time(12), UTC)
    monkeypatch.setattr(Milestone, "today", tomorrow.date())
    monkeypatch.setattr(standing, "timezone", SimpleNamespace(now=lambda: tomorrow))
    with pytest.raises(Refused) as caught:
        take(staged, by=world.omar)
    assert caught.value.sentences == (MOVED_ON,)
    with scope(world.omar):
        row = PlanImport.objects.select_related("programme__product").get(pk=staged.pk)
        assert look(row, by=world.omar)
    assert row.state == "REFUSED"
    assert [each[2:] for each in said(row)] == [("Partner's date", PAST)]
