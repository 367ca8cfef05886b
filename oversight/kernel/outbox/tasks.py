"""What the relay rings for. The database knows what is owed: a bell that is lost, or rung twice, changes nothing."""

from oversight.celery import app

from . import delivery, posting


# A task whose process died is not put back by the broker: what kills a worker would kill the next at once. The relay
# rings again, later each time.
@app.task(name="outbox.deliver", reject_on_worker_lost=False, time_limit=600)
def deliver(*, tenant: int, row: int) -> None:
    """Hand event `row` of `tenant` to its subscribers."""
    delivery.deliver(tenant=tenant, event=row)


@app.task(name="outbox.post", reject_on_worker_lost=False, soft_time_limit=45, time_limit=60)
def post(*, tenant: int, row: int) -> None:
    """Send delivery `row` of `tenant` to its webhook."""
    posting.post(tenant=tenant, delivery=row)
