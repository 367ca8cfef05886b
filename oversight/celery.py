"""The Celery application: `celery -A oversight.celery worker` and `… beat`."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oversight.settings.dev")

app = Celery("oversight")
app.conf.update(
    broker_url=os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0"),
    broker_connection_retry_on_startup=True,
    # A killed worker's tasks come back within seconds, not after the default hour.
    broker_transport_options={
        "visibility_timeout": 60,
        "unacked_restore_interval": 2,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
    },
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    timezone="UTC",
    # The schedule is code: changing it is a release, and needs no table that somebody could edit.
    beat_schedule={
        "seal the trail": {
            "task": "oversight.kernel.trail.tasks.seal_trail",
            "schedule": 60.0,
            "options": {"expires": 55},
        },
        "note what ran out": {
            "task": "oversight.kernel.clocks.tasks.find_late",
            "schedule": 60.0,
            "options": {"expires": 55},
        },
        "throw away old drafts": {
            "task": "oversight.kernel.records.tasks.throw_away_old_drafts",
            "schedule": crontab(hour=3, minute=20),
        },
    },
)
app.autodiscover_tasks(
    [
        "oversight.kernel.access",
        "oversight.web.accounts",
        "oversight.kernel.trail",
        "oversight.kernel.clocks",
        "oversight.kernel.outbox",
        "oversight.kernel.notifications",
        "oversight.kernel.records",
    ]
)
