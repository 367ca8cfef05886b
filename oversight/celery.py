"""The Celery application: `celery -A oversight.celery worker` and `… beat`."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oversight.settings.dev")

app = Celery("oversight", task_cls="oversight.kernel.tasks:PunctualTask")
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
        "follow the day": {
            "task": "techtransfer.tasks.follow_the_days",
            "schedule": crontab(minute="5,35"),
            "options": {"expires": 1500},
        },
        "look for delays": {
            "task": "techtransfer.tasks.look_for_delays",
            "schedule": crontab(hour=4, minute=10),
            "options": {"expires": 3600},
        },
        "give up simulations": {
            "task": "techtransfer.tasks.give_up_simulations",
            "schedule": crontab(minute="*/10"),
            "options": {"expires": 550},
        },
        "throw away old simulations": {
            "task": "techtransfer.tasks.throw_away_old_simulations",
            "schedule": crontab(hour=3, minute=30),
        },
        "end old scenarios": {
            "task": "techtransfer.tasks.end_old_scenarios",
            "schedule": crontab(hour=2, minute=40),
            "options": {"expires": 3600},
        },
        "expire plan files": {
            "task": "techtransfer.tasks.expire_imports",
            "schedule": crontab(minute=50),
            "options": {"expires": 1500},
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
        "techtransfer",
    ]
)
