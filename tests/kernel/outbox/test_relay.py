"""The relay rings for what is due, marks it once the broker has it, and asks again while nobody has settled it."""

import threading
from collections.abc import Iterator
from io import StringIO
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django.fixtures import Settings
from redis import Redis

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.outbox import publish
from oversight.kernel.outbox.delivery import deliver
from oversight.kernel.outbox.models import Event
from oversight.kernel.outbox.relay import BATCH, TOLD_KEY, Relay, ring_due, standing
from oversight.kernel.trail.change import change
from oversight.runtime.processes import wait_until
from tests.cast import World
from tests.support.models import Memo


def relay_url() -> str:
    """The test database as the role `relay` reaches it."""
    address = urlsplit(settings.ROLE_URLS["relay"])
    return urlunsplit(address._replace(path=f"/{connection.settings_dict['NAME']}"))


@pytest.fixture
def relay(lasting_world: World) -> Iterator[psycopg2.extensions.connection]:
    database = psycopg2.connect(relay_url())
    yield database
    database.close()


class Bell:
    """A broker that notes what it took, and may be away."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, int, int]] = []
        self.takes = 1_000

    def ring(self, task: str, tenant: int, row: int) -> None:
        if len(self.heard) >= self.takes:
            raise ConnectionError("away")
        self.heard.append((task, tenant, row))


def happen(by: Actor, times: int = 1) -> list[int]:
    with change(by=by):
        memo = Memo.objects.create(title="M")
        for _ in range(times):
            publish("memo.written", record=memo, by=by)
        return sorted(Event.objects.filter(record_id=memo.pk).values_list("pk", flat=True))


def rings(by: Actor) -> list[int]:
    with scope(by):
        return list(Event.objects.visible_to(by).order_by("pk").values_list("rings", flat=True))


def test_events_of_all_sponsors_are_rung_for_once(lasting_world: World, relay) -> None:
    bell = Bell()
    [acmes], [rivals] = happen(lasting_world.nina), happen(lasting_world.riva)
    assert ring_due(relay, bell.ring) == 2
    assert ring_due(relay, bell.ring) == 0
    assert bell.heard == [
        ("outbox.deliver", lasting_world.acme.pk, acmes),
        ("outbox.deliver", lasting_world.rival.pk, rivals),
    ]
    assert rings(lasting_world.nina) == rings(lasting_world.riva) == [1]


def test_what_is_not_settled_is_rung_for_again_and_less_often(lasting_world: World, relay) -> None:
    bell = Bell()
    [event] = happen(lasting_world.nina)
    for _ in range(3):
        with scope(lasting_world.nina):
            Event.objects.update(due_at="2026-01-01T00:00Z")
        ring_due(relay, bell.ring, again=30)
        with relay, relay.cursor() as cursor:
            cursor.execute("SELECT rings, extract(epoch FROM due_at - clock_timestamp()) FROM outbox_event")
            [(rung, seconds)] = cursor.fetchall()
        assert 30 * 2 ** (rung - 1) - 2 < seconds <= 30 * 2 ** (rung - 1)
    assert len(bell.heard) == 3
    deliver(tenant=lasting_world.acme.pk, event=event)
    with scope(lasting_world.nina):
        Event.objects.update(due_at="2026-01-01T00:00Z")
    assert ring_due(relay, bell.ring) == 0, "settled"


def test_a_broker_that_goes_away_in_the_middle_marks_nothing(lasting_world: World, relay) -> None:
    bell = Bell()
    events = happen(lasting_world.nina, times=3)
    bell.takes = 2
    with pytest.raises(ConnectionError):
        ring_due(relay, bell.ring)
    assert rings(lasting_world.nina) == [0, 0, 0]
    bell.heard, bell.takes = [], 1_000
    assert ring_due(relay, bell.ring) == 3
    assert [row for _, _, row in bell.heard] == events


def test_two_relays_share_the_work(lasting_world: World, relay) -> None:
    first, second = Bell(), Bell()
    events = happen(lasting_world.nina, times=BATCH + 20)
    other = psycopg2.connect(relay_url())

    def ring_and_let_the_other_work(task: str, tenant: int, row: int) -> None:
        if not first.heard:
            assert ring_due(other, second.ring) == 20
        first.ring(task, tenant, row)

    assert ring_due(relay, ring_and_let_the_other_work) == BATCH
    other.close()
    assert sorted(row for bell in (first, second) for _, _, row in bell.heard) == events


def test_the_relay_may_read_and_mark_and_nothing_else(lasting_world: World, relay) -> None:
    happen(lasting_world.nina)
    for forbidden in (
        "UPDATE outbox_event SET facts = '{}'",
        "DELETE FROM outbox_event",
        "INSERT INTO outbox_effect (tenant_id, event_id, subscriber, at) VALUES (1, 1, 'x', now())",
        "SELECT * FROM support_memo",
        "SELECT * FROM outbox_webhook",
    ):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege), relay, relay.cursor() as cursor:
            cursor.execute(forbidden)


def test_it_waits_for_what_is_away_and_says_how_it_is(lasting_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    broker = Redis.from_url(settings.REDIS_URL)
    broker.delete(TOLD_KEY)
    assert standing(broker) == "no answer"
    bell, running = Bell(), Relay(relay_url())
    bell.takes = 0
    monkeypatch.setattr(running._broker, "ring", bell.ring)
    happen(lasting_world.nina)
    thread = threading.Thread(target=running.run)
    thread.start()
    try:
        assert not wait_until(lambda: broker.exists(TOLD_KEY) == 1, seconds=1)
        assert rings(lasting_world.nina) == [0]
        bell.takes = 1_000
        assert wait_until(lambda: rings(lasting_world.nina) == [1], seconds=15)
        assert wait_until(lambda: standing(broker) == "ok", seconds=5)
    finally:
        running.ended.set()
        thread.join(15)
    assert not thread.is_alive()


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("state", "FAILED", "failing"),
        ("(at, due_at)", "2026-01-01T00:00Z", "behind"),
        ("at", "2026-01-01T00:00Z", "ok"),  # it is owed later
        ("tries", "3", "ok"),
        ("state", "DONE", "ok"),
    ],
)
def test_what_waits_too_long_or_was_given_up_is_said(lasting_world: World, column: str, value: str, said: str) -> None:
    happen(lasting_world.nina)
    superuser = psycopg2.connect(
        urlunsplit(urlsplit(settings.ROLE_URLS["superuser"])._replace(path=urlsplit(relay_url()).path))
    )
    with superuser, superuser.cursor() as cursor:
        columns = column.strip("()").split(", ")
        cursor.execute(
            f"UPDATE outbox_event SET {', '.join(f'{name} = %s' for name in columns)}", [value] * len(columns)
        )
    superuser.close()
    database = psycopg2.connect(relay_url())
    Relay(relay_url())._tell(database)
    database.close()
    assert standing(Redis.from_url(settings.REDIS_URL)) == said


def test_what_was_given_up_is_listed_and_delivered_again(lasting_world: World, settings: Settings) -> None:
    [event] = happen(lasting_world.nina)
    with scope(lasting_world.nina):
        Event.objects.update(state="FAILED", tries=10, error="copier: KeyError", due_at="2026-01-01T00:00Z")
    settings.ROLE_URLS = settings.ROLE_URLS | {"relay": relay_url()}
    line = f"event {event} of tenant {lasting_world.acme.pk}: memo.written, 10 tries, copier: KeyError\n"
    for arguments, said in (([], line), (["--all"], f"{line}Delivered again: 1\n"), ([], "")):
        out = StringIO()
        call_command("retry_events", *arguments, stdout=out)
        assert out.getvalue() == said
    with scope(lasting_world.nina):
        found = Event.objects.get()
        assert (found.state, found.tries, found.rings) == ("WAITING", 0, 0)
    settings.ROLE_URLS = settings.ROLE_URLS | {"relay": ""}
    with pytest.raises(CommandError, match="set RELAY_URL"):
        call_command("retry_events")
