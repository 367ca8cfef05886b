"""A worker and a relay that die where they are told to. What kills them is here; the product knows nothing of it."""

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import psycopg2
import psycopg2.extensions
from django.conf import settings
from gunicorn.app.wsgiapp import run as gunicorn

from oversight.celery import app
from oversight.kernel.access.scope import Actor
from oversight.kernel.outbox import Subscriber, delivery, subscribe
from oversight.kernel.outbox import relay as relays
from oversight.kernel.outbox.models import Event
from oversight.kernel.trail.change import change
from tests.support.models import Memo

NAME = "faults"
WORKER_POINTS = ("begun", "written", "committed", "settled")
RELAY_POINTS = ("locked", "between", "rung", "marked", "committed")


def worker() -> None:
    """A Celery worker with a subscriber that kills it, once for each event that says so."""
    subscribe(Subscriber(NAME, None, _handle))
    handle, settle = delivery._handle, delivery._settle

    def handle_and_perhaps_die(event: Event, subscriber: Subscriber, actor: Actor) -> bool:
        handled = handle(event, subscriber, actor)
        if subscriber.name == NAME:
            _perhaps_die(event, "committed")
        return handled

    def settle_and_perhaps_die(event: Event, failures: list[str], actor: Actor) -> None:
        settle(event, failures, actor)
        _perhaps_die(event, "settled")

    delivery._handle, delivery._settle = handle_and_perhaps_die, settle_and_perhaps_die
    plain()


def plain() -> None:
    """A Celery worker as it is, which dies of nothing but a signal."""
    app.worker_main(["worker", "-c", "2", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"])


def posting() -> None:
    """A Celery worker that waits seconds for who is silent outside, and tries again after moments instead of hours."""
    from oversight.kernel.notifications import posting as letters
    from oversight.kernel.outbox import posting as deliveries
    from oversight.kernel.outbox import sending, silence

    moments = tuple(timedelta(seconds=each) for each in (0.2, 0.2, 0.4, 0.4, 0.8, 0.8, 1.6, 1.6, 1.6, 1.6))
    letters.PAUSES, deliveries.PAUSES = moments[: len(letters.PAUSES)], moments[: len(deliveries.PAUSES)]
    settings.WEBHOOKS_ALLOW_INSECURE = True
    settings.EMAIL_TIMEOUT = sending.SILENCE_SECONDS = 2.0
    sending.WHOLE_SECONDS, silence.SLOW, silence.LEFT_ALONE = 3.0, 1.5, 3.0
    plain()


def telling() -> None:
    """The same, that says after each block of a simulation how far it is: there is more of its middle to die in."""
    from techtransfer.simulation import running

    running.EVERY = 0
    plain()


def web(port: str) -> None:
    """The web as it is, at that port."""
    sys.argv = ["gunicorn", "oversight.wsgi", "--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    sys.argv += ["--no-control-socket", "--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    gunicorn()


def relay(point: str = "") -> None:
    """A relay that dies at `point` of its first batch; without one it goes on."""
    running = relays.Relay(settings.ROLE_URLS["relay"], again=0.5)
    rings, ring = 0, running._broker.ring

    def ring_and_perhaps_die(task: str, tenant: int, row: int) -> None:
        nonlocal rings
        if point == "locked" or (point == "between" and rings == 3):
            _die()
        ring(task, tenant, row)
        rings += 1

    class Cursor(psycopg2.extensions.cursor):
        def execute(self, query: str, values: Any = None) -> None:
            marking = query.startswith("\nUPDATE")
            if marking and point == "rung":
                _die()
            super().execute(query, values)
            self.connection.marked = marking
            if marking and point == "marked":
                _die()

    class Connection(psycopg2.extensions.connection):
        marked = False

        def cursor(self, **options: Any) -> Cursor:
            return super().cursor(cursor_factory=Cursor, **options)

        def commit(self) -> None:
            super().commit()
            if self.marked and point == "committed":
                _die()

    running._broker.ring = ring_and_perhaps_die  # type: ignore[method-assign]
    running._database = psycopg2.connect(running.url, connection_factory=Connection)
    running.run()


def _handle(event: Event, actor: Actor) -> None:
    _perhaps_die(event, "begun")
    with change(by=actor, reason="Handled"):
        Memo.objects.create(title=f"Effect of {event.pk}")
    _perhaps_die(event, "written")


def _perhaps_die(event: Event, point: str) -> None:
    if event.facts.get("point") != point:
        return
    try:
        os.close(os.open(Path(os.environ["FAULTS"]) / str(event.pk), os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return  # it killed before
    if event.facts["victim"] == "worker":
        os.killpg(0, signal.SIGKILL)
    _die()


def _die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise SystemExit("nobody gets here")
