"""Records by the API: read, listed, put on file, amended; what is refused, and how."""

from typing import Any

import pytest

from cdmos.models import CDMO
from oversight.kernel.access.scope import scope
from tests.api.calling import NEVER, NEW_CDMO, Caller
from tests.cast import World
from tests.factories.deviation import OCCURRED, report
from tests.kernel.records.filing import put_many_on_file

pytestmark = pytest.mark.django_db
NO_SUCH = "There is no such record."


def as_it_stands(world: World, pk: int) -> dict[str, Any]:
    with scope(world.nina):
        return dict(CDMO.objects.filter(pk=pk).values().get()) | {"versions": CDMO.history.filter(id=pk).count()}


def test_a_record_is_told_by_the_names_of_its_model(world: World) -> None:
    answer = Caller(world.nina).get(f"sites/{world.lyra_site.pk}/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer.json() == {
        "id": world.lyra_site.pk, "number": world.lyra_site.number, "status": "ACTIVE", "version": 1,
        "cdmo": world.lyra.pk, "name": "Lyra Basel", "address": "", "city": "Lyra Basel city", "country": "CH",
        "time_zone": "Europe/Zurich", "fei_number": "", "working_week": "MON_FRI",
        "transitions": [{"name": "void", "label": "Void", "allowed": True, "unmet": []}],
    }  # fmt: skip


def test_a_partner_reads_the_shared_fields_and_nothing_else(world: World) -> None:
    deviation = report(world.nina, world.lyra_site, world.lyra)
    seen, shared = (Caller(actor).get(f"deviations/{deviation.pk}/").json() for actor in (world.nina, world.paul))
    assert seen["occurred_at"] == shared["occurred_at"] == OCCURRED.strftime("%Y-%m-%dT%H:%M:%SZ")
    hidden = {"opened_by", "answered_by", "accepted_by", "accepted_at", "open_tasks"}
    assert hidden <= set(seen)
    assert not hidden & set(shared)


def test_each_version_side_and_record_has_a_tag_of_its_own(world: World) -> None:
    nina, paul, path = Caller(world.nina), Caller(world.paul), f"cdmos/{world.lyra.pk}/"
    tags = [nina.tag(path), paul.tag(path), nina.tag(f"cdmos/{world.orion.pk}/")]
    nina.patch(path, {"notes": "Audited", "reason": "Audit"}, If_Match=tags[0])
    tags.append(nina.tag(path))
    assert len(set(tags)) == 4
    assert all(tag.startswith('"') and tag.endswith('"') for tag in tags)


def test_a_list_is_cut_by_key_and_leads_on_and_back(world: World) -> None:
    names = [f"Partner {number:02}" for number in range(60)]
    put_many_on_file(world.nina, names)
    nina, told, address = Caller(world.nina), [], "cdmos/?q=Partner&sort=-name&limit=25"
    while address:
        page = nina.get(address).json()
        told.append([each["name"] for each in page["results"]])
        last, address = page, page["next"]
    assert told == [names[:34:-1], names[34:9:-1], names[9::-1]]
    back = nina.get(last["previous"]).json()
    assert [each["name"] for each in back["results"]] == told[1]
    start = nina.get(back["previous"]).json()
    assert ([each["name"] for each in start["results"]], start["previous"]) == (told[0], None)


def test_by_default_the_oldest_comes_first_and_25_on_a_page(world: World) -> None:
    put_many_on_file(world.nina, [f"Partner {number:02}" for number in range(60)])
    nina = Caller(world.nina)
    page = nina.get("cdmos/").json()
    ids = [each["id"] for each in page["results"]]
    assert (len(ids), ids[:2], ids) == (25, [world.lyra.pk, world.orion.pk], sorted(ids))
    assert len(nina.get("cdmos/?limit=100").json()["results"]) == 62
    following = nina.get(page["next"]).json()
    assert nina.get(following["previous"]).json()["results"] == page["results"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("country=CH", ["Lyra Biologics", "Orion Fill"]),
        ("outsourcing_model=TACTICAL", ["Orion Fill"]),
        ("types=drug_product", ["Orion Fill"]),
        ("status=VOID", []),
        ("q=lyra", ["Lyra Biologics"]),
        ("q=%25", []),
        ("sort=-name", ["Orion Fill", "Lyra Biologics"]),
        ("limit=1", ["Lyra Biologics"]),
    ],
)
def test_filters_narrow(world: World, query: str, names: list[str]) -> None:
    answer = Caller(world.nina).get(f"cdmos/?{query}")
    assert [each["name"] for each in answer.json()["results"]] == names


def test_a_filter_by_a_record_out_of_sight_finds_nothing_like_one_by_a_record_that_never_was(world: World) -> None:
    nina = Caller(world.nina)
    assert [each["name"] for each in nina.get(f"sites/?cdmo={world.lyra.pk}").json()["results"]] == ["Lyra Basel"]
    for key in (world.foreign.pk, NEVER):
        assert nina.get(f"sites/?cdmo={key}").json() == {"results": [], "next": None, "previous": None}


@pytest.mark.parametrize(
    ("query", "parameter", "sentence"),
    [
        ("colour=red", "colour", "There is no such parameter."),
        ("notes=canary", "notes", "There is no such parameter."),
        ("country=ZZ", "country", "Choose one of those on offer."),
        ("country=CH&country=DE", "country", "Give it once."),
        ("types=notes", "types", "Choose one of those on offer."),
        ("limit=0", "limit", "Send a whole number between 1 and 100."),
        ("limit=101", "limit", "Send a whole number between 1 and 100."),
        ("limit=%D9%A3", "limit", "Send a whole number between 1 and 100."),
        ("sort=notes", "sort", "Choose one of: id, name, model; with a hyphen before it the other way round."),
        ("q=%00", "q", "Send at most 200 characters, and no NUL."),
        ("q=" + "a" * 201, "q", "Send at most 200 characters, and no NUL."),
        ("cursor=abc", "cursor", "Take it from `next` or `previous` of the same question."),
        ("cursor=" + "9" * 5000, "cursor", "Take it from `next` or `previous` of the same question."),
        ("number=%00", "number", "Send at most 200 characters, and no NUL."),
    ],
)
def test_a_query_that_says_nothing_is_refused_by_name(world: World, query: str, parameter: str, sentence: str) -> None:
    answer = Caller(world.nina).get(f"cdmos/?{query}")
    assert (answer.status_code, answer.json()["errors"]) == (400, {parameter: [sentence]})


def test_a_partner_has_no_filter_over_what_it_does_not_read(world: World) -> None:
    answer = Caller(world.paul).get("cdmos/?outsourcing_model=PREFERRED")
    assert answer.json()["errors"] == {"outsourcing_model": ["There is no such parameter."]}
    assert Caller(world.paul).get("cdmos/?sort=model").status_code == 400


def test_a_record_is_put_on_file(world: World) -> None:
    answer = Caller(world.omar).post("cdmos/", NEW_CDMO)
    told = answer.json()
    assert (answer.status_code, answer["Location"]) == (201, f"/api/v1/acme/cdmos/{told['id']}/")
    assert answer["ETag"] == Caller(world.omar).tag(answer["Location"])
    assert {name: told[name] for name in NEW_CDMO} == NEW_CDMO
    assert (told["status"], told["version"], told["website"]) == ("ACTIVE", 1, "")


@pytest.mark.requirement("A11-5")
def test_every_error_of_a_body_comes_in_one_answer(world: World) -> None:
    body = {
        "name": 7,
        "country": "ZZ",
        "website": "ftp",
        "drug_product": "yes",
        "colour": "red",
        "tenant": 1,
        "reason": 1,
    }
    answer = Caller(world.omar).post("cdmos/", body)
    assert (answer.status_code, answer.json()["errors"]) == (
        422,
        {
            "name": ["Send a text."],
            "country": ["Choose one of those on offer."],
            "website": ["Enter a valid URL."],
            "outsourcing_model": ["Choose one."],
            "drug_product": ["Send true or false."],
            "reason": ["Send a text."],
            "colour": ["There is no such field here."],
            "tenant": ["There is no such field here."],
        },
    )
    assert answer.json()["detail"] == "8 things are to be put right."


def test_what_the_record_itself_says_comes_beside_what_the_fields_say(world: World) -> None:
    answer = Caller(world.omar).post("cdmos/", NEW_CDMO | {"drug_product": False, "country": "ZZ"})
    assert answer.json()["errors"] == {
        "country": ["Choose one of those on offer."],
        "drug_substance": ["Say what this CDMO does: tick at least one type."],
    }
    taken = Caller(world.omar).post("cdmos/", NEW_CDMO | {"name": "LYRA biologics"})
    assert taken.json()["errors"] == {"name": ["There is a CDMO of this name already: open that one."]}


AWFUL = {
    "nul": "a\0b", "surrogate": "\ud800", "long": "x" * 100_000, "huge": 10**400, "number": 1.5, "null": None,
    "list": [], "object": {}, "true": True, "empty": "", "blank": "\u200b ", "emoji": "\N{GRINNING FACE}" * 500,
}  # fmt: skip


@pytest.mark.requirement("ASVS-5.1.4")
@pytest.mark.parametrize("name", ["name", "country", "website", "drug_product", "notes", "reason"])
@pytest.mark.parametrize("value", AWFUL.values(), ids=AWFUL)
def test_no_value_of_a_field_breaks_anything(world: World, name: str, value: Any) -> None:
    answer = Caller(world.omar).post("cdmos/", NEW_CDMO | {name: value})
    assert answer.status_code in (201, 422)
    if answer.status_code == 422:
        assert set(answer.json()["errors"]) == {name}


AWFUL_IDS = [0, -1, NEVER, 2**63, 10**400, "1", 1.0, True, None, [], {}, ""]


@pytest.mark.parametrize("value", AWFUL_IDS, ids=[repr(value)[:12] for value in AWFUL_IDS])
def test_no_reference_breaks_anything(world: World, value: Any) -> None:
    body = {"cdmo": value, "name": "Visp", "city": "Visp", "country": "CH", "time_zone": "Europe/Zurich"}
    answer = Caller(world.omar).post("sites/", body)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["cdmo"])


def test_a_foreign_reference_reads_like_one_that_never_was(world: World) -> None:
    body = {"name": "Visp", "city": "Visp", "country": "CH", "time_zone": "Europe/Zurich"}
    omar = Caller(world.omar)
    foreign, never = (omar.post("sites/", body | {"cdmo": key}) for key in (world.foreign.pk, NEVER))
    assert (foreign.status_code, foreign.json()["errors"]) == (422, {"cdmo": [NO_SUCH]})
    assert foreign.content == never.content


MOMENTS = [
    "2026-10-28",
    "2026-10-28T12:40:00",
    "yesterday",
    "0001-01-01T00:00:00+14:00",
    "2026-02-30T00:00:00Z",
    5,
    "\0",
]


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_moment_without_its_offset_is_refused(world: World, moment: Any) -> None:
    body = {
        "title": "Drift", "description": "x", "cdmo": world.lyra.pk, "site": world.lyra_site.pk, "severity": "MINOR",
        "event_type": "RELEASE_OOS", "occurred_at": moment, "aware_at": "2026-11-02T09:10:00+01:00",
    }  # fmt: skip
    answer = Caller(world.nina).post("deviations/", body)
    said = "Send a date and a time with its offset from UTC, such as 2026-03-14T09:30:00Z."
    assert (answer.status_code, answer.json()["errors"]) == (422, {"occurred_at": [said]})


@pytest.mark.requirement("A11-5", "ASVS-13.1.5")
@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (" ", "application/json", 400),
        ("{", "application/json", 400),
        ("[]", "application/json", 400),
        ('"text"', "application/json", 400),
        ('{"a": NaN}', "application/json", 400),
        ('{"a": 1, "a": 2}', "application/json", 400),
        (b'{"a": "\xff"}', "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        ('{"a": ' + "9" * 5_000 + "}", "application/json", 400),
        ("name=Vega", "application/x-www-form-urlencoded", 415),
        ("{}", "text/plain", 415),
        ("x" * 3_000_000, "application/json", 413),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(world: World, body: str | bytes, kind: str, status: int) -> None:
    answer = Caller(world.omar).post("cdmos/", body, Content_Type=kind)
    assert (answer.status_code, list(answer.json())) == (status, ["detail"])


def test_amending_needs_the_version_a_reason_and_a_difference(world: World) -> None:
    omar, path = Caller(world.omar), f"cdmos/{world.lyra.pk}/"
    before, tag = as_it_stands(world, world.lyra.pk), omar.tag(path)
    good = {"legal_name": "Lyra Biologics AG", "reason": "From the register"}
    for headers in ({}, {"If_Match": "*"}, {"If_Match": ""}):
        assert omar.patch(path, good, **headers).status_code == 428
    for stale in ('"cdmos-1-0-sponsor"', f"W/{tag}", tag.strip('"'), Caller(world.paul).tag(path)):
        assert omar.patch(path, good, If_Match=stale).status_code == 412
    for reason in ({}, {"reason": ""}, {"reason": "\u200b"}, {"reason": None}):
        answer = omar.patch(path, {"legal_name": "X"} | reason, If_Match=tag)
        said = {"reason": ["Say why you change it. The reason is kept in the history."]}
        assert (answer.status_code, answer.json()["errors"]) == (422, said)
    answer = omar.patch(path, {"name": "Lyra Biologics", "reason": "Nothing"}, If_Match=tag)
    said = {"non_field_errors": ["Nothing in this body differs from what is on record."]}
    assert (answer.status_code, answer.json()["errors"]) == (422, said)
    assert as_it_stands(world, world.lyra.pk) == before
    answer = omar.patch(path, good, If_Match=f'"other", {tag}')
    assert (answer.status_code, answer.json()["legal_name"], answer.json()["version"]) == (200, "Lyra Biologics AG", 2)
    assert omar.patch(path, good | {"legal_name": "Y"}, If_Match=tag).status_code == 412
    assert as_it_stands(world, world.lyra.pk)["versions"] == 2


@pytest.mark.requirement("ASVS-13.1.4")
def test_nobody_amends_what_is_not_theirs_to_amend(world: World) -> None:
    body = {"name": "Taken over", "reason": "Because", "colour": "red"}
    for actor, pk, status in (
        (world.vera, world.lyra.pk, 403),
        (world.paul, world.lyra.pk, 403),
        (world.paul, world.orion.pk, 404),
        (world.connie, world.orion.pk, 404),
        (world.nina, world.foreign.pk, 404),
    ):
        before = as_it_stands(world, pk) if pk != world.foreign.pk else None
        answer = Caller(actor).patch(f"cdmos/{pk}/", body, If_Match='"x"')
        assert (answer.status_code, list(answer.json())) == (status, ["detail"]), actor.name
        if before:
            assert as_it_stands(world, pk) == before


def test_a_field_that_is_no_longer_to_be_amended_is_named(world: World) -> None:
    path = f"deviations/{report(world.paul, world.lyra_site).pk}/"
    nina = Caller(world.nina)
    answer = nina.patch(path, {"root_cause": "Seal", "title": 5, "reason": "Early"}, If_Match=nina.tag(path))
    assert answer.json()["errors"] == {"root_cause": ["You cannot set this."], "title": ["Send a text."]}


@pytest.mark.requirement("ASVS-4.2.1")
@pytest.mark.parametrize("path", ["", "history/", "transitions/void/"])
def test_foreign_and_never_existing_answer_the_same_bytes(world: World, path: str) -> None:
    nina = Caller(world.nina)
    method = "POST" if path.startswith("transitions") else "GET"
    answers = {nina.ask(method, f"cdmos/{pk}/{path}", {"reason": "x"} if method == "POST" else None).content
               for pk in (world.foreign.pk, NEVER, 10**25)}  # fmt: skip
    assert answers == {b'{"detail":"There is nothing here."}'}
    assert nina.get("nothing/").content in answers


@pytest.mark.requirement("ASVS-13.2.1")
@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "POST"])
def test_other_methods_are_refused_in_json(world: World, method: str) -> None:
    answer = Caller(world.nina).ask(method, f"cdmos/{world.lyra.pk}/", {})
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, PATCH")
    assert answer.json() == {"detail": "This address does not take that method."}


def test_the_history_is_told_newest_first_and_narrowed_for_a_partner(world: World) -> None:
    nina, path = Caller(world.nina), f"cdmos/{world.lyra.pk}/"
    for turn in range(3):
        nina.patch(
            path, {"legal_name": f"Lyra {turn}", "notes": "n", "reason": f"Turn {turn}"}, If_Match=nina.tag(path)
        )
    first = nina.get(f"{path}history/?limit=2").json()
    assert [(each["version"], each["reason"], each["source"]) for each in first["results"]] == [
        (4, "Turn 2", "By an integration"), (3, "Turn 1", "By an integration"),
    ]  # fmt: skip
    assert first["results"][0]["changes"] == [
        {"field": "legal_name", "label": "Legal name", "old": "Lyra 1", "new": "Lyra 2"}
    ]
    rest = nina.get(first["next"]).json()
    assert ([each["version"] for each in rest["results"]], rest["next"]) == ([2, 1], None)
    told = Caller(world.paul).get(f"{path}history/")
    assert {each["who"] for each in told.json()["results"]} == {"", "Oversight"}
    assert b"notes" not in told.content and b"Nina" not in told.content
