"""What the scope costs the reader: a page of a sorted list through `visible_to` and the policies, over a plain one."""

from collections.abc import Callable, Iterator

from django.db import transaction
from django.db.models.functions import Lower

from cdmos.models import Site
from oversight.kernel.access.scope import Actor, scope

from .plain import PlainSite
from .race import Times, milliseconds, race
from .report import Row
from .world import SITES, World

GOAL = 1.25
TURNS = 300
PAGE = 50
ORDER = (Lower("name"), "id")  # as the list page sorts


def figures(world: World) -> Iterator[Row]:
    """Two rows for each kind of actor: the query in an open scope, which is judged, and with the opening of one."""
    actors = {"sponsor": world.staff, "partner": world.partner, "narrowed": world.narrowed}
    for name, actor in actors.items():
        what = f"list of {PAGE} of {SITES:,} rows for a {name} actor, scope and RLS / plain"
        yield _row(f"P3.{name}", f"{what}, scope open", in_open_scope(actor), goal=GOAL)
        yield _row(f"P3.{name}.open", f"{what}, each in a transaction, opened for it", with_opening(actor))


def in_open_scope(actor: Actor) -> Times:
    """Seconds of the scoped query in an open scope, over the plain query with the same filter in the same one."""
    with scope(actor):
        return race(TURNS, scoped=_scoped(actor), plain=_plain(actor))


def with_opening(actor: Actor) -> Times:
    """Seconds of a transaction that opens the scope, asks and commits, over one that asks plainly and commits."""
    ask, ask_plainly = _scoped(actor), _plain(actor)

    def scoped(turn: int) -> None:
        with scope(actor):
            ask(turn)

    def plain(turn: int) -> None:
        with transaction.atomic():
            ask_plainly(turn)

    return race(TURNS, scoped=scoped, plain=plain)


def _scoped(actor: Actor) -> Callable[[int], None]:
    def ask(turn: int) -> None:
        page = list(Site.objects.visible_to(actor).order_by(*ORDER)[:PAGE])
        assert len(page) == PAGE

    return ask


def _plain(actor: Actor) -> Callable[[int], None]:
    """What a developer writes by hand who forgets nothing."""
    where = {"tenant_id": actor.tenant} | ({} if actor.cdmos is None else {"cdmo_id__in": actor.cdmos})

    def ask(turn: int) -> None:
        page = list(PlainSite.objects.filter(**where).order_by(*ORDER)[:PAGE])
        assert len(page) == PAGE

    return ask


def _row(name: str, figure: str, times: Times, *, goal: float | None = None) -> Row:
    return Row(name, figure, times["scoped"] / times["plain"], goal=goal, beside=milliseconds(times))
