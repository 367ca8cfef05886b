"""The Celery base task of everything that works on a sponsor's data."""

from typing import Any

from celery import Task

from .access.scope import Actor, scope


class TenantTask(Task):
    """Called with `tenant=…` and ids as keywords; its body gets `actor` and runs in one transaction of that tenant.

    `request` is the id of the request that caused the task: the trail of both carries it.
    """

    abstract = True
    typing = False  # the caller passes the tenant, the body receives the actor
    acks_late = True
    reject_on_worker_lost = True
    ignore_result = True

    def __call__(self, *, tenant: int, request: str = "", **keywords: Any) -> Any:
        actor = Actor(tenant=tenant, name="Oversight", source="task", request=request or self.request.id or "")
        with scope(actor):
            return self.run(actor=actor, **keywords)
