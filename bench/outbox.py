"""What an event costs the transaction that writes it (P12)."""

from collections.abc import Iterator

from cdmos.models import Site
from oversight.kernel.access.scope import scope
from oversight.kernel.outbox import publish
from oversight.kernel.trail.change import change

from .race import milliseconds, race_to
from .report import Row
from .world import World

GOAL = 1.35
TURNS = 1_000
REASON = "Corrected the city"


def figures(world: World) -> Iterator[Row]:
    """One audited save with an event beside it, over the same transaction without."""
    with scope(world.staff):
        site = Site.objects.get(pk=world.site)

    def save(turn: int, *, publishing: bool) -> None:
        with change(by=world.staff, reason=REASON):
            site.city, site.version = f"Town {turn} {publishing}", turn
            site.save()
            if publishing:
                publish("site.amended", record=site, by=world.staff, status=site.status)

    runners = {
        "enqueueing": lambda turn: save(turn, publishing=True),
        "saving": lambda turn: save(turn, publishing=False),
    }
    times = race_to(GOAL, TURNS, "enqueueing", "saving", warm_up=50, **runners)
    figure = "audited save with an event in the outbox / the same transaction without"
    yield Row("P12", figure, times["enqueueing"] / times["saving"], goal=GOAL, beside=milliseconds(times))
