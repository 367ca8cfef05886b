"""`/healthz`: whether this instance can serve, for a load balancer, a container's health check and a person."""

import threading
import time
from collections.abc import Callable

from celery.exceptions import CeleryError
from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe
from kombu.exceptions import KombuError
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from oversight.celery import app
from oversight.kernel.access import demo
from oversight.kernel.database import clock
from oversight.kernel.outbox import relay
from oversight.kernel.trail import seals

REMEMBERED_SECONDS = 5.0
BROKER_SECONDS = 0.3
WORKER_SECONDS = 0.7


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Say how each part is: 503 while nobody could work here, else 200, even when broker or workers are away."""
    database, broker = _database(), _broker()
    ahead = 0.0 if database == "unreachable" else clock.seconds_ahead()
    status = {"ok": "ok", "unreachable": "unavailable"}.get(database, "starting")
    if told_wrong := abs(ahead) > clock.MOST:
        status = "unavailable"
    parts = {
        "status": status,
        "database": database,
        "clock": clock.in_words(ahead) if told_wrong else "ok",
        "broker": broker,
        "worker": _worker() if broker == "ok" else "no answer",
        "relay": _relay() if broker == "ok" else "no answer",
        "seal": seals.health() if database == "ok" else "unknown",
    }
    headers = {"Cache-Control": "no-store"}
    return JsonResponse(parts, status=200 if status == "ok" else 503, headers=headers)


class Lasting:
    """A condition that stays true once it was: asked until then, remembered from then on."""

    def __init__(self, ask: Callable[[], bool]) -> None:
        self._ask, self._is_true = ask, False

    def __call__(self) -> bool:
        """Whether the condition has come true."""
        if not self._is_true:
            self._is_true = self._ask()
        return self._is_true


class Remembered:
    """An answer that is worth waiting for only now and then: one request asks, the others get the last one."""

    def __init__(self, ask: Callable[[], str]) -> None:
        self._ask, self._turn = ask, threading.Lock()
        self._answer, self._asked_at = "pending", float("-inf")

    def __call__(self) -> str:
        """The answer, at most a few seconds old unless somebody is asking just now."""
        if time.monotonic() - self._asked_at > REMEMBERED_SECONDS and self._turn.acquire(blocking=False):
            try:
                self._answer = self._ask()
                self._asked_at = time.monotonic()
            finally:
                self._turn.release()
        return self._answer


def _plan_is_empty() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _ping_worker() -> str:
    try:
        # A connection of its own: one from the pool may be stale after the broker was restarted.
        with app.connection_for_write(connect_timeout=WORKER_SECONDS) as broker:
            return "ok" if app.control.ping(timeout=WORKER_SECONDS, limit=1, connection=broker) else "no answer"
    except (CeleryError, KombuError, RedisError, OSError):
        return "no answer"


_is_migrated = Lasting(_plan_is_empty)
_is_demo_loaded = Lasting(demo.is_loaded)
_worker = Remembered(_ping_worker)
_broker_client = Redis.from_url(
    app.conf.broker_url,
    socket_connect_timeout=BROKER_SECONDS,
    socket_timeout=BROKER_SECONDS,
    retry=Retry(NoBackoff(), 0),
)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return "unreachable"
    try:
        if not _is_migrated():
            return "migrating"
        return "loading" if settings.DEMO and not _is_demo_loaded() else "ok"
    except Error:  # the tables that would tell are not there yet
        return "migrating"


def _relay() -> str:
    try:
        return relay.standing(_broker_client)
    except RedisError:
        return "no answer"


def _broker() -> str:
    try:
        _broker_client.ping()
    except RedisError:
        return "unreachable"
    return "ok"
