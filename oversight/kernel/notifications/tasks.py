"""What the relay rings for: a letter that is due."""

from oversight.celery import app

from . import posting


# A mail server that drips is cut off softly: that counts as a try, where a worker that is killed could note nothing.
@app.task(name="notifications.post", reject_on_worker_lost=False, soft_time_limit=60, time_limit=120)
def post(*, tenant: int, row: int) -> None:
    """Send letter `row` of `tenant`."""
    posting.post(tenant=tenant, letter=row)
