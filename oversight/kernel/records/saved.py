"""Saved views: a list as one member likes to see it, as a tab above it."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import NoReverseMatch

from oversight.kernel.access.scope import Actor

from .addresses import address
from .kind import RecordKind
from .models import SavedView, own_of

MOST = 20
FULL = f"You keep {MOST} views of this list. Delete one first."
NO_NAME = "Give the view a name."
TAKEN = "You have a view of this name. Choose another name, or delete that view first."
NOTHING_OPEN = "Nothing is open to you yet, so there is no view to keep."


@dataclass(frozen=True, slots=True)
class Tab:
    """One saved view above the list."""

    pk: int
    name: str
    href: str
    here: bool


@dataclass(frozen=True, slots=True)
class Tabs:
    """The saved views of one list, and where they are saved and exported; empty: this door has no such page."""

    tabs: tuple[Tab, ...] = ()
    save_url: str = ""
    export_url: str = ""

    @property
    def present(self) -> Tab | None:
        """The tab whose view is shown."""
        return next((tab for tab in self.tabs if tab.here), None)

    @property
    def full(self) -> bool:
        return len(self.tabs) >= MOST


NO_TABS = Tabs()


def views_of(kind: RecordKind, actor: Actor) -> "QuerySet[SavedView]":
    """The actor's own views of the list."""
    return SavedView.objects.visible_to(actor).filter(membership_id=actor.membership, kind=kind.slug).order_by("pk")


def read_tabs(kind: RecordKind, actor: Actor, here: str) -> Tabs:
    """The actor's views of the list; `here` is the query string of what is shown."""
    where = address(kind, "list", actor)
    tabs = (Tab(view.pk, view.name, f"{where}?{view.state}", view.state == here) for view in views_of(kind, actor))
    return Tabs(tuple(tabs), _page(kind, "views", actor), _page(kind, "export", actor))


def save_view(kind: RecordKind, *, by: Actor, name: str, state: str) -> SavedView:
    """Keep a view under a name; raises ValidationError with a sentence when it cannot be kept."""
    name = _named(kind, by, name)
    if views_of(kind, by).count() >= MOST:
        raise ValidationError(FULL)
    if by.grants == ():
        raise ValidationError(NOTHING_OPEN)
    return SavedView.objects.create(tenant_id=by.tenant, **own_of(by), kind=kind.slug, name=name, state=state)


def rename_view(kind: RecordKind, view: SavedView, *, by: Actor, name: str) -> None:
    """Give one's own view another name."""
    view.name = _named(kind, by, name, but=view.pk)
    view.save()


def _named(kind: RecordKind, by: Actor, name: str, *, but: int | None = None) -> str:
    name = " ".join(name.replace("\0", "").split())[:60]
    if not name:
        raise ValidationError(NO_NAME)
    if views_of(kind, by).filter(name=name).exclude(pk=but or 0).exists():
        raise ValidationError(TAKEN)
    return name


def _page(kind: RecordKind, page: str, actor: Actor) -> str:
    try:
        return address(kind, page, actor)
    except NoReverseMatch:
        return ""
