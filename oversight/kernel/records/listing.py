"""One page of a list: searched, filtered, sorted, cut by key and not by offset."""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.http import QueryDict

from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.models import DUE_FIELDS, Due
from oversight.kernel.workflow.models import Case

from .cursors import cursor_of, parts_of
from .filters import Filter, apply_filters, read_filters
from .kind import Order, RecordKind, flatten
from .ordering import sort_key, thaw
from .saved import NO_TABS, Tabs, read_tabs
from .search import count_found, matching, reaches_all, read_search

PAGE = 25
MOST_COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list page shows, and the query strings that lead on from it."""

    records: tuple[Case, ...]
    total: int  # never above MOST_COUNTED + 1
    search: str
    filters: tuple[Filter, ...]
    order: Order
    descending: bool
    next: str = ""
    previous: str = ""
    searched_all: bool = True  # else the text was looked for in the newest records only
    tabs: Tabs = NO_TABS

    @property
    def narrowed(self) -> bool:
        """Whether a search or a filter is set."""
        return bool(self.search) or any(choice.value for choice in self.filters)

    @property
    def counted(self) -> str:
        """The number of matching records in words, honest about where counting stopped."""
        return f"more than {MOST_COUNTED:,}" if self.total > MOST_COUNTED else f"{self.total:,}"

    @property
    def state(self) -> dict[str, str]:
        """The part of the URL that names the view: search, filters and order."""
        state = {"q": self.search, "sort": ("-" if self.descending else "") + self.order.name}
        state |= {choice.name: choice.value for choice in self.filters}
        return {name: value for name, value in state.items() if value}

    def link(self, **changes: str) -> str:
        """The query string of this view with `changes`; an empty value removes the name."""
        state = QueryDict(mutable=True)
        state.update({name: value for name, value in (self.state | changes).items() if value})
        return "?" + state.urlencode()

    @property
    def here(self) -> str:
        """The query string of this view, by which it is saved and exported."""
        return self.link().removeprefix("?")


def read_listing(kind: RecordKind, actor: Actor, query: QueryDict) -> Listing:
    """The page of the list that the URL asks for, from the records that the actor sees."""
    listing, every, rows = _view(kind, actor, query)
    listing = _page(kind, actor, rows, listing, query)
    if listing.search:
        total, searched_all = count_found(every, rows, most=MOST_COUNTED + 1)
    else:
        total, searched_all = rows.order_by()[: MOST_COUNTED + 1].count(), True
    return replace(listing, total=total, searched_all=searched_all, tabs=read_tabs(kind, actor, listing.here))


def read_view(kind: RecordKind, actor: Actor, query: QueryDict) -> Listing:
    """The view alone, without any record: what is saved under a name, and what stands above an export."""
    listing, every, _ = _view(kind, actor, query)
    return replace(listing, searched_all=not listing.search or reaches_all(every))


def chosen_rows(kind: RecordKind, actor: Actor, query: QueryDict) -> "QuerySet[Case]":
    """All records of the view that the URL asks for, in its order."""
    listing, _, rows = _view(kind, actor, query)
    sign = "-" if listing.descending else ""
    return rows.annotate(sort_key=sort_key(kind, listing.order)).order_by(f"{sign}sort_key", f"{sign}pk")


def _view(kind: RecordKind, actor: Actor, query: QueryDict) -> "tuple[Listing, QuerySet[Case], QuerySet[Case]]":
    """The view, the rows through which its search looks, and those that it finds."""
    order, descending = _order(kind, actor, query.get("sort", ""))
    search = read_search(query.get("q", ""))
    filters = read_filters(kind, actor, query)
    rows = apply_filters(kind, kind.model.objects.visible_to(actor), filters)
    return Listing((), 0, search, filters, order, descending), rows, matching(kind, actor, rows, search)


def _order(kind: RecordKind, actor: Actor, wish: str) -> tuple[Order, bool]:
    orders = kind.orders_for(actor)
    wished = next((order for order in orders if order.name == wish.removeprefix("-")), None)
    return (orders[0], orders[0].latest_first) if wished is None else (wished, wish.startswith("-"))


def _page(kind: RecordKind, actor: Actor, rows: "QuerySet[Case]", listing: Listing, query: QueryDict) -> Listing:
    back = "before" in query and "after" not in query
    key = _decode(kind, query.get("before" if back else "after", ""), listing.order)
    descending = listing.descending != back  # a page before is read backwards and turned round
    rows = rows.annotate(sort_key=sort_key(kind, listing.order))
    if key is not None:
        beyond = TupleLessThan if descending else TupleGreaterThan
        rows = rows.filter(beyond(Tuple(F("sort_key"), F("pk")), key))
    ends = ("-sort_key", "-pk") if descending else ("sort_key", "pk")
    # The page is picked before anything is joined to it: the planner takes what lies beyond a key for few rows, and
    # would join all of them before it sorts.
    page = kind.model.objects.filter(pk__in=rows.order_by(*ends).values("pk")[: PAGE + 1])
    if shown := [name for name in kind.joins(actor) if name in kind.columns]:
        page = page.select_related(*shown)
    page = page.only(*_read_by(kind, shown))
    found = list(page.annotate(sort_key=sort_key(kind, listing.order)).order_by(*ends))
    more, found = len(found) > PAGE, found[:PAGE]
    if back:
        found.reverse()
    has_next, has_previous = (True, more) if back else (more, key is not None)
    return replace(
        listing,
        records=tuple(found),
        next=listing.link(after=_encode(found[-1])) if found and has_next else "",
        previous=listing.link(before=_encode(found[0])) if found and has_previous else "",
    )


def _read_by(kind: RecordKind, shown: list[str]) -> list[str]:
    """The fields that a line of the list shows: a record may hold pages of text that it does not."""
    names = [name for name in flatten((kind.title, *kind.beneath, *kind.columns)) if name not in kind.targets]
    also = DUE_FIELDS if issubclass(kind.model, Due) else ()
    return [*dict.fromkeys((*names, *also)), *shown, *(f"{name}__{kind.targets[name].title}" for name in shown)]


def _encode(record: Case) -> str:
    return cursor_of(getattr(record, "sort_key"), record.pk)  # noqa: B009


def _decode(kind: RecordKind, cursor: str, order: Order) -> tuple[Any, int] | None:
    """The key in a cursor, or None for one that nobody made here: then the list starts at its beginning."""
    if (parts := parts_of(cursor, 2)) is None:
        return None
    key = thaw(kind, order, parts[0])
    return None if key is None else (key, parts[1])
