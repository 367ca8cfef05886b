"""Who asks for runs: a person, or the cascade when it has moved a date."""

from django.db import connection

from oversight.kernel.access.scope import Actor
from oversight.kernel.outbox import publish
from oversight.kernel.outbox.models import Event
from oversight.kernel.trail.change import change
from oversight.kernel.workflow.refusals import Refused
from techtransfer.models import Milestone, Programme, Simulation, Study
from techtransfer.models.simulation import FEWEST, MOST, USUAL

from .ending import give_up

ASKED = "simulation.asked"
MOST_WAITING = 3
MOST_SEED = 2**63 - 1
CAPABILITY = "programme.amend"  # who may change the plan may ask what it is worth
EMPTY = "The plan has no open step. Add the steps that have still to be done."
NO_STUDY = "No study waits for this plan. Add a planned study, and choose the step on which it starts."
ENOUGH = "Simulations of this programme are still running. Wait for one of them."
NOT_ACTIVE = "This programme is not active any more: nothing of it is to come."
OUT_OF_RANGE = f"Choose between {FEWEST:,} and {MOST:,} runs."
NO_SEED = f"A seed is a whole number from 0 to {MOST_SEED}."
NARROWED = "A simulation is of the whole plan. Ask somebody who sees every step."

# At most one a minute: one that waits says for all that move meanwhile, and begins a minute after the one before.
_REFRESH = """
INSERT INTO techtransfer_simulation (tenant_id, programme_id, status, problem, why, runs, runs_done, seed, asked_by,
                                     asked_name, asked_at, due_at, is_reused)
SELECT %(tenant)s, p.id, 'QUEUED', '', 'CASCADE', %(runs)s, 0, %(seed)s, 0, '', clock_timestamp(),
       greatest(clock_timestamp(), (SELECT max(s.due_at) + interval '1 minute' FROM techtransfer_simulation s
                                     WHERE s.tenant_id = p.tenant_id AND s.programme_id = p.id AND s.why = 'CASCADE')),
       false
  FROM techtransfer_programme p
 WHERE p.tenant_id = %(tenant)s AND p.id = %(programme)s AND p.status = 'ACTIVE'
   AND EXISTS (SELECT FROM techtransfer_study y WHERE y.tenant_id = p.tenant_id AND y.programme_id = p.id
                  AND y.status = 'PLANNED' AND y.first_patient_in_id IS NOT NULL)
    ON CONFLICT DO NOTHING RETURNING id
"""


def seed_of(programme: Programme) -> int:
    """The seed where nobody chose one: the same for a programme, so that its runs differ by its plan alone."""
    return int(programme.pk)


def objections(programme: Programme, *, by: Actor) -> list[str]:
    """Why no runs can be asked for now, in sentences; what only the runs find out is said with them."""
    if by.cdmos is not None:
        return [NARROWED]
    if programme.status != Programme.Status.ACTIVE:
        return [NOT_ACTIVE]
    steps = Milestone.objects.visible_to(by).filter(programme=programme, status__in=Milestone.OPEN)
    studies = Study.objects.visible_to(by).filter(programme=programme, status=Study.Status.PLANNED)
    if not steps.exists():
        return [EMPTY]
    if not studies.exclude(first_patient_in=None).exists():
        return [NO_STUDY]
    return [programme.forecast_problem] if programme.forecast_problem else []


def ask(programme: Programme, *, runs: int = USUAL, seed: int | None = None, by: Actor) -> Simulation:
    """Note that `by` wants so many runs; the outbox sees to it that they are made."""
    if not FEWEST <= runs <= MOST:
        raise Refused(OUT_OF_RANGE)
    if seed is not None and not 0 <= seed <= MOST_SEED:
        raise Refused(NO_SEED)
    if unmet := objections(programme, by=by):
        raise Refused(*unmet)
    give_up(programme=programme.pk, by=by)  # what will never end keeps nobody from asking
    rows = Simulation.objects.visible_to(by).filter(programme=programme, why=Simulation.Why.PERSON)
    waiting = rows.filter(status__in=(Simulation.Status.QUEUED, Simulation.Status.RUNNING))
    if len(waiting.values_list("pk")[:MOST_WAITING]) >= MOST_WAITING:
        raise Refused(ENOUGH)
    with change(by=by, reason="Asked for a simulation"):
        simulation = Simulation.objects.create(
            tenant_id=by.tenant,
            programme=programme,
            why=Simulation.Why.PERSON,
            runs=runs,
            seed=seed_of(programme) if seed is None else seed,
            asked_by=by.user or 0,
            asked_name=by.name,
        )
        publish(ASKED, record=simulation, by=by)
    return simulation


def refresh(programme: Programme, *, by: Actor) -> Simulation | None:
    """After dates moved: one more, a minute after the last began; None where one that waits says it for this, too."""
    give_up(programme=programme.pk, by=by)  # else one that waits for ever would say it for all that move
    values = {"tenant": by.tenant, "programme": programme.pk, "runs": USUAL, "seed": seed_of(programme)}
    with change(by=by, reason="Dates moved"):
        with connection.cursor() as cursor:
            cursor.execute(_REFRESH, values)
            made = cursor.fetchone()
        if made is None:
            return None
        simulation: Simulation = Simulation.objects.visible_to(by).get(pk=made[0])
        publish(ASKED, record=simulation, by=by)
        events = Event.objects.visible_to(by).filter(kind=Simulation._meta.db_table, record_id=simulation.pk)
        events.filter(name=ASKED).update(due_at=simulation.due_at)  # the relay rings then
    return simulation
