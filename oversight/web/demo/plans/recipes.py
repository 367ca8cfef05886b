"""How a batch of each stage is planned in the demo world: the steps around it, and what they wait for."""

from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from .told import OURS, After, BatchTold, LotTold, Place, Step

WORKING = "WORKING"
SHORT = {"DS": "DS", "DP": "DP", "PACKAGED": "PK"}
Days = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What all batches of one stage of a product have in common."""

    stage: str  # DS, DP or PACKAGED
    name: str  # Drug substance
    at: Place
    scale: str
    unit: str
    target: int
    months: int
    make: Days
    prepare: tuple[str, Days]  # what is got ready for it
    number: str  # of the partner's own
    test: tuple[Place, Days] | None = None
    record: Days = (8, 11, 16)
    release: Days = (6, 8, 12)
    location: str = ""
    owner: str = "anders.lindqvist"
    releaser: str = "pascal.renard"
    kind: str = "MANUFACTURE"


@dataclass(frozen=True, slots=True)
class Made:
    """The steps of one batch, and the batch."""

    steps: tuple[Step, ...]
    batch: BatchTold

    @property
    def released(self) -> After:
        """To wait for its release."""
        return After(self.batch.release)

    @property
    def made(self) -> After:
        """To wait until it is made."""
        return After(self.batch.make)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What is particular about one batch: when it was to begin, and what came of that."""

    n: int
    at: int  # the day on which it was planned to begin, counted from the present
    slip: int = 0  # days by which it began later
    late: int = 0  # working days that making took more than was likely
    tested: int = 0  # the same of its tests
    recorded: int = 0  # the same of its record
    reviewed: int = 0  # the same of the review
    number: int | None = None  # the partner's, if not counted on
    purpose: str = "CLINICAL"
    campaign: str = ""
    of: tuple[tuple[Made, str], ...] = ()  # what it is made of, and how much
    after: tuple[After, ...] = ()
    line: str = ""
    site: Place | None = None
    rejected: str = ""
    replaces: str = ""
    lots: tuple[LotTold, ...] = ()
    share: str = ""
    held: tuple[int, str, str] = (0, "", "")
    ship: str = ""  # how what it is made of gets there
    more: tuple[Step, ...] = field(default=())


def batch(recipe: Recipe, turn: Turn) -> Made:
    """Preparation, manufacture, tests, record and release of one batch."""
    key, label = f"{SHORT[recipe.stage]}{turn.n}", f"{recipe.name} {turn.n}"
    place = turn.site or recipe.at
    what, days = recipe.prepare
    steps = [
        Step(
            key=f"{key}-ready",
            title=f"{what} for {label[0].lower()}{label[1:]}",
            step="OTHER",
            stage=recipe.stage,
            at=place,
            days=days,
            owner=recipe.owner,
            not_before=turn.at - round(days[1] * 1.4) - 30,
        )
    ]
    before = [After(f"{key}-ready"), *turn.after]
    if turn.of:
        waits = tuple(part.released for part, _ in turn.of)
        steps.append(_shipment(key, label, recipe, turn, place, waits))
        before.append(After(f"{key}-ship"))
    steps.append(
        Step(
            key=f"{key}-make",
            title=f"{label}, {recipe.scale}",
            step=recipe.kind,
            stage=recipe.stage,
            at=place,
            days=recipe.make,
            after=tuple(before),
            owner=recipe.owner,
            line=turn.line,
            not_before=None if turn.line else turn.at,  # a fill line has its slots
            began=None if turn.line else turn.at + turn.slip,
            late=turn.late,
        )
    )
    ends = [After(f"{key}-record", "FF", 4, WORKING)]
    if recipe.test:
        steps.append(_tests(key, label, recipe, turn))
        ends.append(After(f"{key}-test", "FF", 3, WORKING))
    steps.append(
        Step(
            key=f"{key}-record",
            title=f"Batch record of {label[0].lower()}{label[1:]}",
            step="RELEASE",
            stage=recipe.stage,
            at=place,
            days=recipe.record,
            after=(After(f"{key}-make"),),
            owner=recipe.releaser,
            late=turn.recorded,
        )
    )
    steps.append(
        Step(
            key=f"{key}-release",
            title=f"Review and release of {label[0].lower()}{label[1:]}",
            step="RELEASE",
            stage=recipe.stage,
            at=OURS,
            days=recipe.release,
            after=(After(f"{key}-make", "FS", -1), *ends),  # it begins on the day on which the batch is made
            owner=recipe.releaser,
            late=turn.reviewed,
        )
    )
    return Made((*steps, *turn.more), _batch(key, recipe, turn, place))


def _shipment(key: str, label: str, recipe: Recipe, turn: Turn, place: Place, waits: tuple[After, ...]) -> Step:
    return Step(
        key=f"{key}-ship",
        title=f"{turn.ship or 'Shipment'} for {label[0].lower()}{label[1:]}",
        step="SHIPMENT",
        stage=recipe.stage,
        at=place,
        days=(2, 3, 6),
        after=waits,
        owner="hanna.weiss" if recipe.owner != "neil.ashby" else recipe.owner,
        every_day=True,
    )


def _tests(key: str, label: str, recipe: Recipe, turn: Turn) -> Step:
    laboratory, days = recipe.test or (OURS, (0, 0, 0))
    # Vials are inspected while the first samples are tested; drug substance is sampled when it is made.
    begins = After(f"{key}-make", "SS", 4) if recipe.stage == "DP" else After(f"{key}-make", "FS", 2)
    return Step(
        key=f"{key}-test",
        title=f"Release tests of {label[0].lower()}{label[1:]}",
        step="TESTING",
        stage=recipe.stage,
        at=laboratory,
        days=days,
        after=(begins,),
        owner=recipe.owner,
        late=turn.tested,
    )


def _batch(key: str, recipe: Recipe, turn: Turn, place: Place) -> BatchTold:
    dice = Random(f"{recipe.number} {turn.n}")  # noqa: S311  yields, not secrets
    share = (
        Decimal(turn.share) if turn.share else Decimal(round(dice.uniform(0.94, 1.05), 3)).quantize(Decimal("0.001"))
    )
    return BatchTold(
        key=key,
        stage=recipe.stage,
        purpose=turn.purpose,
        at=place,
        partner_number=recipe.number.format(turn.number if turn.number is not None else turn.n),
        make=f"{key}-make",
        record=f"{key}-record",
        release=f"{key}-release",
        scale=recipe.scale,
        unit=recipe.unit,
        target=Decimal(recipe.target),
        share=share,
        months=recipe.months,
        made_of=tuple((part.batch.key, Decimal(amount)) for part, amount in turn.of),
        campaign=turn.campaign,
        location=recipe.location,
        rejected=turn.rejected,
        replaces=turn.replaces,
        lots=turn.lots,
        held=turn.held,
    )
