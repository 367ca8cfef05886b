"""say and comments_of: the talk about a record."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

from oversight.kernel.access.scope import Actor
from oversight.kernel.outbox import publish
from oversight.kernel.trail.about import cdmo_of, key_of
from oversight.kernel.trail.change import change
from oversight.kernel.trail.models import Record
from oversight.kernel.workflow.refusals import Refused, is_blank

from .mentions import mentioned
from .models import MOST, Comment

PAGE = 30


@dataclass(frozen=True, slots=True)
class Talk:
    """Some comments, the newest last, and the key before which older ones stand."""

    comments: tuple[Comment, ...]
    older: int | None


def say(record: Record, *, text: str, by: Actor, shared: bool, view: str = "", at: datetime | None = None) -> Comment:
    """Add a comment to `record`; what a partner says is shared.

    `view` is the capability without which nobody sees the record. Whoever calls has asked whether the actor sees the
    record and its role may comment.
    """
    if by.cdmos is not None and cdmo_of(record) not in by.cdmos:
        raise Refused("This record belongs to no CDMO of yours, so you can add nothing to it. Ask the sponsor's QA.")
    said = _tidy(text)
    if is_blank(said):
        raise ValidationError({"text": "Write what you want to say."})
    if len(said) > MOST:
        raise ValidationError({"text": f"A comment has {MOST:,} characters at most; this one has {len(said):,}."})
    shared = by.is_partner or (shared and cdmo_of(record) is not None)
    mentions = mentioned(record, said, by=by, shared=shared, view=view)
    with change(by=by):
        comment = Comment.on(
            record,
            text=said,
            shared=shared,
            mentions=mentions,
            author_membership=by.membership,
            author_name=by.name,
            author_org=by.org,
            from_partner=by.is_partner,
            said_at=at or timezone.now(),
        )
        comment.save()
        # Whom it calls stands in the comment; an event carries ids only.
        publish("comment.said", record=record, by=by, comment=comment.pk, shared=shared, mentions=len(mentions))
    return comment


def comments_of(record: Record, actor: Actor, *, before: int | None = None, most: int = PAGE) -> Talk:
    """The newest comments that the actor sees, or those older than `before`; the newest stands last."""
    rows = Comment.objects.visible_to(actor).filter(**key_of(record)).order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[: most + 1])
    shown = tuple(reversed(found[:most]))
    return Talk(shown, shown[0].pk if len(found) > most else None)


def _tidy(text: str) -> str:
    """Lines as they were typed, without control characters and marks that turn the direction of reading."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(mark for mark in lines if mark in "\n\t" or _is_plain(mark)).strip()


def _is_plain(mark: str) -> bool:
    return (
        unicodedata.category(mark) not in ("Cc", "Cs")
        and mark not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )
