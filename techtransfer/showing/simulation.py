"""What the latest simulation adds to the page of a programme: one figure above it, and a panel beside the plan."""

from dataclasses import dataclass
from typing import Any

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import place
from techtransfer.models import Programme, Simulation
from techtransfer.models.simulation import FEWEST, MOST, USUAL
from techtransfer.simulation.asking import CAPABILITY
from techtransfer.simulation.reading import Odds, Told, latest, problem_of, tell

from .programme import Figure

SURE, LIKELY = 80, 50  # percent
MOST_FIGURES = 4  # in one row: how many steps are done stands under the table, too


@dataclass(frozen=True, slots=True)
class Panel:
    """The latest result, what is under way, and where more is asked for."""

    told: Told | None
    studies: tuple[Odds, ...]
    news: Simulation | None  # one after it that is still waited for, or was not possible
    url: str
    news_url: str
    news_problem: str
    all_url: str
    ask_url: str
    fewest: int = FEWEST
    most: int = MOST
    runs: int = USUAL


def panel(programme: Programme, actor: Actor) -> Panel:
    """Read it in one statement; of whoever sees only some CDMOs, in two."""
    done, news = latest(programme, by=actor)
    told = tell(done, by=actor) if done else None
    all_url = place("programmes-simulations", actor, pk=programme.pk)
    asks = actor.can(CAPABILITY) and actor.cdmos is None and programme.status == Programme.Status.ACTIVE
    return Panel(
        told,
        told.studies if told else (),
        news,
        one_url(done, actor) if done else "",
        one_url(news, actor) if news else "",
        problem_of(news, by=actor) if news else "",
        all_url,
        all_url if asks else "",
    )


def one_url(simulation: Simulation, actor: Actor) -> str:
    """The page of one simulation."""
    return place("programmes-simulation", actor, pk=simulation.programme_id, simulation=simulation.pk)


def with_odds(figures: list[Figure], shown: Panel, first: int | None) -> list[Figure]:
    """The figures with the chance to hold the day of study `first`, right after that day."""
    odds = next((odds for odds in shown.studies if odds.id == first), None)
    chance = odds.first_chance if odds else None
    if odds is None or chance is None:
        return figures
    label = f"Chance to hold {chance.day.day} {chance.day:%B}"
    tone, glyph = tone_of(chance.runs, chance.of)
    figure = Figure(label, chance.percent, f"advisory, from {odds.runs:,} runs", shown.url, tone, glyph)
    return [*figures[:1], figure, *figures[1:]][:MOST_FIGURES]


def tone_of(runs: int, of: int) -> tuple[str, str]:
    """Quiet while the day is likely to be held."""
    share = 100 * runs / of
    return ("", "") if share >= SURE else ("warn", "warn") if share >= LIKELY else ("danger", "warn")


def beside(programme: Programme, figures: list[Figure], first: int | None, actor: Actor) -> dict[str, Any]:
    """What the page of the programme takes."""
    shown = panel(programme, actor)
    return {"simulation": shown, "figures": with_odds(figures, shown, first)}
