"""The Celery base tasks: of all, and of everything that works on a sponsor's data."""

from typing import Any

from celery import Task

from oversight.kernel.database import clock

from .access.scope import Actor, scope


class PunctualTask(Task):
    """Nothing is done by the wrong clock: the task fails, and whoever rings or plans comes again."""

    abstract = True

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        clock.insist()
        return super().__call__(*arguments, **keywords)


class TenantTask(PunctualTask):
    """Called with `tenant=…` and ids as keywords; its body gets `actor` and runs in one transaction of that tenant.

    `request` is the id of the request that caused the task: the trail of both carries it.
    """

    abstract = True
    typing = False  # the caller passes the tenant, the body receives the actor
    acks_late = True
    reject_on_worker_lost = True
    ignore_result = True

    def __call__(self, *, tenant: int, request: str = "", **keywords: Any) -> Any:
        clock.insist()
        actor = Actor(tenant=tenant, name="Oversight", source="task", request=request or self.request.id or "")
        with scope(actor):
            return self.run(actor=actor, **keywords)
