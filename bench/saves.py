"""What the trail costs the writer: each way to write, with all guards, over the same on the plain table (P14)."""

from collections.abc import Iterator

from django.db import connection, models, transaction

from cdmos.models import Site
from oversight.kernel.access.scope import scope
from oversight.kernel.trail.change import change

from .plain import PlainSite, settle
from .race import Runner, Times, milliseconds, race
from .report import Row
from .world import World

GOAL = 1.8
SAVES, INSERTS, BULKS = 1_500, 300, 12
BULK_ROWS = 1_000
UPDATED_ROWS = 8_000
REASON = "Corrected the city"


def figures(world: World) -> Iterator[Row]:
    """Every row of P14; the first is judged."""
    yield _row("P14", "audited save / plain save, each its own transaction", update(world), goal=GOAL)
    yield _row("P14.memory", "the same save, commits not waiting for the disk", update_in_memory(world))
    yield _row("P14.nested", "the same save inside a request's open transaction", nested(world))
    yield _row("P14.insert", "audited insert / plain insert", insert(world))
    yield _row("P14.numbered", "audited insert that takes a number / with one that was given", numbered(world))
    yield _row("P14.bulk", f"bulk_create({BULK_ROWS:,}), audited / plain", bulk(world))
    yield _row("P14.set", f"update() of {UPDATED_ROWS:,} rows, audited / plain", set_update(world))
    settle()


def update(world: World) -> Times:
    """Seconds of `change(...)` around one `save()` of a site, over seconds of `atomic()` around one plain `save()`."""
    return race(SAVES, warm_up=50, **_savers(world))


def update_in_memory(world: World) -> Times:
    """The same pair with `synchronous_commit` off: what the processor does, whatever the disk."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        try:
            return race(SAVES // 2, **_savers(world))
        finally:
            cursor.execute("RESET synchronous_commit")


def nested(world: World) -> Times:
    """The same pair inside a transaction that a request opened: savepoints on both sides, no commit in the time."""
    return race(SAVES // 2, around=lambda: scope(world.staff), **_savers(world))


def insert(world: World) -> Times:
    """Seconds of one `create()` of a site in its own transaction, over the same on the plain table."""

    def audited(turn: int) -> None:
        with change(by=world.staff):
            Site.objects.create(**_values(world, f"Inserted {turn}"))

    def plain(turn: int) -> None:
        with transaction.atomic():
            PlainSite.objects.create(**_values(world, f"Inserted {turn}"))

    return race(INSERTS, audited=audited, plain=plain)


def numbered(world: World) -> Times:
    """Seconds of one `create()` that takes the next number of its series, over one that was given a number."""

    def audited(turn: int) -> None:
        with change(by=world.staff):
            Site.objects.create(**_values(world, f"Counted {turn}") | {"number": ""})

    def plain(turn: int) -> None:
        with change(by=world.staff):
            Site.objects.create(**_values(world, f"Given {turn}"))

    return race(INSERTS, audited=audited, plain=plain)


def bulk(world: World) -> Times:
    """Seconds of one `bulk_create()` in its own transaction, over the same on the plain table."""

    def rows(model: type[models.Model], turn: int) -> list[models.Model]:
        return [model(**_values(world, f"Bulk {turn} {n}")) for n in range(BULK_ROWS)]

    def audited(turn: int) -> None:
        with change(by=world.staff):
            Site.objects.bulk_create(rows(Site, turn))

    def plain(turn: int) -> None:
        with transaction.atomic():
            PlainSite.objects.bulk_create(rows(PlainSite, turn))

    return race(BULKS, warm_up=1, audited=audited, plain=plain)


def set_update(world: World) -> Times:
    """Seconds of one `update()` of thousands of rows in its own transaction, over the same on the plain table."""
    with scope(world.staff):
        chosen = list(Site.objects.visible_to(world.staff).order_by("cdmo_id", "name")[:UPDATED_ROWS])
    where = {"tenant_id": world.staff.tenant, "pk__in": [site.pk for site in chosen]}

    def audited(turn: int) -> None:
        with change(by=world.staff, reason=REASON):
            Site.objects.filter(**where).update(city=f"Moved {turn}")

    def plain(turn: int) -> None:
        with transaction.atomic():
            PlainSite.objects.filter(**where).update(city=f"Moved {turn}")

    return race(BULKS // 2, warm_up=1, audited=audited, plain=plain)


def _savers(world: World) -> dict[str, Runner]:
    """Both saves of one record; the version is set as if the record had just been read, and not left deferred."""
    with scope(world.staff):
        ours = Site.objects.get(pk=world.site)
    bare = PlainSite.objects.get(pk=world.site)

    def audited(turn: int) -> None:
        with change(by=world.staff, reason=REASON):
            ours.city, ours.version = f"City {turn}", turn
            ours.save()

    def plain(turn: int) -> None:
        with transaction.atomic():
            bare.city, bare.version = f"City {turn}", turn
            bare.save()

    return {"audited": audited, "plain": plain}


def _values(world: World, name: str) -> dict[str, object]:
    return {
        "tenant_id": world.staff.tenant,
        "cdmo_id": world.cdmos[0],
        "number": name,  # given, so that both sides do the same: a number of its own has a row of its own
        "status": "ACTIVE",
        "name": name,
        "city": "Basel",
        "country": "CH",
        "time_zone": "Europe/Zurich",
    }


def _row(name: str, figure: str, times: Times, *, goal: float | None = None) -> Row:
    return Row(name, figure, times["audited"] / times["plain"], goal=goal, beside=milliseconds(times))
