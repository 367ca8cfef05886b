"""How a programme of the demo world is written down: days count from the present, negative before it."""

from dataclasses import dataclass, field
from decimal import Decimal

Place = tuple[str, str]  # CDMO and site
OURS: Place = ("", "")


@dataclass(frozen=True, slots=True)
class After:
    """One thing that a step waits for."""

    step: str
    link: str = "FS"
    lag: int = 0
    unit: str = "ELAPSED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: as it was planned, and, where that differs, as it went."""

    key: str
    title: str
    step: str
    stage: str
    at: Place = OURS
    days: tuple[int, int, int] = (0, 0, 0)  # optimistic, likely, pessimistic
    after: tuple[After, ...] = ()
    owner: str = "anders.lindqvist"
    line: str = ""
    every_day: bool = False
    not_before: int | None = None
    began: int | None = None  # it could not really begin before that day
    late: int = 0  # days of work that it really took more than was likely
    need_by: int | None = None


@dataclass(frozen=True, slots=True)
class LotTold:
    """So many kits of a packaged batch for a study."""

    study: str
    quantity: int
    destination: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchTold:
    """One batch: its days are those of the steps that make it, send its record and release it."""

    key: str
    stage: str
    purpose: str
    at: Place
    partner_number: str
    make: str
    record: str
    release: str
    scale: str
    unit: str
    target: Decimal
    share: Decimal  # of the target that it yielded
    months: int  # until it expires
    made_of: tuple[tuple[str, Decimal], ...] = ()
    campaign: str = ""
    location: str = ""
    rejected: str = ""  # why, of one that was
    replaces: str = ""
    lots: tuple[LotTold, ...] = ()
    held: tuple[int, str, str] = (0, "", "")  # by the quality unit: how many days ago, by whom, and why


@dataclass(frozen=True, slots=True)
class SlotTold:
    """A slot of a fill line: so many weeks from the Monday of the present week."""

    week: int
    booked: str = ""  # the step
    lost: tuple[int, str, str] = (0, "", "")  # how many days ago, by whom, and why


@dataclass(frozen=True, slots=True)
class WordTold:
    """A partner's word on a step, so many days ago: it ends by that day, or stands as it is."""

    step: str
    ago: int
    by: str
    until: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class StudyTold:
    """A study, the step with which it starts, and the day on which it was to start when it was put on file.

    One that began before there was a plan has no step; its first patient was in on the planned day.
    """

    code: str
    title: str
    starts: str
    planned: int
    owner: str = "marta.oliveira"


@dataclass(frozen=True, slots=True)
class BaselineTold:
    """Dates that were frozen, and signed a day later."""

    ago: int
    title: str
    justification: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeTold:
    """One programme with all that belongs to it."""

    code: str
    name: str
    modality: str
    dosage_form: str
    description: str
    title: str
    phase: str
    markets: tuple[str, ...]
    about: str
    lead: str
    planner: str
    founded: int  # days ago, when the programme was put on file
    opened: int  # days ago, when the plan of today was
    steps: tuple[Step, ...]
    batches: tuple[BatchTold, ...]
    studies: tuple[StudyTold, ...]
    baselines: tuple[BaselineTold, ...]
    approver: str
    line: tuple[Place, str, int] | None = None  # where its fill line stands, its name, and the days of a slot
    slots: tuple[SlotTold, ...] = ()
    campaigns: dict[str, tuple[str, Place]] = field(default_factory=dict)
    words: tuple[WordTold, ...] = ()
    checks: tuple[int, ...] = ()  # days ago on which the dates were computed anew
