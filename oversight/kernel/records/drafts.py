"""Drafts: what somebody typed into a form and has not sent, kept for that membership alone and apart from records."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django import forms
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, Resolver404, resolve
from django.utils import timezone

from oversight.kernel.access.scope import Actor
from oversight.kernel.workflow.models import Case

from .addresses import door, place
from .kind import RecordKind
from .models import Draft, own_of

MOST_DRAFTS = 50  # of one membership; beyond them the oldest goes
MOST_TYPED = 64_000  # bytes of one draft
LONGEST_PATH = 400
FLAG = "draft"  # what a form sends along when there may be a draft of it


@dataclass(frozen=True, slots=True)
class Form:
    """One form of which drafts are kept: what it is called, and the only fields whose values are."""

    words: str
    fields: frozenset[str]
    of_record: bool = True


@dataclass(frozen=True, slots=True)
class Desk:
    """What a form's page says of its draft; without an address, this house keeps none."""

    save_url: str = ""
    path: str = ""
    restored: str = ""  # the time of the draft that fills the form
    discard_url: str = ""
    outdated: bool = False  # the record was changed since
    known: bool = False  # there may be a draft to throw away when the form is sent


NO_DESK = Desk()


class Unkept(Exception):
    """Nothing was kept, for the reason in the sentence."""


@dataclass(slots=True)
class Forms:
    """The forms of the house by the names of their addresses; filled once, by the catalogue."""

    known: dict[str, Form] = field(default_factory=dict)

    def declare(self, kinds: Iterable[RecordKind]) -> None:
        """Every form in which people type about records of these kinds."""
        self.known = {name: form for kind in kinds for name, form in _forms_of(kind)}


FORMS = Forms()


def _forms_of(kind: RecordKind) -> Iterable[tuple[str, Form]]:
    flow, called = kind.workflow, f"{kind.label[:1].upper()}{kind.label[1:]}"
    editable = {name for fields in (*flow.editable.values(), *flow.partner_editable.values()) for name in fields}
    yield f"{kind.slug}-create", Form(f"New {kind.label}", flow.opens | flow.partner_opens, of_record=False)
    yield f"{kind.slug}-amend", Form(f"{called}: amendment", frozenset(editable) | {"reason"})
    yield f"{kind.slug}-comments", Form(f"{called}: comment", frozenset({"text", "audience"}))
    for move in flow.transitions:
        if move.asks:
            yield (
                f"{kind.slug}-{move.name}",
                Form(f"{called}: {move.label.lower()}", frozenset({*move.fields, "reason"})),
            )


def form_at(path: str, *, sponsor: str, through: str) -> Form | None:
    """The form at this address behind the door `through` of the sponsor; None where no draft is kept."""
    if len(path) > LONGEST_PATH or "\0" in path or not path.startswith("/") or path.startswith("//"):
        return None
    try:
        match = resolve(urlsplit(path).path)
    except (Resolver404, ValueError):
        return None
    if match.namespaces[:1] != [through] or match.kwargs.get("sponsor") != sponsor:
        return None
    return FORMS.known.get(match.url_name or "")


def save_draft(path: str, typed: Mapping[str, str], *, by: Actor) -> Draft:
    """Keep what was typed into the form at `path`, in place of what was kept of it before; raises Unkept."""
    form = form_at(path, sponsor=by.sponsor, through=door(by))
    if form is None:
        raise Unkept("No draft is kept of this form.")
    if by.grants == ():
        raise Unkept("Nothing is open to you here, so no draft is kept.")
    values = {name: typed[name].replace("\0", "") for name in sorted(form.fields) if name in typed}
    if len(json.dumps(values)) > MOST_TYPED:
        raise Unkept("This is too long for a draft. Save it, or keep a copy of your own.")
    seen = typed.get("version", "")
    draft = Draft(
        tenant_id=by.tenant,
        **own_of(by),
        path=path,
        values=values,
        seen=int(seen) if form.of_record and seen.isascii() and seen.isdigit() and len(seen) < 10 else None,
        saved_at=timezone.now(),
    )
    mine = drafts_of(by)
    Draft.objects.bulk_create(
        [draft],
        update_conflicts=True,
        unique_fields=["tenant", "membership_id", "cdmo_id", "path"],
        update_fields=["values", "seen", "saved_at"],
    )
    if too_many := list(mine.values_list("pk", flat=True)[MOST_DRAFTS:]):
        mine.filter(pk__in=too_many).delete()
    return draft


def drafts_of(actor: Actor) -> "QuerySet[Draft]":
    """The drafts of the actor's own membership, the newest first; the database shows them to nobody else."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL app.member = %s", [str(actor.membership or 0)])
    return Draft.objects.visible_to(actor).filter(membership_id=actor.membership or 0).order_by("-saved_at", "-pk")


def draft_at(path: str, actor: Actor) -> Draft | None:
    """The actor's draft of the form at `path`."""
    return drafts_of(actor).filter(path=path).first()


def sent(request: HttpRequest, actor: Actor) -> None:
    """The form was sent and taken: its draft has done its work."""
    if FLAG in request.POST:
        drafts_of(actor).filter(path=request.get_full_path()).delete()


def desk(
    request: HttpRequest, actor: Actor, form: forms.Form, record: Case | None = None, *, as_seen: bool = False
) -> Desk:
    """Lay the draft of this form, if there is one, over what the form shows; and say so.

    `as_seen` keeps the version that was seen when it was typed, so that saving it compares as it would have then.
    """
    here = desk_at(request.get_full_path(), actor)
    if request.method == "POST" or not here.save_url:
        return _asked_again(here, request)
    draft = draft_at(here.path, actor)
    if draft is None:
        return here
    lay_over(form, draft)
    outdated = bool(record and draft.seen and draft.seen != record.version)
    if outdated and as_seen:
        form.initial["version"] = draft.seen
    return _restored(here, draft, actor, outdated=outdated)


def desk_of_text(path: str, actor: Actor, request: HttpRequest) -> tuple[Desk, dict[str, str]]:
    """The same for a form of one text, which is no form of Django's: what its fields show besides."""
    here = desk_at(path, actor)
    if request.method == "POST" or not here.save_url:
        return _asked_again(here, request), {}
    draft = draft_at(path, actor)
    if draft is None:
        return here, {}
    return _restored(here, draft, actor), dict(draft.values)


def desk_at(path: str, actor: Actor) -> Desk:
    """Where the form at `path` keeps its draft."""
    try:
        save_url = place("drafts", actor)
    except NoReverseMatch:
        return NO_DESK
    return Desk(save_url, path) if form_at(path, sponsor=actor.sponsor, through=door(actor)) else NO_DESK


def lay_over(form: forms.Form, draft: Draft) -> None:
    """Fill the form with what was typed; a box that was not ticked was not sent."""
    for name, shown in form.fields.items():
        if isinstance(shown.widget, forms.CheckboxInput):
            form.initial[name] = draft.values.get(name) == "on"
        elif name in draft.values:
            form.initial[name] = draft.values[name]


def moment(at: datetime, actor: Actor) -> str:
    """When a draft was saved, where the actor is: the hour, with its day where that is not today."""
    there, today = at.astimezone(ZoneInfo(actor.tz)), timezone.now().astimezone(ZoneInfo(actor.tz)).date()
    return f"{there:%H:%M}" if there.date() == today else f"{there.day} {there:%b}, {there:%H:%M}"


def discard_url(draft: Draft, actor: Actor) -> str:
    """Where the actor throws it away."""
    return place("draft-discard", actor, pk=draft.pk)


def _asked_again(here: Desk, request: HttpRequest) -> Desk:
    return Desk(here.save_url, here.path, known=FLAG in request.POST)


def _restored(here: Desk, draft: Draft, actor: Actor, *, outdated: bool = False) -> Desk:
    return Desk(
        here.save_url, here.path, moment(draft.saved_at, actor), discard_url(draft, actor), outdated, known=True
    )


def throw_away_old_drafts() -> int:
    """Throw away what nobody has touched for thirty days, at every sponsor; answers how many there were."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access.throw_away_old_drafts()")
        return int(cursor.fetchone()[0])
