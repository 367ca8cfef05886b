"""What beat asks of the forecasts: a day that passed moves what should have begun and has not."""

from django.db import connection
from django.utils import timezone

from oversight.celery import app
from oversight.kernel.access.scope import Actor
from oversight.kernel.tasks import TenantTask

from .causes import Cause
from .exchange import keeping
from .forecast import Reasons, recascade
from .models import Programme
from .ports import PORTS
from .services import scenario
from .simulation import ending
from .warning.looking import look

A_DAY_PASSED = Reasons(Cause(words="A day has passed"))
PATIENCE = 1500  # seconds, after which the next round asks again


@app.task(time_limit=50)
def follow_the_days() -> None:
    """Hand each sponsor its own; a broker that is away now is asked again."""
    for tenant in _tenants():
        follow_the_day.apply_async(kwargs={"tenant": tenant}, expires=PATIENCE)


@app.task(base=TenantTask, time_limit=50)
def follow_the_day(*, actor: Actor) -> None:
    """Hand on each programme of one sponsor whose dates are of an earlier day (UTC).

    Each is a task, and so a transaction, of its own: none waits for the others, nor falls with one that fails.
    """
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Programme.objects.visible_to(actor).filter(status=Programme.Status.ACTIVE, forecast_at__lt=midnight)
    for programme in rows.order_by("pk").values_list("pk", flat=True):
        follow_a_programme.apply_async(kwargs={"tenant": actor.tenant, "programme": programme}, expires=PATIENCE)


@app.task(base=TenantTask, time_limit=300)
def follow_a_programme(*, actor: Actor, programme: int) -> None:
    """Ask again how long its holds may take, and compute its dates."""
    PORTS.a_day_passed(programme, actor, A_DAY_PASSED)
    recascade(programme, by=actor, reasons=A_DAY_PASSED)


@app.task(time_limit=50)
def look_for_delays() -> None:
    """Hand each sponsor its own, once a day: what nobody says anything of grows later by itself."""
    for tenant in _tenants():
        look_for_the_delays.apply_async(kwargs={"tenant": tenant}, expires=PATIENCE)


@app.task(base=TenantTask, time_limit=300)
def look_for_the_delays(*, actor: Actor) -> None:
    """Say which steps of one sponsor are likely to end late; closed programmes let go of their warnings."""
    rows = Programme.objects.visible_to(actor).exclude(status=Programme.Status.VOID)
    look(list(rows.order_by("pk").values_list("pk", flat=True)), by=actor)


@app.task(time_limit=50)
def give_up_simulations() -> None:
    """Hand each sponsor its own."""
    for tenant in _tenants():
        give_up_simulations_of.apply_async(kwargs={"tenant": tenant}, expires=PATIENCE)


@app.task(base=TenantTask, time_limit=50)
def give_up_simulations_of(*, actor: Actor) -> None:
    """Say of the simulations of one sponsor that nobody makes any more that they failed."""
    ending.give_up(by=actor)


@app.task(time_limit=300)
def throw_away_old_simulations() -> None:
    """Refreshes are kept for a week after the next one."""
    ending.throw_away_old()


@app.task(time_limit=50)
def end_old_scenarios() -> None:
    """Hand each sponsor its own."""
    for tenant in _tenants():
        end_scenarios.apply_async(kwargs={"tenant": tenant}, expires=PATIENCE)


@app.task(base=TenantTask, time_limit=50)
def end_scenarios(*, actor: Actor) -> None:
    """End the scenarios of one sponsor that were kept long enough."""
    scenario.expire(by=actor)


@app.task(time_limit=50)
def expire_imports() -> None:
    """Hand each sponsor its own plan files that nobody took in."""
    for tenant in _tenants():
        expire_imports_of.apply_async(kwargs={"tenant": tenant}, expires=PATIENCE)


@app.task(base=TenantTask, time_limit=50)
def expire_imports_of(*, actor: Actor) -> None:
    """Let nobody take in what has waited for a day, and let its bytes go."""
    keeping.expire(by=actor)


def _tenants() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant FROM access.tenants_with_programmes()")
        return [tenant for (tenant,) in cursor.fetchall()]
