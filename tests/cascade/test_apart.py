"""What one partner causes moves the other's step, and tells it nothing: no word, no number, no date of another's."""

import html
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from django.core import mail
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.access.tenancy import ScopedQuerySet
from oversight.kernel.notifications.calendar_keys import renew
from oversight.kernel.notifications.reading import stretch
from oversight.kernel.outbox.models import Event
from oversight.kernel.records.exports import ask_for, content_of, exports_of
from oversight.web.catalogue import KINDS
from techtransfer.causes import Cause
from techtransfer.forecast import Reasons, recascade
from tests.api.calling import key_of
from tests.cast import World, sign_in, system
from tests.factories.milestone import put
from tests.matrix.inventory import Route, routes
from tests.matrix.rows import READ, rows
from tests.notifications.telling import deliver_all
from tests.notifications.test_letters import post_all

from .secrets_of import Plan, hidden_from

pytestmark = pytest.mark.django_db
Answers = Iterator[tuple[str, str]]
LOOKS = ("-list", "-detail", "-history", "-record", "-collection", "home", "shared", "our-performance", "notices")
PASSING = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|Printed by [^<]*')  # what differs by itself
SEEN = [kind for kind in KINDS if kind.partner_sees is not None]


@pytest.fixture
def plan(world: World) -> Plan:
    """Each partner has stopped a batch for which the other one waits."""
    plan = Plan(world)
    plan.orions_event = plan.stop(plan.orions_batch, world.olga, "quokka")
    plan.lyras_event = plan.stop(plan.lyras_batch, world.paul, "zanzibar")
    with scope(system(world.acme)):
        assert not Event.objects.filter(state="FAILED").exists()
        caused = plan.lyras_pack.history.filter(id=plan.lyras_pack.pk, history_source="task")
        assert caused.filter(cause_number=plan.orions_event.number).count() == 1, "Orion moved Lyra's step"
        caused = plan.orions_fill.history.filter(id=plan.orions_fill.pk, history_source="task")
        assert caused.filter(cause_number=plan.lyras_event.number).count() == 1, "Lyra moved Orion's step"
    return plan


def leaks(hidden: set[str], answers: Answers) -> list[tuple[str, str]]:
    """Which hidden word stands where."""
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in sorted(hidden, key=len, reverse=True)))
    found, asked = [], 0
    for where, body in answers:
        asked += 1
        found += [(where, word) for word in sorted(set(pattern.findall(html.unescape(body))))]
    print(f"\n{asked} answers, {len(hidden)} words")
    return found


def whole(answer: HttpResponse) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{content.decode(errors='replace')} {dict(answer.headers)}"


def knocks(world: World, actor: Actor, *, writes: bool) -> Answers:
    """Every address of the portal and of the API, with a record of the actor's own and with one that is hidden."""
    person, program = Client(raise_request_exception=False), Client(raise_request_exception=False)
    sign_in(person, actor)
    key = {"Authorization": f"Bearer {key_of(actor)}"}
    declared, own, hidden = rows(), {}, {}

    for kind in KINDS:
        with scope(actor):
            seen = list(kind.model.objects.visible_to(actor).order_by("pk").values_list("pk", flat=True))
        with scope(system(world.acme)):
            every = list(kind.model.objects.order_by("pk").values_list("pk", flat=True))
        own[kind.slug] = seen if kind.partner_sees is not None else []
        hidden[kind.slug] = [pk for pk in every if pk not in seen or kind.partner_sees is None]
    for route in routes():
        if route.door not in ("portal", "api"):
            continue
        row = declared[route.door, route.name]
        slug = row.kind.slug if row.kind else ""
        if not writes and not row.name.endswith(LOOKS):
            continue
        if row.kind and row.is_object:
            looks = row.name in (f"{slug}-detail", f"{slug}-history", f"{slug}-record")
            for pk in own[slug] if looks else own[slug][:1]:
                yield from knock(person, program, key, route, row, pk, writes=writes)
            for pk in hidden[slug][:1]:
                yield from knock(person, program, key, route, row, pk, writes=False)
        else:
            yield from knock(person, program, key, route, row, 999_999_999, writes=writes)


def knock(
    person: Client, program: Client, key: dict[str, str], route: Route, row: Any, pk: int, *, writes: bool
) -> Answers:
    address = route.address(sponsor="acme", pk=pk, file=999_999_999, simulation=999_999_999, name="containment")
    if "GET" in row.methods:
        answer = program.get(address, headers=key) if route.door == "api" else person.get(address, follow=True)
        yield f"GET {address}", whole(answer)
    for method in sorted(row.methods - READ) if writes else ():
        with transaction.atomic():
            if route.door == "api":
                tag = program.get(address.partition("transitions/")[0], headers=key).headers.get("ETag", "")
                given = key | ({"If-Match": tag} if tag else {})
                body = (
                    {"reason": "As agreed"} if "transitions" in address else {"replaces": 1, "site": 2, "milestone": 3}
                )
                answer = program.generic(method, address, _json(body), content_type="application/json", headers=given)
            else:
                answer = person.generic(method, address, "", content_type="application/x-www-form-urlencoded")
            yield f"{method} {address} {answer.status_code}", whole(answer)
            transaction.set_rollback(True)


def _json(body: dict[str, Any]) -> str:
    return json.dumps(body)


def told(world: World, actor: Actor) -> Answers:
    """Notices, letters, the calendar, and what a search finds."""
    with scope(actor):
        for item in stretch(actor).items:
            yield "notice", f"{item.number} {item.line} {item.title}"
        secret = renew(by=actor)
    post_all(world)
    first = actor.name.split()[0].lower()
    for letter in [each for each in mail.outbox if each.to == [f"{first}@example.com"]]:
        yield "letter", f"{letter.subject} {letter.body} {letter.alternatives[0][0]}"
    yield "calendar", Client().get(f"/calendar/{secret}.ics").content.decode()


def files(world: World, actor: Actor) -> Answers:
    """Every list, taken away in both forms."""
    for excel in (False, True):
        for kind in SEEN:
            with scope(actor):
                ask_for(kind.slug, by=actor, query="", excel=excel)
            deliver_all(world)
            with scope(actor):
                export = exports_of(actor)[0]
                content = content_of(export)
            assert content is not None, (kind.slug, export.status, export.problem)
            if excel:
                sheets = openpyxl.load_workbook(io.BytesIO(content)).worksheets
                yield (
                    f"{kind.slug}.xlsx",
                    " ; ".join(str(cell) for sheet in sheets for row in sheet.values for cell in row),
                )
            else:
                yield f"{kind.slug}.csv", content.decode()


@pytest.mark.parametrize(("name", "writes"), [("paul", True), ("olga", False)])
def test_nothing_that_a_partner_is_answered_or_told_is_of_another(plan: Plan, name: str, writes: bool) -> None:
    actor = getattr(plan.world, name)
    hidden = hidden_from(actor, plan.world)
    assert {"Ship walrus crates", "The walrusmab", "WALRUS-1"} < hidden
    assert leaks(hidden, knocks(plan.world, actor, writes=writes)) == []

    assert leaks(hidden, told(plan.world, actor)) == []
    assert leaks(hidden, files(plan.world, actor)) == []


def test_the_database_alone_keeps_them_apart(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = hidden_from(plan.world.paul, plan.world)
    monkeypatch.setattr(ScopedQuerySet, "visible_to", lambda rows, actor: rows.all())
    assert leaks(hidden, lists(plan.world.paul)) == []


@pytest.mark.parametrize("words", ["another ocelot", "<b>\u00fcber</b> 7 Mar 2031", "; DROP"])
def test_what_lyra_reads_is_the_same_to_the_byte_whatever_others_are_called(
    plan: Plan, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    at = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: at)  # clocks show how long is left
    world, before = plan.world, dict(lists(plan.world.paul))
    for place, step in enumerate((plan.orions_make, plan.orions_fill, plan.our_pause, plan.dosed)):
        put(world, step, title=f"{words} {place}", number=f"MS-9{place}{len(words):03}")
    put(world, plan.orions_batch, number=f"DS-99-{len(words):03}", partner_number=words, location=words)
    put(world, plan.orions_event, number=f"DEV-99-{len(words):04}", title=words, description=words)
    put(world, plan.programme, title=words, description=words)
    put(world, plan.study, code=f"S-{len(words)}", title=words)
    with scope(system(world.acme)):
        recascade(plan.programme.pk, by=system(world.acme), reasons=Reasons(Cause(words="Renamed")))
    assert dict(lists(world.paul)) == before


def lists(actor: Actor) -> Answers:
    """Every list, as a page and by the API, and the portal's home; without what differs each time."""
    person, program = Client(), Client()
    sign_in(person, actor)
    key = {"Authorization": f"Bearer {key_of(actor)}"}
    for address in ("/portal/acme/", *(f"/portal/acme/{kind.slug}/" for kind in SEEN)):
        body = person.get(address).content.decode()
        yield address, PASSING.sub("", body)
    for kind in SEEN:
        yield f"{kind.slug} by the API", program.get(f"/api/v1/acme/{kind.slug}/", headers=key).content.decode()
