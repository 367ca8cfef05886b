"""Two partners in one plan, each waiting for the other; and what of it each of them must never read."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, DateField, DateTimeField, TextField

from batches.models import Batch, BatchHold
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.records.writes import create
from oversight.web.catalogue import KINDS
from quality.models import Deviation
from techtransfer.records import SLOT
from tests.cast import World, system
from tests.factories.batch import act, batch
from tests.factories.campaign import campaign
from tests.factories.closure import close
from tests.factories.dependency import link
from tests.factories.deviation import report
from tests.factories.genealogy import edge
from tests.factories.lot import lot
from tests.factories.milestone import step
from tests.factories.product import develop
from tests.factories.programme import plan
from tests.factories.study import study
from tests.notifications.telling import deliver_all

from .supply import after, today

FAR = 70  # days around the present within which a date may be a clock's, and everybody's
CODES = {"hold_kind", "fact_kind", "cause_kind", "held_in"}  # as the program says it; no person's words
LETTERS = 6  # a shorter word may stand anywhere


class Plan:
    """Lyra makes, Orion makes: what Lyra packs waits for Orion's, what Orion fills waits for Lyra's."""

    def __init__(self, world: World, lyras: str = "zanzibar", orions: str = "quokka", ours: str = "walrus") -> None:
        self.world, omar = world, world.omar
        product = develop(omar, f"The {ours}mab")
        self.programme = plan(omar, f"Program of {ours}s", product=product, description=f"All about {ours}s")

        def one(title: str, site: Any, days: int, **values: Any) -> Any:
            whole = {"duration_days": days, "calendar": "EVERY_DAY"} | values
            return step(omar, site, self.programme, title, **whole)

        lyra, orion = world.lyra_site, world.orion_site
        self.lyras_make = one(f"Make {lyras} substance", lyra, 301)
        self.lyras_release = one(f"Release {ours} of the first", None, 17, step="RELEASE")
        self.orions_fill = one(f"Fill {orions} vials", orion, 5, stage="DP", line=f"{orions} line")
        self.orions_make = one(f"Make {orions} intermediate", orion, 331)
        self.our_pause = one(f"Ship {ours} crates", None, 19, step="SHIPMENT")
        self.lyras_pack = one(f"Pack {lyras} kits", lyra, 8, stage="PACKAGED", step="PACK_LABEL")
        self.dosed = one(f"First {ours} patient in", None, 0, stage="STUDY", step="CLINICAL")
        for before, later in (
            (self.lyras_make, self.lyras_release), (self.lyras_release, self.orions_fill),
            (self.orions_make, self.our_pause), (self.our_pause, self.lyras_pack),
            (self.orions_fill, self.dosed), (self.lyras_pack, self.dosed),
        ):  # fmt: skip
            link(omar, before, later, note=f"Because of {ours}s")
        self.study = study(
            omar, self.programme, code="WALRUS-1", title=f"Of {ours} patients", first_patient_in=self.dosed
        )
        self.lyras_batch = self._batch(lyra, self.lyras_make, lyras, world.paul, 103)
        self.orions_batch = self._batch(orion, self.orions_make, orions, world.olga, 111)
        for days in (318, 401, 433):
            line = {"cdmo": orion.cdmo, "site": orion, "line": f"{orions} line", "starts_on": after(days), "days": 5}
            with scope(omar):
                self.slot = create(SLOT, by=omar, values=line)
        for site, word, by in ((lyra, lyras, world.paul), (orion, orions, world.olga)):
            close(by, site, title=f"{word} shutdown", starts_on=after(500), ends_on=after(503 + site.pk % 7))
        settle(world)

    def _batch(self, site: Any, make: Any, word: str, by: Actor, begun: int) -> Batch:
        omar = self.world.omar
        of = {"programme": self.programme}
        row = batch(
            omar, site, make_step=make, campaign=campaign(omar, site, f"{word} campaign", **of), scale=f"{word} scale",
            partner_number=f"{word.upper()}-77", location=f"{word} freezer", **of,
        )  # fmt: skip
        act(row, "start", by, started_on=today() - timedelta(days=begun))
        kits = batch(omar, site, stage="PACKAGED", unit="KITS", partner_number=f"{word.upper()}-78", **of)
        lot(omar, kits, destination=f"{word} depot")
        edge(omar, row, kits)
        return row

    def stop(self, record: Batch, by: Actor, word: str) -> Deviation:
        """A critical deviation holds the batch, and the cascade moves the other partner's step."""
        site = self.world.lyra_site if by.cdmo == self.world.lyra.pk else self.world.orion_site
        event = report(
            by, site, batch=record, severity="CRITICAL", title=f"{word} excursion", description=f"A {word} escaped",
            partner_number=f"{word.upper()}-DEV-9",
        )  # fmt: skip
        settle(self.world)
        return event


def settle(world: World) -> None:
    """What an event leads to is an event, too."""
    for _ in range(4):
        deliver_all(world)


def hidden_from(actor: Actor, world: World) -> set[str]:
    """Every word, number and date that stands only in rows, or in columns of them, that the actor does not see."""
    own: set[str] = set()
    every: set[str] = set()
    for kind in KINDS:
        model = kind.model
        with scope(actor):
            seen = list(model.objects.visible_to(actor)) if kind.partner_sees is not None else []
            past = list(model.history.visible_to(actor)) if kind.partner_sees is not None else []
        for row in [*seen, *past]:
            own |= _said(row, kind.partner_sees or ()) | {row.number}
        with scope(system(world.acme)):
            for row in [*model.objects.all(), *model.history.all()]:
                every |= _said(row, None)
    with scope(system(world.acme)):
        for row in BatchHold.objects.all():
            every |= _said(row, None)
    names = {world.olga.name, "Orion"} if actor.cdmo == world.lyra.pk else {world.paul.name, "Lyra"}
    return (every - own) | names


def _said(row: Any, fields: Iterable[str] | None) -> set[str]:
    found: set[str] = set()
    for field in row._meta.concrete_fields:
        if fields is not None and field.name not in fields:
            continue
        value = getattr(row, field.attname)
        if isinstance(value, datetime) or not value or field.name.startswith("history_"):
            continue
        if isinstance(field, DateField) and not isinstance(field, DateTimeField):
            found |= forms(value) if abs((value - today()).days) > FAR else set()
        elif isinstance(field, CharField | TextField) and not field.choices and field.name not in CODES:
            found |= {value} if len(value) >= LETTERS else set()
    return found


def forms(day: date) -> set[str]:
    """As a page, the API, a sheet or a calendar writes it."""
    return {day.isoformat(), f"{day:%Y%m%d}", f"{day.day} {day:%b %Y}", f"{day.day} {day:%B %Y}"}
