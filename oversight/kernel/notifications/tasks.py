"""What the relay rings for: a letter that is due."""

from oversight.celery import app

from . import posting


@app.task(name="notifications.post", reject_on_worker_lost=False, time_limit=120)
def post(*, tenant: int, row: int) -> None:
    """Send letter `row` of `tenant`."""
    posting.post(tenant=tenant, letter=row)
