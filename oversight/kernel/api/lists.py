"""A page of a collection: filtered, searched, sorted, cut by key and not by offset."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.http import HttpRequest
from django.utils.http import urlencode

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.cursors import cursor_of, parts_of
from oversight.kernel.records.kind import Order, RecordKind
from oversight.kernel.records.ordering import sort_key, thaw
from oversight.kernel.records.search import matching

from .parameters import misasked, plain, unknown, whole
from .resource import Resource

LIMIT, MOST = 25, 100
BY_ID = Order(name="id", label="Id", path="id", text=False)


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and where the ones after and before begin."""

    rows: Sequence[Sequence[Any]]
    next: str | None
    previous: str | None


def read_page(resource: Resource, actor: Actor, request: HttpRequest) -> Page:
    """The page that the query asks for; raises Refusal (400) with a sentence for each parameter that says nothing."""
    kind, filters, query = resource.kind, resource.filters[actor.is_partner], request.GET
    rows: QuerySet[Any] = kind.model.objects.visible_to(actor)
    errors = unknown(query, {"q", "sort", "limit", "cursor", *filters})
    for name in query.keys() & filters.keys():
        try:
            rows = rows.filter(filters[name].take(query[name]))
        except ValueError as error:
            errors[name] = str(error)
    search = query.get("q", "").strip()
    order, descending = BY_ID, False
    try:
        rows = matching(kind, actor, rows, plain(search))
    except ValueError as error:
        errors["q"] = str(error)
    orders = {each.name: each for each in (BY_ID, *kind.orders_for(actor))}
    wish = query.get("sort", "id")
    if wish.removeprefix("-") in orders:
        order, descending = orders[wish.removeprefix("-")], wish.startswith("-")
    else:
        errors["sort"] = f"Choose one of: {', '.join(orders)}; with a hyphen before it the other way round."
    if errors:
        raise misasked(errors)
    limit = whole(query, "limit", LIMIT, MOST)
    rows, back, key = _from_the_cursor_on(rows, request, order, descending, kind)
    writer = resource.writer_for(actor)
    found = writer.read(rows[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    if back:
        found = found[::-1]
    after, before = (bool(found), more) if back else (more, bool(found) and key is not None)
    place = writer.key if order is BY_ID else -1
    return Page(
        found,
        next=_link(request, found[-1][place], found[-1][writer.key], back=False) if after else None,
        previous=_link(request, found[0][place], found[0][writer.key], back=True) if before else None,
    )


def _from_the_cursor_on(
    rows: "QuerySet[Any]", request: HttpRequest, order: Order, descending: bool, kind: RecordKind
) -> "tuple[QuerySet[Any], bool, tuple[Any, int] | None]":
    back, key = _decode(request.GET.get("cursor"), order, kind)
    downwards = descending != back  # a page before is read backwards and turned round
    sign = "-" if downwards else ""
    if order is BY_ID:
        if key:
            rows = rows.filter(**{"pk__lt" if downwards else "pk__gt": key[1]})
        return rows.order_by(f"{sign}pk"), back, key
    rows = rows.annotate(sort_key=sort_key(kind, order))
    if key:
        beyond = TupleLessThan if downwards else TupleGreaterThan
        rows = rows.filter(beyond(Tuple(F("sort_key"), F("pk")), key))
    return rows.order_by(f"{sign}sort_key", f"{sign}pk"), back, key


def _link(request: HttpRequest, value: Any, pk: int, *, back: bool) -> str:
    return cursor_link(request, cursor_of(int(back), value, pk))


def cursor_link(request: HttpRequest, cursor: str) -> str:
    """The address of the same question from another place on."""
    query = urlencode({**request.GET.dict(), "cursor": cursor})
    return f"{request.scheme}://{request.get_host()}{request.path}?{query}"


def _decode(cursor: str | None, order: Order, kind: RecordKind) -> tuple[bool, tuple[Any, int] | None]:
    """Which way, and from which key on; raises Refusal for a cursor that nobody made here."""
    if cursor is None:
        return False, None
    parts = parts_of(cursor, 3)
    key = thaw(kind, order, parts[1]) if parts and type(parts[0]) is int else None
    if parts is None or key is None:
        raise misasked({"cursor": "Take it from `next` or `previous` of the same question."})
    return bool(parts[0]), (key, parts[2])
