"""The genealogy of a batch as its page shows it: what it was made of and what it went into, over all levels."""

from dataclasses import dataclass

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address
from oversight.kernel.records.words import day_in_words

from .models import Batch, Lot
from .models.batch import GIVEN_UP
from .records import BATCH, BATCH_STATUS, GENEALOGY, LOT, LOT_STATUS
from .services.amounts import amount
from .services.genealogy import ELSEWHERE, Edge, edges_back, edges_onward


@dataclass(frozen=True, slots=True)
class Kin:
    """One batch on the way: how much of what went into what."""

    number: str
    href: str
    words: str  # drug substance, Lyra Biologics
    how: str  # 2.5 kg into DP-26-002
    tone: str
    glyph: str
    state: str
    level: int  # 1: the next one


@dataclass(frozen=True, slots=True)
class LotLine:
    """One clinical lot of the batch."""

    number: str
    href: str
    quantity: str
    study: str
    expires_on: str
    tone: str
    glyph: str
    state: str


def made_of(record: Batch, actor: Actor) -> list[Kin]:
    """What went into it, the nearest first."""
    return _kin(record, edges_back(record.pk, actor), actor, onward=False)


def went_into(record: Batch, actor: Actor) -> list[Kin]:
    """What was made of it, the nearest first."""
    return _kin(record, edges_onward(record.pk, actor), actor, onward=True)


def lots(record: Batch, actor: Actor) -> list[LotLine]:
    """Its lots in the actor's sight."""
    rows = Lot.objects.visible_to(actor).filter(batch=record).exclude(status=Lot.Status.VOID).order_by("id")
    rows = rows if actor.is_partner else rows.select_related("study")
    lines = []
    for row in rows:
        tone, glyph = LOT_STATUS[row.status]
        lines.append(
            LotLine(
                number=row.number,
                href=address(LOT, "detail", actor, row.pk),
                quantity=amount(row.quantity, row.unit),
                study="" if actor.is_partner or row.study is None else str(row.study),
                expires_on=day_in_words(row.expires_on) if row.expires_on else "",
                tone=tone,
                glyph=glyph,
                state=row.get_status_display(),
            )
        )
    return lines


def links(record: Batch, actor: Actor) -> dict[str, str]:
    """Where more of it is noted, for those who may."""
    found = {"lot_url": "", "made_of_url": "", "went_into_url": ""}
    if LOT.may_write(actor, "create") and record.stage == Batch.Stage.PACKAGED and record.status not in GIVEN_UP:
        found["lot_url"] = f"{address(LOT, 'create', actor)}?batch={record.pk}"
    if GENEALOGY.may_write(actor, "create") and actor.cdmos is None and record.status not in GIVEN_UP:
        here = address(GENEALOGY, "create", actor)
        found |= {"made_of_url": f"{here}?made_into={record.pk}", "went_into_url": f"{here}?source={record.pk}"}
    return found


def _kin(record: Batch, edges: list[Edge], actor: Actor, *, onward: bool) -> list[Kin]:
    if not edges:
        return []
    level, ahead = {record.pk: 0}, [record.pk]
    while ahead:
        here = ahead.pop(0)
        for edge in edges:
            start, end = (edge.source, edge.made_into) if onward else (edge.made_into, edge.source)
            if start == here and end not in level:
                level[end] = level[here] + 1
                ahead.append(end)
    rows = Batch.objects.visible_to(actor).filter(pk__in=list(level)).select_related("cdmo")
    seen = {row.pk: row for row in rows}
    found = [_line(edge, seen, level, actor, onward=onward) for edge in edges]
    return sorted(found, key=lambda kin: kin.level)


def _line(edge: Edge, seen: dict[int, Batch], level: dict[int, int], actor: Actor, *, onward: bool) -> Kin:
    here, other = (edge.made_into, edge.source) if onward else (edge.source, edge.made_into)
    batch, beside = seen.get(here), seen.get(other)
    way = "of" if onward else "into"
    how = f"{amount(edge.quantity, edge.unit)} {way} {beside.number if beside else ELSEWHERE}"
    if batch is None:
        return Kin(ELSEWHERE.capitalize(), "", "", how, "neutral", "open", "", level[here])
    tone, glyph = BATCH_STATUS[batch.status]
    words = f"{batch.get_stage_display()}, {batch.cdmo}"
    href = address(BATCH, "detail", actor, batch.pk)
    if batch.on_hold:
        return Kin(batch.number, href, words, how, "warn", "hold", "On hold", level[here])
    return Kin(batch.number, href, words, how, tone, glyph, batch.get_status_display(), level[here])
