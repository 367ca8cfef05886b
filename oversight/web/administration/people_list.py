"""The list of people: filtered, sorted, cut by key and not by offset; a few statements however many there are."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import F, Q, QuerySet, Value
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.db.models.functions import Coalesce, Lower
from django.http import QueryDict

from cdmos.models import CDMO
from oversight.kernel.access.people import State, grants_of, in_side, in_state, people, state_of
from oversight.kernel.access.scope import Actor
from oversight.kernel.records.cursors import cursor_of, parts_of
from oversight.roles import Role
from oversight.web.accounts.factors import REAL

from .frame import today_of

PAGE = 25
LONGEST = 200
FOREVER = date(9999, 12, 31)
SIDES = (("staff", "Sponsor's staff"), ("partners", "Partners' people"), ("programs", "Programs"))
LOOKS = {
    State.ACTIVE: ("ok", "ok"),
    State.SOON: ("warn", "warn"),
    State.TO_COME: ("neutral", "open"),
    State.ENDED: ("neutral", "void"),
}
ORDERS: dict[str, tuple[str, Any]] = {
    "name": ("Name", Lower("called")),
    "org": ("Organisation", Lower("org")),
    "until": ("Valid", Coalesce("valid_until", Value(FOREVER))),
}


@dataclass(frozen=True, slots=True)
class Box:
    """One filter with its choices, in the form that templates/records/_list_filters.html takes."""

    name: str
    label: str
    value: str
    options: list[tuple[str, str]]
    is_day: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One membership, in words."""

    pk: int
    called: str
    email: str  # empty where the person is called by it
    role: str
    org: str
    sees: str
    factor: str
    known: bool
    valid_from: date
    valid_until: date | None
    state: str
    tone: str
    glyph: str
    oneself: bool


@dataclass(frozen=True, slots=True)
class PeopleList:
    """One page of it, and the query strings that lead on."""

    lines: tuple[Line, ...]
    total: int
    search: str
    boxes: tuple[Box, ...]
    sort: str
    heads: tuple[tuple[str, str, str], ...]  # label, link, aria-sort
    next: str = ""
    previous: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether a search or a filter is set."""
        return bool(self.search) or any(box.value for box in self.boxes)


def read_people(actor: Actor, query: QueryDict) -> PeopleList:
    """The page that the URL asks for, from the memberships that the actor sees."""
    today = today_of(actor)
    search = query.get("q", "").replace("\0", "").strip()[:LONGEST]
    boxes = _boxes(query)
    rows = people(actor).filter(_chosen(boxes, today))
    if search:
        rows = rows.filter(Q(called__icontains=search) | Q(user__email__icontains=search) | Q(org__icontains=search))
    wish = query.get("sort", "")
    order = wish.removeprefix("-") if wish.removeprefix("-") in ORDERS else "name"
    descending = wish == f"-{order}"
    back = "before" in query and "after" not in query
    page, more = _page(rows, order, descending, back, query.get("before" if back else "after", ""))
    has_next, has_previous = (True, more) if back else (more, "after" in query)
    state = {"q": search, "sort": ("-" if descending else "") + order} | {box.name: box.value for box in boxes}
    return PeopleList(
        lines=lines_of(page, actor, today),
        total=rows.count(),
        search=search,
        boxes=boxes,
        sort=state["sort"],
        heads=tuple(_head(name, order, descending, state) for name in ORDERS),
        next=_link(state, after=_encode(page[-1])) if page and has_next else "",
        previous=_link(state, before=_encode(page[0])) if page and has_previous else "",
    )


def lines_of(page: list[Any], actor: Actor, today: date) -> tuple[Line, ...]:
    """The memberships in words: three statements, however many they are."""
    users = [each.user_id for each in page]
    granted = grants_of([each.user_id for each in page if each.narrowed], actor) if not actor.is_partner else {}
    factors = second_factors(users)
    keys = {key for found in granted.values() for key in found} | {each.cdmo_id for each in page} - {None}
    names = dict(CDMO.objects.visible_to(actor).filter(pk__in=keys).values_list("pk", "name"))
    return tuple(_line(each, actor, today, granted, factors, names) for each in page)


def second_factors(users: list[int]) -> frozenset[int]:
    """Who of these people proves a sign-in by more than a password."""
    return frozenset(Authenticator.objects.filter(user_id__in=users, type__in=REAL).values_list("user_id", flat=True))


def sight_of(membership: Any, granted: dict[int, list[int]], names: dict[int, str]) -> str:
    """Which CDMOs a member sees, in words."""
    if membership.cdmo_id is not None:
        return names.get(membership.cdmo_id, "")
    if not membership.narrowed:
        return "Every CDMO"
    return ", ".join(sorted(names[key] for key in granted.get(membership.user_id, []) if key in names)) or "No CDMO"


def factor_of(membership: Any, factors: frozenset[int]) -> str:
    """Whether the person has a second factor; of one who has not signed in since joining, nothing is told."""
    if membership.role == Role.API_CLIENT:
        return "Uses a key"
    if not membership.known:
        return "Not signed in yet"
    return "Yes" if membership.user_id in factors else "No"


def _line(
    each: Any,
    actor: Actor,
    today: date,
    granted: dict[int, list[int]],
    factors: frozenset[int],
    names: dict[int, str],
) -> Line:
    state = state_of(each, today=today)
    tone, glyph = LOOKS[state]
    return Line(
        pk=each.pk,
        called=each.called,
        email=each.user.email if each.known else "",
        role=str(Role(each.role).label),
        org=each.org,
        sees=sight_of(each, granted, names),
        factor=factor_of(each, factors),
        known=bool(each.known),
        valid_from=each.valid_from,
        valid_until=each.valid_until,
        state=str(state.label),
        tone=tone,
        glyph=glyph,
        oneself=each.user_id == actor.user,
    )


def _boxes(query: QueryDict) -> tuple[Box, ...]:
    offered = (
        ("side", "Side", list(SIDES)),
        ("role", "Role", [(str(role), str(role.label)) for role in Role]),
        ("state", "State", [(str(state), str(state.label)) for state in State]),
    )
    return tuple(
        Box(name, label, value if value in dict(options) else "", options)
        for name, label, options in offered
        for value in [query.get(name, "")]
    )


def _chosen(boxes: tuple[Box, ...], today: date) -> Q:
    side, role, state = (box.value for box in boxes)
    chosen = in_side(side) if side else Q()
    chosen &= Q(role=role) if role else Q()
    return chosen & (in_state(state, today=today) if state else Q())


def _page(rows: "QuerySet[Any]", order: str, descending: bool, back: bool, cursor: str) -> tuple[list[Any], bool]:
    rows = rows.annotate(sort_key=ORDERS[order][1])
    downwards = descending != back  # a page before is read backwards and turned round
    if (key := _decode(cursor, order)) is not None:
        beyond = TupleLessThan if downwards else TupleGreaterThan
        rows = rows.filter(beyond(Tuple(F("sort_key"), F("pk")), key))
    sign = "-" if downwards else ""
    found = list(rows.order_by(f"{sign}sort_key", f"{sign}pk")[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    if back:
        found.reverse()
    return found, more


def _head(name: str, order: str, descending: bool, state: dict[str, str]) -> tuple[str, str, str]:
    here = name == order
    link = _link(state | {"sort": f"-{name}" if here and not descending else name})
    return ORDERS[name][0], link, ("descending" if descending else "ascending") if here else ""


def _link(state: dict[str, str], **more: str) -> str:
    said = QueryDict(mutable=True)
    said.update({name: value for name, value in (state | more).items() if value})
    return "?" + said.urlencode()


def _encode(row: Any) -> str:
    return cursor_of(row.sort_key, row.pk)


def _decode(cursor: str, order: str) -> tuple[Any, int] | None:
    """The key in a cursor, or None for one that nobody made here: then the list starts at its beginning."""
    if (parts := parts_of(cursor, 2)) is None or "\0" in (text := str(parts[0])):
        return None
    try:
        return date.fromisoformat(text) if order == "until" else text, parts[1]
    except ValueError:
        return None
