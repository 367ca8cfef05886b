"""The base task: a scope of its own, a trail that says `task`, nothing of another sponsor."""

import pytest

from oversight.celery import app
from oversight.kernel.access.scope import Actor, scope, told
from oversight.kernel.tasks import TenantTask
from oversight.kernel.trail.change import change
from tests.cast import World
from tests.support.models import Memo


@app.task(base=TenantTask, name="tests.note", shared=False)
def note(*, actor: Actor, title: str) -> int:
    with change(by=actor, reason="Nightly"):
        return Memo.objects.create(title=title).pk


@app.task(base=TenantTask, name="tests.rename", shared=False)
def rename(*, actor: Actor, memo: int) -> None:
    with change(by=actor, reason="Nightly"):
        record = Memo.objects.visible_to(actor).get(pk=memo)
        record.title = "Renamed"
        record.save()


def test_a_task_works_in_its_tenant_and_says_so(world: World) -> None:
    pk = note(tenant=world.acme.pk, request="req-9", title="By a task")
    assert told() is None
    with scope(world.nina):
        version = Memo.history.get(id=pk)
        assert (version.history_user_id, version.history_user_name) == (None, "Oversight")
        assert (version.history_source, version.history_role, version.history_request) == ("task", "system", "req-9")


def test_a_task_finds_nothing_of_another_sponsor(world: World) -> None:
    pk = note(tenant=world.acme.pk, title="Acme's")
    with pytest.raises(Memo.DoesNotExist):
        rename(tenant=world.rival.pk, memo=pk)
    rename(tenant=world.acme.pk, memo=pk)
    with scope(world.nina):
        assert Memo.history.filter(id=pk).count() == 2


def test_a_task_that_fails_leaves_nothing(world: World) -> None:
    with pytest.raises(TypeError):
        note(tenant=world.acme.pk, title="x", nonsense=1)
    with scope(world.nina):
        assert Memo.history.count() == 0
