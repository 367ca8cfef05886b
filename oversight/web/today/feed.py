"""What others have done since: the moves of records and what was said about them, newest first, in one statement."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from oversight.kernel.access.scope import Actor
from oversight.kernel.comments.models import Comment
from oversight.kernel.records.addresses import address
from oversight.kernel.records.kind import RecordKind

from .moments import moment
from .queue import tables
from .work import Records

MOST = 8
WINDOW = 500  # the newest versions, or comments, in which news is looked for
SAID = "said"
SEVERE = {"MINOR": "", "MAJOR": "warn", "CRITICAL": "danger"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """How a step is told: its tone and icon, and the words between the person and the record."""

    tone: str
    icon: str
    words: str


# Which changes of status are news, by the slug of the kind; what is not named is no news.
STORY: dict[str, dict[tuple[str, str], Phrase]] = {
    "deviations": {
        ("", "REPORTED"): Phrase("", "triangle-alert", "reported"),
        ("REPORTED", "INVESTIGATION"): Phrase("", "check", "accepted the report of"),
        ("INVESTIGATION", "ANSWERED"): Phrase("info", "message-square", "sent the root cause of"),
        ("ANSWERED", "INVESTIGATION"): Phrase("warn", "undo-2", "returned the root cause of"),
        ("ANSWERED", "ACCEPTED"): Phrase("ok", "check-check", "accepted the root cause of"),
        ("ACCEPTED", "CLOSED"): Phrase("ok", "signature", "closed"),
        **{
            (state, "VOID"): Phrase("", "ban", "voided")
            for state in ("REPORTED", "INVESTIGATION", "ANSWERED", "ACCEPTED")
        },
    },
    "batches": {
        ("PLANNED", "IN_PROCESS"): Phrase("", "play", "started"),
        ("IN_PROCESS", "MADE"): Phrase("", "flask-conical", "made"),
        ("MADE", "UNDER_REVIEW"): Phrase("info", "send", "sent the record of"),
        ("UNDER_REVIEW", "RELEASED"): Phrase("ok", "signature", "released"),
        **{
            (state, "REJECTED"): Phrase("danger", "circle-x", "rejected")
            for state in ("IN_PROCESS", "MADE", "UNDER_REVIEW")
        },
    },
    "response-tasks": {("OPEN", "DONE"): Phrase("ok", "list-checks", "finished")},
}
COMMENTED = Phrase("", "message-square", "wrote about")


@dataclass(frozen=True, slots=True)
class Happened:
    """One step that a record went, or one comment, as the database tells it."""

    kind: str
    record_id: int
    at: datetime
    name: str
    org: str
    role: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class News:
    """One line of the feed."""

    tone: str
    icon: str
    who: str
    words: str
    number: str
    title: str
    href: str
    more: str
    at: datetime
    when: str


def happened(actor: Actor, *, since: datetime | None, most: int = MOST) -> list[Happened]:
    """What others did to the records in the actor's sight, the newest first."""
    branches = [branch for _, kind, _ in tables(actor) for branch in _moves(actor, kind, since)]
    branches += _comments(actor, since)
    if not branches:
        return []
    merged = " UNION ALL ".join(f"({sql})" for sql, _ in branches)
    with connection.cursor() as cursor:
        values = [value for _, values in branches for value in values]
        cursor.execute(f"SELECT * FROM ({merged}) s ORDER BY at DESC, kind, record_id DESC LIMIT %s", [*values, most])
        return [Happened(*row) for row in cursor.fetchall()]


def told(actor: Actor, steps: list[Happened], records: Records, *, now: datetime) -> tuple[News, ...]:
    """The same in words."""
    kinds = {table: kind for table, kind, _ in tables(actor)}
    return tuple(
        _news(actor, kinds[step.kind], records[step.kind, step.record_id], step, now)
        for step in steps
        if (step.kind, step.record_id) in records
    )


def _news(actor: Actor, kind: RecordKind, record: Any, step: Happened, now: datetime) -> News:
    phrase = COMMENTED if step.after == SAID else STORY[kind.slug][step.before, step.after]
    severity = getattr(record, "severity", "") if step.before == "" and step.after != SAID else ""
    more = f"as {record.get_severity_display().lower()}" if severity else ""
    org = step.org if step.org != actor.org else ""
    return News(
        tone=SEVERE.get(severity, phrase.tone),
        icon=phrase.icon,
        who=step.name,
        words=f"{f'of {org} ' if org else ''}{phrase.words}",
        number=record.number,
        title=str(record) if kind.title != "number" else "",
        href=address(kind, "detail", actor, record.pk) + ("#talk" if step.after == SAID else ""),
        more=more,
        at=step.at,
        when=moment(step.at, now, actor.tz, ago=True),
    )


def _moves(actor: Actor, kind: RecordKind, since: datetime | None) -> Iterator[tuple[str, list[Any]]]:
    """The newest versions of one kind in which the status became another one that is news."""
    story = STORY.get(kind.slug)
    if not story:
        return
    history: Any = kind.model.history
    rows = history.visible_to(actor).order_by("-history_date", "-history_id")
    if since:
        rows = rows.filter(history_date__gt=since)
    names = ("tenant_id", "id", "history_id", "history_date", "history_type", "history_user_id", "history_user_name",
             "history_org", "history_role", "status")  # fmt: skip
    try:
        inner, values = rows.values(*names)[:WINDOW].query.sql_with_params()
    except EmptyResultSet:
        return
    table = history.model._meta.db_table
    before = (
        f"""CASE WHEN w.history_type = '+' THEN '' ELSE (SELECT e.status FROM "{table}" e"""
        " WHERE e.tenant_id = w.tenant_id AND e.id = w.id AND e.history_id < w.history_id"
        " ORDER BY e.history_id DESC LIMIT 1) END"
    )
    pairs = ", ".join(["(%s, %s)"] * len(story))
    sql = (
        "SELECT %s::text AS kind, id AS record_id, history_date AS at, history_user_name, history_org, history_role,"
        f" before, status FROM (SELECT w.*, {before} AS before FROM ({inner}) w) m"
        f" WHERE (before, status) IN ({pairs}) AND history_user_id IS DISTINCT FROM %s"
    )
    flat = [state for pair in story for state in pair]
    yield sql, [kind.model._meta.db_table, *values, *flat, actor.user]


def _comments(actor: Actor, since: datetime | None) -> Iterator[tuple[str, list[Any]]]:
    """The newest comments of others that the actor may read."""
    known = [table for table, _, _ in tables(actor)]
    rows = Comment.objects.visible_to(actor).filter(kind__in=known).order_by("-id")
    names = ("kind", "record_id", "said_at", "author_name", "author_org", "from_partner", "author_membership")
    try:
        inner, values = rows.values(*names)[:WINDOW].query.sql_with_params()
    except EmptyResultSet:
        return
    role = "CASE WHEN from_partner THEN 'partner' ELSE '' END"
    sql = (
        f"SELECT kind, record_id, said_at, author_name, author_org, {role}, '', '{SAID}' FROM ({inner}) c"
        " WHERE author_membership IS DISTINCT FROM %s AND said_at > coalesce(%s, '-infinity'::timestamptz)"
    )
    yield sql, [*values, actor.membership, since]
