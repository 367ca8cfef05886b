"""The filters of the audit trail: who, what, when and why, as the URL says them and as the page offers them."""

from collections.abc import Iterable
from datetime import date

from django.http import QueryDict
from django.utils.dateparse import parse_date

from oversight.kernel.access.people import people
from oversight.kernel.access.scope import Actor

from .filters import Filter, Options, as_day
from .kind import RecordKind
from .search import read_search
from .stream_query import SYSTEM, StreamQuery

ACTIONS = (("+", "Created"), ("~", "Changed"))


def read_stream_query(
    kinds: Iterable[RecordKind], actor: Actor, query: QueryDict
) -> tuple[StreamQuery, tuple[Filter, ...]]:
    """What is asked, and the boxes that say it; a value that is not on offer counts as not set.

    A partner is offered its own people only: by whom at the sponsor something was done is not for it to find out.
    """
    open_kinds = tuple(kind for kind in kinds if kind.may(actor, "view"))
    people, orgs = _people(actor)
    boxes = [
        _select("kind", "What", tuple((kind.slug, _capital(kind.plural)) for kind in open_kinds), query),
        _select("who", "Who", people, query),
        _select("org", "Organisation", orgs, query),
        _select("action", "Action", ACTIONS, query),
    ]
    chosen = next((kind for kind in open_kinds if kind.slug == boxes[0].value), None)
    if chosen:
        fields = tuple((name, chosen.label_of(name)) for name in _fields(chosen, actor))
        boxes.append(_select("field", "Field", fields, query))
    boxes += [
        Filter(name, label, (), as_day(query.get(name, "")), is_day=True)
        for name, label in (("since", "From"), ("until", "To"))
    ]
    said = {box.name: box.value for box in boxes}
    asked = StreamQuery(
        kinds=(chosen,) if chosen else open_kinds,
        who=said["who"],
        org=said["org"],
        action=said["action"],
        field=said.get("field", ""),
        since=_date(said["since"]),
        until=_date(said["until"]),
        record=read_search(query.get("record", "")),
        reason=read_search(query.get("reason", "")),
    )
    return asked, tuple(boxes)


def state_of(asked: StreamQuery, boxes: Iterable[Filter]) -> dict[str, str]:
    """The part of the URL that names this view of the trail."""
    state = {"record": asked.record, "reason": asked.reason} | {box.name: box.value for box in boxes}
    return {name: value for name, value in state.items() if value}


def _people(actor: Actor) -> tuple[Options, Options]:
    """Who, and which organisation, can be asked for: the members that the actor sees, and the two sides."""
    # Who never came since joining did nothing here, and has no name yet: it would tell of other sponsors.
    seen = people(actor).filter(known=True).values_list("user_id", "user__name", "org")
    rows = sorted({*seen}, key=lambda row: row[1].casefold())
    named = {str(user): name for user, name, _ in rows}
    orgs = sorted({org for *_, org in rows} | {actor.sponsor_name, actor.org} - {""}, key=str.casefold)
    return (*named.items(), (SYSTEM, "Oversight")), tuple((org, org) for org in orgs)


def _fields(kind: RecordKind, actor: Actor) -> tuple[str, ...]:
    names = kind.fields_for(actor)
    return ("status", *names) if "status" not in names and kind.shows("status", actor) else names


def _select(name: str, label: str, options: Options, query: QueryDict) -> Filter:
    value = query.get(name, "")
    return Filter(name, label, options, value if value in dict(options) else "")


def _date(text: str) -> date | None:
    return parse_date(text) if text else None


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
