"""The runs themselves, as a worker makes them: for an event, in its transaction, with progress seen by everybody."""

import logging
import platform
import time
from contextlib import closing
from hashlib import sha256

import numpy as np
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from oversight.kernel.access.scope import Actor
from oversight.kernel.outbox.models import Event
from techtransfer.models import Simulation, SimulationResult
from techtransfer.schedule.simulate import MODEL, simulate
from techtransfer.warning.looking import posteriors

from .ending import BROKEN
from .inputs import Impossible, Inputs, canonical, read_inputs
from .results import result_of

Status = Simulation.Status
EVERY = 0.5  # seconds between two words about how far it is

_TELL = """
UPDATE techtransfer_simulation SET status = 'RUNNING', runs_done = %s
 WHERE tenant_id = %s AND id = %s AND status IN ('QUEUED', 'RUNNING')
"""

log = logging.getLogger(__name__)


def make(event: Event, system: Actor) -> None:
    """Make the runs that the event asks for. A worker that dies leaves the event waiting, and another takes it up."""
    rows = Simulation.objects.visible_to(system).select_related("programme")
    simulation = rows.filter(pk=event.record_id).first()
    if simulation is None or not simulation.is_waited_for:
        return
    _tell(simulation, 0)
    try:
        with transaction.atomic():  # whatever goes wrong in it, that it did is still written
            simulation.result, simulation.is_reused = _result(simulation, system)
        simulation.status, simulation.runs_done = Status.DONE, simulation.runs
    except Impossible as why:
        simulation.status, simulation.problem = Status.FAILED, str(why)[:300]
    except (OperationalError, InterfaceError):
        raise  # the database went away: the outbox comes again
    except Exception:
        log.exception("Simulation %s could not be made", simulation.pk)
        simulation.status, simulation.problem = Status.FAILED, BROKEN
    simulation.done_at = timezone.now()
    simulation.save()


def _result(simulation: Simulation, by: Actor) -> tuple[SimulationResult, bool]:
    """The result for these inputs, and whether it was there already."""
    programme = simulation.programme
    inputs = read_inputs(programme, posteriors=posteriors(programme.pk, by=by), by=by)
    key = {
        "programme_id": programme.pk,
        "inputs_sha256": inputs.fingerprint,
        "runs": simulation.runs,
        "seed": simulation.seed,
        "model": MODEL,
        "numpy_version": np.__version__,
        "python_version": platform.python_version(),
    }
    known = SimulationResult.objects.visible_to(by).filter(**key).first()
    if known is not None:
        return known, True
    text = computed(inputs, simulation)
    mark = sha256(text.encode()).hexdigest()
    try:
        with transaction.atomic():
            return SimulationResult.objects.create(tenant_id=by.tenant, **key, result=text, result_sha256=mark), False
    except IntegrityError:  # somebody asked the same at the same moment
        return SimulationResult.objects.visible_to(by).get(**key), True


def computed(inputs: Inputs, simulation: Simulation) -> str:
    """The result as canonical JSON."""
    told = time.monotonic()

    def tell(done: int) -> None:
        nonlocal told
        if time.monotonic() - told > EVERY:
            _tell(simulation, done)
            told = time.monotonic()

    found = simulate(
        inputs.network,
        inputs.plan.today,
        inputs.drawn.draws,
        simulation.runs,
        simulation.seed,
        studies=list(dict.fromkeys(study.step for study in inputs.studies)),
        told=tell,
    )
    return canonical(result_of(inputs, found.finish, found.on_chain))


def _tell(simulation: Simulation, done: int) -> None:
    """On a second connection, since the job's own transaction is seen by nobody until it ends."""
    tenant = simulation.tenant_id
    with closing(connection.copy()) as second, second.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant', %s, false), set_config('app.cdmo', '*', false)", [str(tenant)])
        cursor.execute(_TELL, [done, tenant, simulation.pk])
