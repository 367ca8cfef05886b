"""What has to come first: conditions of moves of the plan, each refusing in a sentence the person can act on."""

from oversight.kernel.access.scope import Actor
from oversight.kernel.workflow.refusals import Refused, listed
from techtransfer.models import Baseline, Milestone, Programme, Scenario
from techtransfer.whatif.adopting import hindrances
from techtransfer.whatif.suppositions import parse


def not_led_by_the_actor(record: Programme, actor: Actor) -> None:
    """Taking twice says nothing new; a program leads nothing."""
    if not actor.user:
        raise Refused("A person has to take it.")
    if record.owner_id == actor.user:
        raise Refused("You lead it already.")


def without_open_steps(record: Programme, actor: Actor) -> None:
    """Steps would be left without their programme."""
    if record.open_steps:
        raise Refused("It has open steps: finish or void them first.")


def follows_no_batch(record: Milestone, actor: Actor) -> None:
    """What makes a batch begins and ends with it."""
    if record.batch_id:
        raise Refused(f"This step follows batch {record.batch_number}: move the batch.")


def of_the_actor(record: Milestone, actor: Actor) -> None:
    """Dates are confirmed by whoever answers for them: the partner, or the sponsor's owner of the step."""
    if not actor.is_partner and (not actor.user or record.owner_id != actor.user):
        raise Refused("The partner or the owner of the step confirms its dates: take it on first.")


def has_a_date(record: Milestone, actor: Actor) -> None:
    """Nothing stands that was never said."""
    if not (record.forecast_end or record.planned_end or record.partner_end):
        raise Refused("It has no date yet: move the date instead.")


def not_confirmed_today(record: Milestone, actor: Actor) -> None:
    """Saying twice on one day says nothing new."""
    if record.confirmed_on == record.today:
        raise Refused("Its dates were confirmed today.")


def not_owned_by_the_actor(record: Milestone, actor: Actor) -> None:
    """Taking twice says nothing new; a program owns nothing."""
    if not actor.user:
        raise Refused("A person has to take it on.")
    if record.owner_id == actor.user:
        raise Refused("It is yours already.")


def no_plan_leads_through_it(record: Milestone, actor: Actor) -> None:
    """What waits for it would wait for nothing."""
    links = [*record.waits_for.all(), *record.leads_to.all()]
    if active := sorted(link.number for link in links if link.status == "ACTIVE"):
        raise Refused(f"The plan leads through it: void {listed(active)} first.")
    if studies := sorted(study.code for study in record.studies.all() if study.status != "VOID"):
        raise Refused(f"{listed(studies)} starts on it: choose another step there first.")


def approved_by_a_second_person(record: Baseline, actor: Actor) -> None:
    """Nobody approves dates of their own; nor does a program."""
    if not actor.user:
        raise Refused("A person has to decide.")
    if actor.user == record.proposed_by:
        raise Refused("You proposed it: somebody else has to approve it.")


def decided_by_a_person(record: Scenario, actor: Actor) -> None:
    """No program turns a supposition into a plan."""
    if not actor.user:
        raise Refused("A person has to decide.")


def of_what_can_be_planned(record: Scenario, actor: Actor) -> None:
    """What the world decides, nobody adopts; each that stands in the way is named."""
    if sentences := hindrances(parse(record.suppositions)):
        raise Refused(*sentences)
