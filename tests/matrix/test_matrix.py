"""Every address × every persona × every method: answered as declared, and a refusal leaves nothing."""

import html
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from oversight.kernel.access.scope import scope
from oversight.kernel.access.tenancy import TenantRow
from oversight.kernel.api.models import ApiKey
from oversight.kernel.files.attaching import attach
from oversight.kernel.outbox.webhooks import create_webhook
from oversight.kernel.records.exports import ask_for
from oversight.kernel.records.saved import save_view
from oversight.kernel.trail.audited import audited
from oversight.kernel.trail.change import change
from oversight.web.catalogue import KINDS
from oversight.web.help.roles import PAGES as HELP
from techtransfer.models import Simulation
from tests.api.calling import key_of
from tests.cast import World, system
from tests.contract.specimens import EACH_KIND, held_by_cdmo

from .inventory import Route, routes
from .personas import Persona, people, programs
from .rows import EVERY, FORM, READ, Row, rows

BUDGET = 0.015  # seconds a cell
CLIENT = Client(raise_request_exception=False)  # one for all: making one loads the middleware
# Of a planted fault (tests/planted) the first wrong cell is enough, and it is looked for at these addresses.
AT_ONCE = False
ONLY: tuple[str, ...] = ()
# Outside a sponsor: method → (who has no session, who has one); what is not named here answers 405.
LOGIN = dict.fromkeys(EVERY, (302, (405,)))  # who has no session is asked to sign in, whatever it wanted
OWN_PAGE = LOGIN | {"GET": (302, (200,)), "HEAD": (302, (200,))}
OWN_FORM = OWN_PAGE | {"POST": (302, (422,))}
PUBLIC = {
    "chooser": LOGIN | {"GET": (302, (200, 302)), "HEAD": (302, (200, 302)), "POST": (302, (404,))},
    "healthz": {"GET": (200, (200,)), "HEAD": (200, (200,))},
    "account_login": dict.fromkeys(EVERY, (405, (302,)))  # whoever is in has no business there
    | {"GET": (200, (302,)), "HEAD": (200, (302,)), "POST": (422, (302,))},
    "mfa_authenticate": dict.fromkeys(EVERY, (302, (302,))),  # only between the password and the code
    "account_login_passkey": {"GET": (200, (302,)), "HEAD": (200, (302,)), "POST": (302, (302,))},
    "account": OWN_FORM,
    "account_password": OWN_FORM,
    "account_password_forgotten": {"GET": (200, (200,)), "HEAD": (200, (200,)), "POST": (422, (422,))},
    "account_password_new": dict.fromkeys(("GET", "HEAD", "POST"), (404, (404,))),  # without a link
    "account_factors": OWN_PAGE,
    "account_factor_asked": LOGIN | dict.fromkeys(("GET", "HEAD"), (302, (404,))),  # by no sponsor that one serves
    "account_app": OWN_FORM,
    "account_app_remove": LOGIN | dict.fromkeys(FORM, (302, (302,))),  # nobody has one
    "account_codes": LOGIN | dict.fromkeys(FORM, (302, (302,))),
    "account_codes_file": LOGIN | dict.fromkeys(READ, (302, (404,))),
    "account_passkey_new": OWN_FORM,
    "account_passkey_name": LOGIN | dict.fromkeys(FORM, (302, (404,))),
    "account_passkey_remove": LOGIN | dict.fromkeys(FORM, (302, (404,))),
    "account_sessions": OWN_PAGE | {"POST": (302, (302,))},
    "account_logout": {"GET": (302, (200,)), "HEAD": (302, (200,)), "POST": (302, (302,)), "OPTIONS": (200, (200,))},
    "api-schema": {"GET": (200, (200,)), "HEAD": (200, (200,))},
    "api-reference": {"GET": (200, (200,)), "HEAD": (200, (200,))},
    "calendar-feed": {"GET": (404, (404,)), "HEAD": (404, (404,))},
    "calendar-programme": {"GET": (404, (404,)), "HEAD": (404, (404,))},
    **dict.fromkeys(
        ("help", *(f"help-{page}" for page in ("clocks", "words", "signatures", "keyboard", "notices", "validation"))),
        LOGIN | {"GET": (302, (200,)), "HEAD": (302, (200,))},
    ),
    **{f"help-{page.slug}": LOGIN | {"GET": (302, (200,)), "HEAD": (302, (200,))} for page in HELP},
    "inbox": LOGIN | {"GET": (302, (200,)), "HEAD": (302, (200,)), "POST": (302, (404,))},
    "components": OWN_PAGE,
    "api/": dict.fromkeys(EVERY, (404, (404,))),  # the rest of the API's room
}
TITLES = (
    "excursion", "quality desk", "task", "step", "make", "fill", "shutdown", "line", "alert", "campaign",
)  # fmt: skip
SPONSORS = ("product", "programme", "study", "baseline", "scenario")  # what no partner is told of
CANARIES = {
    "own": ("Lyra Basel", "Lyra Biologics: notes canary", *(f"Lyra's {word}" for word in TITLES)),
    "sibling": ("Orion Fill", "Orion Graz", *(f"Orion's {word}" for word in TITLES)),
    "foreign": ("Rival's Basel", "Rival: notes canary", *(f"Rival's {word}" for word in (*TITLES, *SPONSORS))),
}
UNSHARED = tuple(f"Acme's {place} {word}" for place in ("first", "second") for word in SPONSORS)


@dataclass
class Keys:
    """What stands behind the keys of an address, by slug and by whose it is."""

    records: dict[str, dict[str, int]] = field(default_factory=dict)
    files: dict[str, dict[str, int]] = field(default_factory=dict)
    views: dict[str, int] = field(default_factory=dict)
    export: int = 0
    simulation: int = 0  # of the first programme
    settings: dict[str, int] = field(default_factory=dict)

    def of(self, route: Route, row: Row, whose: str) -> dict[str, object]:
        values: dict[str, object] = {"sponsor": "acme", "name": "containment", "simulation": self.simulation}
        if row.kind is None:
            return values | {"pk": self.settings[row.about] if row.about else self.export}
        slug = row.kind.slug
        values["pk"] = self.views[slug] if row.own else self.records[slug][whose]
        return values | ({"file": self.files[slug][whose]} if "file" in route.keys else {})


@pytest.fixture
def keys(world: World) -> Keys:
    """What stands behind the keys, in a transaction that is rolled back."""
    return lay_out(world)


def lay_out(world: World) -> Keys:
    """Of each kind a record of Lyra's, of Orion's and of Rival's, each with a shared file; Nina's views and export."""
    made = Keys()
    for kind, specimen in EACH_KIND:
        made.records[kind.slug], made.files[kind.slug] = {}, {}
        for whose, by in (("own", world.nina), ("sibling", world.nina), ("foreign", world.riva)):
            record = getattr(specimen, whose)(world)
            upload = SimpleUploadedFile("note.txt", f"{kind.slug} {whose}".encode())
            with scope(by):
                file = attach(record, upload=upload, by=by, shared=kind.partner_sees is not None)
            made.records[kind.slug][whose], made.files[kind.slug][whose] = record.pk, file.pk
        with scope(world.nina):
            made.views[kind.slug] = save_view(kind, by=world.nina, name="Mine", state="").pk
    with scope(world.nina):
        made.export = ask_for(KINDS[0].slug, by=world.nina, query="", excel=False).pk
    with change(by=world.nina):
        first = made.records["programmes"]["own"]
        made.simulation = Simulation.objects.create(programme_id=first, seed=1, why="PERSON").pk
    hook, _ = create_webhook(by=world.adam, url="https://example.com/", events=["*"])
    key_of(world.vera)
    with scope(world.adam):
        key = ApiKey.objects.visible_to(world.adam).get(membership=world.vera.membership)
    made.settings = {"member": world.vera.membership, "webhook": hook.pk, "key": key.pk}
    return made


def expected(row: Row, persona: Persona, method: str, whose: str) -> tuple[int, ...]:
    """From the declarations alone."""
    actor = persona.actor
    if actor is None or (row.door != "api" and (row.door == "portal") != actor.is_partner):
        return (persona.status,)
    if method not in row.methods:
        return (405,)
    if row.door == "api" and actor.is_partner and row.kind and row.kind.partner_sees is None:
        return (404,)
    if row.own and actor.name != "Nina Berg":
        return (404,)
    if row.kind and row.is_object and not row.own and whose not in persona.sees_of(row.kind):
        return (404,)
    if not row.may(actor, method) or (method not in READ and not persona.writes):
        return (403,)
    if row.kind and not held_by_cdmo(row.kind) and actor.grants is not None:
        # What stands beside a record of the sponsor's own may speak of any partner: who is narrowed neither reads it
        # nor adds to it.
        page = row.name.removeprefix(f"{row.kind.slug}-")
        if page in ("file", "file-withdraw"):
            return (404,)
        if (page, method) == ("comments", "POST"):
            return (409,)
    return row.answers["GET" if method == "HEAD" else method]


def ask(persona: Persona, method: str, address: str) -> HttpResponse:
    CLIENT.cookies.clear()
    CLIENT.cookies.load(persona.cookies)
    headers = {"Authorization": f"Bearer {persona.key}"} if persona.key else {}
    if address.startswith("/api/"):
        return CLIENT.generic(method, address, "{}", content_type="application/json", headers=headers)
    return CLIENT.generic(method, address, "", content_type="application/x-www-form-urlencoded", headers=headers)


def leaks(persona: Persona, response: HttpResponse) -> list[str]:
    """Words of records that the persona does not see, in what it was answered."""
    said = html.unescape(f"{response.content.decode(errors='replace')} {dict(response.headers)}")
    hidden = [word for whose, words in CANARIES.items() if whose not in persona.sees for word in words]
    if persona.actor is None or persona.actor.is_partner:
        hidden += UNSHARED
    return [word for word in hidden if word in said]


def traces(world: World) -> list[int]:
    """How many rows every table of both sponsors has, and every history."""
    tables = [each.history for each in audited()]
    tables += [model._meta.db_table for model in apps.get_models() if issubclass(model, TenantRow)]
    sql = " UNION ALL ".join(f"SELECT count(*) FROM {table}" for table in tables)
    counts = []
    for sponsor in (world.acme, world.rival):
        with scope(system(sponsor)), connection.cursor() as cursor:
            cursor.execute(sql)
            counts += [count for (count,) in cursor.fetchall()]
    return counts


def cells(row: Row, personas: list[Persona], turn: int) -> Iterator[tuple[Persona, str, str]]:
    """Every persona with every method that is taken, on each record, and with the others in turn."""
    wrong = [method for method in EVERY if method not in row.methods]
    for number, persona in enumerate(personas):
        yield persona, wrong[(turn + number) % len(wrong)], "own"
        for method in sorted(row.methods - {"HEAD"}):
            yield persona, method, "own"
            if row.is_object and not row.own and persona.actor is not None:
                yield persona, method, "sibling"
        if "GET" in row.methods and number % 5 == turn % 5:
            yield persona, "HEAD", "own"
        if row.is_object and not row.own and persona.actor is not None:
            yield persona, "POST" if "POST" in row.methods else "GET", "foreign"


@dataclass
class Pace:
    """How many cells were walked."""

    walked: int = 0


def wrongs(
    world: World, keys: Keys, door: str, personas: list[Persona], pace: Pace, *, only: tuple[str, ...] = ()
) -> Iterator[str]:
    """Every cell that is not answered as declared, in words; `only`: of the addresses of these names."""
    declared = rows()
    for turn, route in enumerate(each for each in routes() if each.door == door):
        if only and route.name not in only:
            continue
        row = declared[route.door, route.name]
        before = traces(world)
        for persona, method, whose in cells(row, personas, turn):
            due = expected(row, persona, method, whose)
            address = route.address(**keys.of(route, row, whose))
            pace.walked += 1
            if min(due) < 400 or 422 in due:  # may succeed: what it does is undone
                with transaction.atomic():
                    response = ask(persona, method, address)
                    transaction.set_rollback(True)
            else:
                response = ask(persona, method, address)
            if found := leaks(persona, response):
                yield f"{persona.name}: {method} {address} ({whose}) tells of {found}"
            if (status := response.status_code) not in due:
                yield f"{persona.name}: {method} {address} ({whose}) → {status}, not {due}"
        if traces(world) != before:
            yield f"{route.template}: a refusal left something"


def walk(world: World, keys: Keys, door: str, personas: list[Persona]) -> None:
    pace, began = Pace(), time.process_time()
    wrong = list(islice(wrongs(world, keys, door, personas, pace, only=ONLY), 1 if AT_ONCE else None))
    took = (time.process_time() - began) / pace.walked
    print(f"\n{door}: {pace.walked} cells, {took * 1000:.1f} ms of work each, {len(wrong)} wrong")
    assert not wrong, "\n".join(wrong[:60])
    assert took < BUDGET


@pytest.mark.requirement("ASVS-1.4.4", "ASVS-4.3.2")
def test_every_address_has_a_row_and_every_row_an_address() -> None:
    found = {(route.door, route.name) for route in routes()}
    assert {key for key in found if key[0]} == set(rows())
    assert {name for door, name in found if not door} == set(PUBLIC)
    assert len(routes()) == len(found), "two addresses bear one name"


@pytest.mark.requirement("P11-10g", "A11D-iam-least", "PI041-access", "ASVS-4.1.1", "ASVS-4.1.3", "ASVS-14.5.1")
@pytest.mark.parametrize("door", ["workspace", "portal"])
def test_people_are_answered_as_declared(world: World, keys: Keys, door: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL", "django.request")
    walk(world, keys, door, people(world))


@pytest.mark.requirement("P11-10g", "ASVS-4.1.1", "ASVS-13.1.4")
def test_programs_are_answered_as_declared(world: World, keys: Keys, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL", "django.request")
    sessions = [each for each in people(world) if each.name in ("anonymous", "nina")]
    walk(world, keys, "api", programs(world, sessions))


@pytest.mark.requirement("ASVS-14.5.1")
def test_outside_a_sponsor_everybody_is_answered_as_declared(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL", "django.request")
    wrong, everybody = [], people(world)
    for route in routes():
        if route.door:
            continue
        for persona in everybody:
            known = bool(persona.cookies) and persona.status != 302
            for method in EVERY:
                alone, signed_in = PUBLIC[route.name].get(method, (405, (405,)))
                due = signed_in if known else (alone,)
                with transaction.atomic():
                    status = ask(persona, method, route.address(**dict.fromkeys(route.keys, "unknown"))).status_code
                    transaction.set_rollback(True)
                if status not in due:
                    wrong.append(f"{persona.name}: {method} /{route.template} → {status}, not {due}")
    assert not wrong, "\n".join(wrong)
