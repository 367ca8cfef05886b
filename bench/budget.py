"""How many statements a request sends to the server, and that rows add none (P7)."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

from django.test import Client

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.records.forms import RecordForm
from quality.models import Deviation
from quality.records import DEVIATION

from .deviations import put_on_file
from .report import Row
from .visits import Act, bearer_of, beyond_transactions, client_of, statements
from .world import World

LIST, API, DETAIL, SAVE = 8, 5, 12, 12
_turns = count(1)


@dataclass(frozen=True, slots=True)
class Request:
    """One request, the statements that it may send, and how it is sent: what `prepare` asks for is not counted."""

    name: str
    budget: int | None  # None: the goals name none
    prepare: Callable[[], Act]


def figures(world: World) -> Iterator[Row]:
    """One row for each kind of request: the most that it sends at any number of rows, and whether rows add any."""
    offices = {rows: requests(actor, put_on_file(actor, rows)) for rows, actor in world.few.items()}
    for request, *others in zip(*offices.values(), strict=True):
        counts = [_count(each) for each in (request, *others)]
        said = ", ".join(f"{number} at {rows:,}" for rows, number in zip(offices, counts, strict=True))
        name = request.name.replace(" ", "-")
        yield Row(f"P7.{name}", f"statements of one request: {request.name}", max(counts), "", request.budget, said)
        if request.budget and (spread := max(counts) - min(counts)):
            yield Row(f"P7.{name}.rows", f"statements that rows add: {request.name}", spread, "", 0, said)


def _count(request: Request) -> int:
    statements(request.prepare())  # the session notes when it began, caches are filled
    return len(beyond_transactions(statements(request.prepare())))


def requests(actor: Actor, pk: int) -> tuple[Request, ...]:
    """What people and programs ask all day, about all deviations and about one."""
    browser, program, headers = client_of(actor), Client(SERVER_NAME="localhost"), {"Authorization": bearer_of(actor)}
    page, api = f"/{actor.sponsor}/deviations/", f"/api/v1/{actor.sponsor}/deviations/"

    def reading(path: str) -> Callable[[], Act]:
        return lambda: lambda: browser.get(path)

    def calling(path: str) -> Callable[[], Act]:
        return lambda: lambda: program.get(path, headers=headers)

    def amending() -> Act:
        typed = _typed(actor, pk) | {"title": f"Said better, turn {next(_turns)}", "reason": "Said better"}
        return lambda: browser.post(f"{page}{pk}/amend/", typed)

    def patching() -> Act:
        body = json.dumps({"title": f"Said better, turn {next(_turns)}", "reason": "Said better"})
        seen = {"If-Match": program.get(f"{api}{pk}/", headers=headers)["ETag"]}
        return lambda: program.patch(f"{api}{pk}/", body, "application/json", headers=headers | seen)

    return (
        Request("list", LIST, reading(page)),
        Request("list filtered", LIST, reading(f"{page}?status=open&severity=MAJOR&sort=number")),
        Request("list searched", LIST, reading(f"{page}?q=column")),
        Request("audit trail", None, reading(f"/{actor.sponsor}/audit-trail/")),
        Request("API list", API, calling(f"{api}?limit=100")),
        Request("API item", API, calling(f"{api}{pk}/")),
        Request("API history", API, calling(f"{api}{pk}/history/")),
        Request("detail", DETAIL, reading(f"{page}{pk}/")),
        Request("save form", SAVE, amending),
        Request("save PATCH", SAVE, patching),
    )


def _typed(actor: Actor, pk: int) -> dict[str, str]:
    """The form of the deviation as the browser would send it back untouched."""
    with scope(actor):
        form = RecordForm(DEVIATION, actor, record=Deviation.objects.visible_to(actor).get(pk=pk))
        shown = {field.html_name: field.field.widget.format_value(field.value()) for field in form}
    plain = {name: value[0] if isinstance(value, list) and value else value for name, value in shown.items()}
    return {name: str(value) for name, value in plain.items() if value not in (None, [], "")}
