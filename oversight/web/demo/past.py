"""Makes the stories of two years that are over: tales, told by habit; always the same, whenever they are told."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from quality.services.rules import RESPONSES, Side

from . import habits
from .events import Ago, Did, Event, Said
from .habits import DEVELOPMENT, DIRECTOR, HABITS, NOTES, QUALITY, Habit
from .tales import Tale

YOUNGEST = 34  # days ago: what came later is told one by one
CLEAR = 3  # days before the present by which all is over
NOTICE = {"MINOR": 72, "MAJOR": 48, "CRITICAL": 24}  # hours
DAY = 9  # hours of a working day
Act = Did | Said


def past_of(slug: str, present: datetime) -> list[Event]:
    """Every story of that sponsor that is over, the oldest first."""
    made = [event for habit in HABITS[slug] for event in _stories(habit, slug, present)]
    return sorted(made, key=lambda event: event.told_at(present))


def _stories(habit: Habit, slug: str, present: datetime) -> Iterator[Event]:
    oldest = max(since for _, since in habit.sites)
    for turn in range(habit.count):
        dice = Random(f"{slug} {habit.cdmo} {turn}")  # noqa: S311  stories, not secrets
        share = turn / habit.count
        ago = round(oldest - (oldest - YOUNGEST) * share - dice.random() * 4)
        open_sites = [name for name, since in habit.sites if since >= ago]
        tale, told = habit.tales[turn % len(habit.tales)], turn // len(habit.tales)
        yield _Story(habit, slug, present, dice, tale, told, share).told(ago, dice.choice(open_sites))


class _Story:
    """One story while it is made up."""

    def __init__(
        self, habit: Habit, slug: str, present: datetime, dice: Random, tale: Tale, turn: int, share: float
    ) -> None:
        self.habit, self.slug, self.present, self.dice = habit, slug, present, dice
        self.tale, self.turn, self.share = tale, turn, share
        # Dice of their own: how often they fall depends on weekends, and nobody's fate may.
        self.hours = Random(f"{slug} {habit.cdmo} {tale.title} {turn}")  # noqa: S311
        self.severity = tale.severity_of(turn)
        self.acts: list[tuple[datetime, Act]] = []

    def told(self, ago: int, site: str) -> Event:
        """The event with all that was done since, in the order of time."""
        habit, dice = self.habit, self.dice
        who = dice.choice(habit.people)
        day = self.present - timedelta(days=ago)
        day -= timedelta(
            days=max(0, day.weekday() - 4) * dice.randint(0, 1)
        )  # half of a weekend's to the Friday before
        aware = self._office(day, habit.hour, spread=5)
        late = dice.random() < habit.told_late
        limit = NOTICE[self.severity] * 60
        minutes = limit + dice.randint(90, 1800) if late else dice.randint(*habit.told)
        told = self._soon(aware, timedelta(minutes=minutes), habit.hour)
        if not late and told - aware > timedelta(minutes=limit):  # a weekend in between is no excuse
            told = aware + timedelta(minutes=habit.told[0])
        slow = dice.random() < habit.contained_late
        last = dice.randint(62, 96) if slow else dice.randint(*habit.contained)
        values = {
            "title": self.tale.filled(self.tale.title, self.turn),
            "description": self.tale.filled(self.tale.text, self.turn),
            "severity": self.severity,
            "event_type": self.tale.kind,
            "partner_number": habit.number(self.share),
        }
        self._live(told, who)
        self.acts.sort(key=lambda act: act[0])
        return Event(
            cdmo=habit.cdmo,
            site=site,
            by=who,
            aware=Ago.at_moment(aware, self.present),
            told=round((told - aware) / timedelta(minutes=1)),
            occurred=dice.choice((5, 12, 20, 35, 60, 95, 240)),
            contained=tuple(round(last * part) for part in (0.12, 0.3, 0.55, 0.8, 1)),
            values=values,
            since=tuple(act for _, act in self.acts),
        )

    def _live(self, told: datetime, who: str) -> None:
        dice, habit = self.dice, self.habit
        reviewer, closer = dice.sample(QUALITY[self.slug], 2)
        accepted = self._soon(told, timedelta(hours=dice.choice((1, 2, 4, 18, 20, 22))), 7)
        if dice.random() < habit.void:
            moment = self._soon(told, timedelta(hours=dice.randint(3, 40)), 7)
            self._did(moment, DIRECTOR[self.slug], "void", dice.choice(habits.VOIDED))
            return
        self._did(accepted, reviewer, "accept-report")
        done = self._tasks(told)
        asked = self._soon(accepted, timedelta(days=dice.randint(2, 5)), 8)
        days = dice.randint(32, 44) if dice.random() < habit.answered_late else dice.randint(*habit.answered)
        room = (self.present - told).days - CLEAR - 14  # the youngest stories have to be over, too
        answered = self._soon(told, timedelta(days=max(3, min(days, room - 16 if room < 60 else days))), habit.hour)
        answered = max(answered, asked + timedelta(days=1))
        for _ in range(self._returns() if room >= 60 else 0):
            weak = dice.choice(habits.WEAK)
            self._answer(
                answered, who, dict(zip(("root_cause", "root_cause_category", "second_cause"), weak, strict=True))
            )
            back = self._soon(answered, timedelta(days=dice.randint(1, 4)), 7)
            self._did(back, reviewer, "return-root-cause", dice.choice(habits.RETURNED))
            answered = self._soon(back, timedelta(days=dice.randint(4, 9)), habit.hour)
        self._answer(answered, who, {})
        reviewed = self._soon(answered, timedelta(days=dice.randint(1, 4)), 7)
        self._did(reviewed, reviewer, "accept-root-cause", dice.choice(habits.ACCEPTED))
        closed = self._soon(max(reviewed, done), timedelta(days=dice.randint(1, 6)), 7)
        self._did(closed, closer, "close", dice.choice(habits.CLOSED))
        self._talk(asked, reviewer, who)

    def _returns(self) -> int:
        once, twice = self.habit.returned
        fate = self.dice.random()
        return 2 if fate < twice else 1 if fate < once + twice else 0

    def _answer(self, moment: datetime, who: str, weak: dict[str, str]) -> None:
        self._did(moment, who, "submit-root-cause", "", self.tale.answer(self.turn) | weak)

    def _tasks(self, told: datetime) -> datetime:
        """Each task by somebody of its side, mostly within its limit; answers when the last one is done."""
        dice, last = self.dice, told
        for rule in RESPONSES[self.tale.kind].steps:
            partner = rule.side == Side.CDMO
            hours = dice.randint(1, 3) if rule.unit == "HOURS" else 24 * dice.randint(1, min(12, rule.limit))
            moment = told + timedelta(hours=hours)
            if rule.unit != "HOURS":
                moment = self._soon(told, timedelta(hours=hours), self.habit.hour if partner else 7)
            team = self.habit.people if partner else dice.choice((QUALITY[self.slug], DEVELOPMENT[self.slug]))
            who = dice.choice(team)
            if not partner and dice.random() < 0.4:
                self.acts.append(
                    (
                        told + timedelta(minutes=40),
                        Did(self._ago(told + timedelta(minutes=40)), who, "take", task=rule.name),
                    )
                )
            note = {"note": dice.choice(NOTES[rule.name])}
            self.acts.append((moment, Did(self._ago(moment), who, "finish", values=note, task=rule.name)))
            last = max(last, moment)
        return last

    def _talk(self, asked: datetime, reviewer: str, who: str) -> None:
        dice = self.dice
        if dice.random() < 0.35:
            question, reply = dice.choice(habits.ASKED)
            self._said(asked, reviewer, question, shared=True)
            self._said(asked + timedelta(minutes=dice.randint(15, 170)), who, reply, shared=True)
        if dice.random() < 0.3:
            self._said(asked + timedelta(minutes=7), reviewer, dice.choice(habits.REMARKS), shared=False)

    def _did(
        self, moment: datetime, by: str, move: str, reason: str = "", values: dict[str, str] | None = None
    ) -> None:
        self.acts.append((moment, Did(self._ago(moment), by, move, reason, values or {})))

    def _said(self, moment: datetime, by: str, text: str, *, shared: bool) -> None:
        self.acts.append((moment, Said(self._ago(moment), by, text, shared)))

    def _ago(self, moment: datetime) -> Ago:
        return Ago.at_moment(moment, self.present)

    def _soon(self, after: datetime, wait: timedelta, hour: int) -> datetime:
        """That much later, or on the next working day if nobody works then."""
        moment = after + wait
        if moment.weekday() < 5 and hour <= moment.hour < hour + DAY:
            return moment
        following = moment if moment.hour < hour and moment.weekday() < 5 else moment + timedelta(days=1)
        return self._office(following, hour)

    def _office(self, day: datetime, hour: int, spread: int = 3) -> datetime:
        """Some time in the working hours of that day, or of the next working day."""
        while day.weekday() > 4:
            day += timedelta(days=1)
        start = day.replace(hour=hour, minute=0, second=0, microsecond=0)
        return start + timedelta(minutes=self.hours.randint(5, spread * 60))
