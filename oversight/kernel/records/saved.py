"""Saved views: a list as one member likes to see it, as a tab above it; its owner may share it with the own side."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import NoReverseMatch

from oversight.kernel.access.scope import Actor

from .addresses import address
from .kind import RecordKind
from .models import SavedView, own_of

MOST = 20
MOST_SHARED = 20  # of others, that stand above one list
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
    shared: bool = False
    owner: str = ""  # who shares it; empty: one's own


@dataclass(frozen=True, slots=True)
class Tabs:
    """The saved views of one list, and where they are saved and exported; empty: this door has no such page."""

    tabs: tuple[Tab, ...] = ()
    save_url: str = ""
    export_url: str = ""

    @property
    def present(self) -> Tab | None:
        """The tab whose view is shown; one's own before somebody else's."""
        return next((tab for tab in self.tabs if tab.here), None)

    @property
    def full(self) -> bool:
        return sum(not tab.owner for tab in self.tabs) >= MOST


NO_TABS = Tabs()


def views_of(kind: RecordKind, actor: Actor) -> "QuerySet[SavedView]":
    """The actor's own views of the list."""
    return SavedView.objects.visible_to(actor).filter(membership_id=actor.membership, kind=kind.slug).order_by("pk")


def read_tabs(kind: RecordKind, actor: Actor, here: str) -> Tabs:
    """The actor's views of the list, then those that others of its side share; `here` is what is shown, as a query."""
    where = address(kind, "list", actor)
    rows = SavedView.objects.visible_to(actor).filter(kind=kind.slug)
    found = rows.filter(membership_id=actor.membership)
    if actor.grants is None:  # a name may tell of a CDMO that is not open to every narrowed member
        found |= rows.filter(shared=True, partners=actor.is_partner)
    found = found.order_by("pk")
    mine, others = list[Tab](), list[Tab]()
    for view in found[: MOST + 5 * MOST_SHARED]:
        own = view.membership_id == actor.membership
        tab = Tab(
            view.pk, view.name, f"{where}?{view.state}", view.state == here, view.shared, "" if own else view.owner_name
        )
        (mine if own else others).append(tab)
    return Tabs((*mine, *others[:MOST_SHARED]), _page(kind, "views", actor), _page(kind, "export", actor))


def save_view(kind: RecordKind, *, by: Actor, name: str, state: str, shared: bool = False) -> SavedView:
    """Keep a view under a name; raises ValidationError with a sentence when it cannot be kept."""
    name = _named(kind, by, name)
    if views_of(kind, by).count() >= MOST:
        raise ValidationError(FULL)
    if by.grants == ():
        raise ValidationError(NOTHING_OPEN)
    return SavedView.objects.create(
        tenant_id=by.tenant,
        **own_of(by),
        kind=kind.slug,
        name=name,
        state=state,
        shared=shared,
        partners=by.is_partner,
        owner_name=by.name,
    )


def share_view(view: SavedView, *, by: Actor, shared: bool) -> None:
    """Let everybody of the owner's side find one's own view, or oneself alone again."""
    view.shared, view.owner_name = shared, by.name
    view.save()


def side_of(actor: Actor) -> str:
    """With whom the actor shares."""
    return f"everybody at {actor.org if actor.is_partner else actor.sponsor_name}"


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
