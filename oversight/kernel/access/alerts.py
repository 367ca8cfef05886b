"""Mail to a person about the own account: sent by a worker, so that no answer takes longer for somebody who exists."""

import logging
from typing import Any

from celery import Task
from kombu.exceptions import OperationalError

from .tasks import tell_locked

logger = logging.getLogger(__name__)


def alert_locked(address: str, *, signing: bool) -> None:
    """Tell the person, if there is one, that signing in or signing was locked after five wrong tries."""
    ring(tell_locked, address=address, signing=signing)


def ring(task: "Task[Any, Any]", **facts: object) -> None:
    """Leave it to a worker; with the broker away the mail is lost, and the log says so. The answer is the same."""
    try:
        task.apply_async(kwargs=facts, retry=False)
    except OperationalError:
        logger.exception("%s could not be left to a worker: no mail is sent.", task.name)
