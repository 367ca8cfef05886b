"""A member's notices as they may be shown now: each is looked at once more through the member's own scope."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.models import Clock
from oversight.kernel.comments.models import Comment
from oversight.kernel.records.addresses import address, place
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.trail.about import model_of

from .models import Letter, Notice
from .sentences import Sentence, kind_of, sentence_of

PAGE = 30
MOST_COUNTED = 100


@dataclass(frozen=True, slots=True)
class Item:
    """One notice in words."""

    notice: Notice
    sentence: Sentence
    number: str
    title: str  # as this member may read it; empty where it has none
    target: str  # the page of what it is about
    href: str  # by which it is opened, and read from then on
    clock: str
    due_at: datetime | None

    @property
    def is_unread(self) -> bool:
        return self.notice.read_at is None

    @property
    def line(self) -> SafeString:
        """The sentence, with who it was and a link to the record."""
        record = format_html('<a href="{}">{}</a>', self.href, self.number or self.title)
        who = format_html("<b>{}</b>", self.notice.who or "Oversight")
        return format_html(self.sentence.says, who=who, it=record, clock=self.clock)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some notices, newest first, and the key after which older ones stand."""

    items: tuple[Item, ...]
    older: int | None


def notices_of(actor: Actor) -> "QuerySet[Notice]":
    """The actor's own notices, newest first."""
    return Notice.objects.visible_to(actor).filter(membership_id=actor.membership).order_by("-at", "-id")


def unread(actor: Actor) -> int:
    """How many notices the actor has not opened yet, counted up to a hundred: one statement."""
    return notices_of(actor).filter(read_at=None).order_by()[:MOST_COUNTED].count()


def undelivered(actor: Actor) -> Letter | None:
    """The actor's last letter, when that one was given up."""
    tried = Letter.objects.visible_to(actor).filter(membership_id=actor.membership)
    tried = tried.filter(Q(state=Letter.State.FAILED) | Q(state=Letter.State.DONE, sent_at__isnull=False))
    last = tried.order_by("-due_at", "-id").first()
    return last if last is not None and last.state == Letter.State.FAILED else None


def stretch(actor: Actor, *, after: int | None = None, only_unread: bool = False) -> Stretch:
    """A page of notices. What the actor may see no more is left out and counts as read from then on."""
    rows = notices_of(actor)
    if only_unread:
        rows = rows.filter(read_at=None)
    if after is not None and (last := notices_of(actor).filter(pk=after).first()):
        rows = rows.filter(Q(at__lt=last.at) | Q(at=last.at, id__lt=last.pk))
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    seen = items(actor, shown)
    if hidden := {each.pk for each in shown if each.read_at is None} - {item.notice.pk for item in seen}:
        mark_read(actor, hidden)
    return Stretch(seen, shown[-1].pk if len(found) > PAGE else None)


def mark_read(actor: Actor, keys: Iterable[int] | None = None) -> int:
    """Note that these notices, or all of the actor's, were read; answers how many were unread until now."""
    rows = notices_of(actor).filter(read_at=None).order_by()
    if keys is not None:
        rows = rows.filter(pk__in=list(keys))
    return rows.update(read_at=timezone.now())


def items(actor: Actor, notices: Iterable[Notice]) -> tuple[Item, ...]:
    """The notices in words, in their order, without those of which the actor may see the record, the comment no more.

    As many statements as there are kinds among them, whatever their number.
    """
    rows = list(notices)
    records = {table: _records(actor, table, {row.record_id for row in rows if row.kind == table}) for table in
               {row.kind for row in rows}}  # fmt: skip
    said = {row.comment_id for row in rows if row.comment_id}
    comments = set(Comment.objects.visible_to(actor).filter(pk__in=said).values_list("pk", flat=True)) if said else ()
    ran = {row.clock_id for row in rows if row.clock_id}
    clocks = {row.pk: row for row in Clock.objects.visible_to(actor).filter(pk__in=ran)} if ran else {}
    found = []
    for row in rows:
        sentence, kind = sentence_of(row.what), kind_of(row.kind)
        record = records[row.kind].get(row.record_id)
        if sentence is None or record is None or (row.comment_id and row.comment_id not in comments):
            continue
        if row.clock_id and row.clock_id not in clocks:
            continue
        if sentence.capability and not actor.can(sentence.capability):
            continue
        if target := _target(kind, sentence, actor, row):
            found.append(_item(row, sentence, kind, record, actor, target, clocks.get(row.clock_id or 0)))
    return tuple(found)


def _item(
    row: Notice,
    sentence: Sentence,
    kind: RecordKind | None,
    record: Any,
    actor: Actor,
    target: str,
    clock: Clock | None,
) -> Item:
    title = str(record) if kind is None or kind.shows(kind.title, actor) else ""
    href = place("notice", actor, pk=row.pk)
    due = getattr(record, "due_at", None) if clock is None else clock.due_at
    number = getattr(record, "number", "") if kind is not None else ""
    return Item(row, sentence, number, title, target, href, clock.label if clock else "", due)


def _records(actor: Actor, table: str, keys: set[int]) -> dict[int, Any]:
    """The records that the actor sees, by key; none of a kind that the actor's role does not read."""
    kind = kind_of(table)
    if kind is not None and not kind.may(actor, "view"):
        return {}
    return {record.pk: record for record in model_of(table).objects.visible_to(actor).filter(pk__in=keys)}


def _target(kind: RecordKind | None, sentence: Sentence, actor: Actor, row: Notice) -> str:
    if kind is not None:
        anchor = f"#comment-{row.comment_id}" if row.comment_id else ""
        return address(kind, "detail", actor, row.record_id) + anchor
    for name in (sentence.page, "home"):
        try:
            return place(name, actor)
        except NoReverseMatch:
            continue
    return ""
