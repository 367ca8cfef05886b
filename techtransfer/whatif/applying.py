"""Applies suppositions to a plan: each by the rule by which the house follows what really happens. Nothing is saved.

What is counted from a date (a step slips, a release comes early) is counted from the date that all before it give, the
earlier steps of the chain first.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from techtransfer.forecast.plan import Place, Plan, SlotDay, Step, allotted, calendar_of
from techtransfer.forecast.run import Run, run
from techtransfer.models import Milestone
from techtransfer.schedule import Link

from .ground import RELEASE, Ground
from .suppositions import ORDER, Impossible, Kind, Supposition

Status = Milestone.Status
NOT_HERE = "There is no such {what} in this plan."
# What may go on under quarantine: it moves or works on material that nobody is given before its release.
AT_RISK = {"SHIPMENT", "FILL_FINISH", "PACK_LABEL"}


@dataclass(slots=True)
class Supposed:
    """The plan as it would be, with a short word for each step that something happens to."""

    ground: Ground
    plan: Plan
    slots: list[SlotDay]
    words: dict[int, str] = field(default_factory=dict)

    def put(self, key: int, word: str, **values: object) -> None:
        """Another step in its place."""
        step = self.plan.steps[key]._replace(**values)  # type: ignore[arg-type]
        self.plan = replace(self.plan, steps={**self.plan.steps, key: step})
        self.words[key] = word

    def allot(self) -> None:
        """The slots once more: other steps wait for them, or others are there."""
        waiting = [step for step in self.plan.steps.values() if step.line and step.status == Status.PLANNED]
        on: dict[Place, tuple[int, str]] = {
            (slot.site, slot.line, slot.day): (slot.id, slot.number) for slot in self.slots
        }
        self.plan = replace(self.plan, slots=allotted(waiting, self.slots, self.plan.today), slots_on=on)

    def step(self, number: str, *, is_open: bool = True) -> Step:
        """The step of that number; raises Impossible where there is none that still has to be done."""
        key = self.ground.by_number.get(number)
        if key is None:
            raise Impossible(NOT_HERE.format(what="step"))
        step = self.plan.steps[key]
        if is_open and step.status == Status.DONE:
            raise Impossible(f"{self.ground.name(key)} is done. Choose a step that still has to be done.")
        return step

    def dates(self) -> Run:
        """The dates so far."""
        return run(self.plan, ())


def applied(ground: Ground, suppositions: Iterable[Supposition]) -> Supposed:
    """The plan of all of them together; raises Impossible with the first that cannot be."""
    found = Supposed(ground, ground.plan, list(ground.slots))
    for each in _in_turn(ground, suppositions):
        _RULES[each.kind](found, each)
    return found


def _in_turn(ground: Ground, suppositions: Iterable[Supposition]) -> Sequence[Supposition]:
    several = list(suppositions)
    if len(several) < 2:
        return several
    position = ground.now.network.position
    place = {number: position[key] for number, key in ground.by_number.items()}
    return sorted(several, key=lambda each: (ORDER.index(each.kind), place.get(each.record, 0), each.line))


# The plan.


def _duration(found: Supposed, said: Supposition) -> None:
    step = found.step(said.record)
    if not step.duration:
        raise Impossible(f"{found.ground.name(step.id)} is a moment: it takes no days.")
    found.put(step.id, f"takes {_days(said.days or 0)}", duration=said.days)


def _start_freed(found: Supposed, said: Supposition) -> None:
    step = _planned(found, said)
    found.put(step.id, "starts when it can", earliest_start=None)


def _every_day(found: Supposed, said: Supposition) -> None:
    step = found.step(said.record)
    found.put(step.id, "works every day", calendar=Milestone.Calendar.EVERY_DAY)


def _quarantine(found: Supposed, said: Supposition) -> None:
    """What comes after the release begins with the release's own start condition; what comes after that waits for it.

    So nothing leaves the step that works at risk before the material is released.
    """
    release = found.step(said.record)
    called = found.ground.called
    if called[release.id].step != RELEASE:
        raise Impossible(f"{called[release.id].title} is no release. Choose the release that is not waited for.")
    links = list(found.plan.links)
    before = [link for link in links if link.succ == release.id and link.type == "FS"]
    at_risk = {
        link.succ
        for link in links
        if link.pred == release.id and link.type == "FS" and called[link.succ].step in AT_RISK
    }
    if not before or not at_risk:
        raise Impossible(f"Nothing that could go on under quarantine waits for {called[release.id].title}.")
    kept = [link for link in links if not (link.pred == release.id and link.type == "FS" and link.succ in at_risk)]
    kept += [replace(link, succ=key) for link in before for key in sorted(at_risk)]
    after = {link.succ for link in links if link.pred in at_risk} - at_risk
    kept += [Link(release.id, key) for key in sorted(after)]
    found.plan = replace(found.plan, links=kept)
    for key in at_risk:
        found.words[key] = "under quarantine"


# What happens.


def _rejected(found: Supposed, said: Supposition) -> None:
    """As `batches.services.steps` follows a rejection: nothing of what was done counts, and nothing is held."""
    steps = found.ground.of_batch(said.record)
    if not steps:
        raise Impossible(NOT_HERE.format(what="batch"))
    if any(found.ground.called[key].step == RELEASE and found.plan.steps[key].status == Status.DONE for key in steps):
        raise Impossible(f"{said.record} is released. Only a batch that is not yet decided can be rejected.")
    for key in steps:
        found.put(
            key, "rejected", status=Status.PLANNED, actual_start=None, actual_end=None, partner_end=None,
            again_from=found.plan.today, held_since=None, held_until=None,
        )  # fmt: skip
    found.allot()


def _slot_lost(found: Supposed, said: Supposition) -> None:
    slot = _slot(found, said.record)
    found.slots.remove(slot)
    begins = {key for key, days in found.plan.slots.items() if slot.day in days}
    found.allot()
    for key in begins:
        step = found.plan.steps[key]
        if (step.site, step.line) == (slot.site, slot.line) and found.ground.now.start(key) == slot.day:
            found.words[key] = "slot lost"


def _slot_taken(found: Supposed, said: Supposition) -> None:
    """The step gives its own slot back, and has the other one: of its line, or of another line of its site."""
    step, slot = _planned(found, said), _slot(found, said.slot, "slot")
    if step.site != slot.site or not step.line:
        raise Impossible(f"{slot.number} is not of the site at which {found.ground.name(step.id)} waits for a line.")
    if slot.step is not None:
        raise Impossible(f"{slot.number} is booked already. Choose a free one.", "slot")
    rest = [each._replace(step=None) if each.step == step.id else each for each in found.slots]
    found.slots = [each._replace(step=step.id) if each.id == slot.id else each for each in rest]
    found.put(step.id, "takes another slot", line=slot.line)
    found.allot()


def _hold_ends(found: Supposed, said: Supposition) -> None:
    for key in _held(found, said.record):
        step = found.plan.steps[key]
        stopped = step.stopped + _stood_still(found, step)
        found.put(key, "hold over", held_since=None, held_until=None, stopped=stopped)


def _stood_still(found: Supposed, step: Step) -> int:
    """Days of work that went by under the hold, of the making alone: as when it is really lifted."""
    if step.held_since is None or found.ground.called[step.id].step == RELEASE:
        return 0
    since, today = max(step.held_since, step.actual_start or step.held_since), found.plan.today
    if since >= today:
        return 0
    calendar = found.plan.calendars.get(calendar_of(step) or "")
    return calendar.count(since, today) if calendar else today - since


def _hold_later(found: Supposed, said: Supposition) -> None:
    """An open hold is never over already: it is counted from tomorrow at the earliest."""
    for key in _held(found, said.record):
        until = max(found.plan.steps[key].held_until or 0, found.plan.today + 1)
        found.put(key, "held longer", held_until=until + (said.days or 0))


def _release_early(found: Supposed, said: Supposition) -> None:
    """It takes so many days less, never less than one."""
    step = _release(found, said)
    dates, days = found.dates(), said.days or 0
    start, end = dates.start(step.id), dates.end(step.id)
    if step.status == Status.IN_PROGRESS:
        sooner = max(end - days, found.plan.today)
        found.put(step.id, "released early", partner_end=sooner, confirmed_on=found.plan.today)
        return
    calendar = found.plan.calendars.get(calendar_of(step) or "")
    until = max(end - days + 1, start + 1)
    left = calendar.count(start, until) if calendar else until - start
    promised = None if step.partner_end is None else until - 1
    found.put(step.id, "released early", duration=max(min(left, step.duration), 1), partner_end=promised)


def _release_late(found: Supposed, said: Supposition) -> None:
    _later_by(found, _release(found, said), said.days or 0, "released late")


def _later(found: Supposed, said: Supposition) -> None:
    _later_by(found, found.step(said.record), said.days or 0, "slips")


def _later_by(found: Supposed, step: Step, days: int, word: str) -> None:
    """As if whoever does it had moved its date today: so many days after the present one, or the next work day."""
    until = found.dates().end(step.id) + days
    calendar = found.plan.calendars.get(calendar_of(step) or "")
    if calendar is not None and until < calendar.horizon:
        until = calendar.snap(until)
    found.put(step.id, word, partner_end=until, confirmed_on=found.plan.today)


# What they are about.


def _planned(found: Supposed, said: Supposition) -> Step:
    step = found.step(said.record)
    if step.status != Status.PLANNED:
        raise Impossible(f"{found.ground.name(step.id)} has begun. Choose a step that has not.")
    return step


def _release(found: Supposed, said: Supposition) -> Step:
    step = found.step(said.record)
    if found.ground.called[step.id].step != RELEASE:
        raise Impossible(f"{found.ground.name(step.id)} is no release. Say that it slips, or choose a release.")
    return step


def _slot(found: Supposed, number: str, field: str = "record") -> SlotDay:
    slot = next((each for each in found.slots if each.number == number), None)
    if slot is None:
        raise Impossible("There is no such slot that is open or booked on a line of this plan.", field)
    return slot


def _held(found: Supposed, number: str) -> list[int]:
    steps = [key for key in found.ground.held_by(number) if found.plan.steps[key].held_since is not None]
    if not steps:
        raise Impossible(f"{number} holds no step of this plan.")
    return steps


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


_RULES: dict[Kind, Callable[[Supposed, Supposition], None]] = {
    Kind.DURATION: _duration,
    Kind.START_FREED: _start_freed,
    Kind.EVERY_DAY: _every_day,
    Kind.QUARANTINE: _quarantine,
    Kind.BATCH_REJECTED: _rejected,
    Kind.SLOT_LOST: _slot_lost,
    Kind.SLOT_TAKEN: _slot_taken,
    Kind.HOLD_ENDS: _hold_ends,
    Kind.HOLD_LATER: _hold_later,
    Kind.RELEASE_EARLY: _release_early,
    Kind.RELEASE_LATE: _release_late,
    Kind.STEP_LATER: _later,
}
