"""The API described: a schema that is true, and a page to read it."""

import re

import pytest
from django.test import Client
from drf_spectacular.validation import validate_schema

from oversight.web.catalogue import KINDS
from tests.api.calling import Caller
from tests.cast import World, sign_in
from tests.web.reading import words

SCHEMA = "/api/v1/schema/"


def schema() -> dict:
    answer = Client().get(SCHEMA)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    return answer.json()


def test_the_schema_is_valid_and_has_one_address_for_each_endpoint() -> None:
    document = schema()
    validate_schema(document)
    expected = set()
    for kind in KINDS:
        base = f"/api/v1/{{sponsor}}/{kind.slug}/"
        expected |= {base, f"{base}{{id}}/", f"{base}{{id}}/history/"}
        expected |= {f"{base}{{id}}/transitions/{move.name}/" for move in kind.workflow.transitions}
    plans = "/api/v1/{sponsor}/programmes/{id}"
    assert set(document["paths"]) == expected | {
        f"{plans}/{page}"
        for page in (
            "impact/", "plan/", "warnings/", "simulations/", "simulations/{simulation}/", "what-if/", "ways/",
            "baselines/compare/", "imports/", "imports/{file}/", "imports/{file}/commit/",
            "imports/{file}/throw-away/", "plan.xml", "plan.xlsx", "plan.csv",
        )
    }  # fmt: skip
    ids = [found["operationId"] for methods in document["paths"].values() for found in methods.values()]
    assert len(ids) == len(set(ids))


def test_every_operation_declares_its_refusals_its_headers_and_its_key() -> None:
    for path, methods in schema()["paths"].items():
        for method, found in methods.items():
            statuses, headers = set(found["responses"]), {each["name"]: each for each in found.get("parameters", ())}
            assert found["security"] == [{"key": []}]
            assert {"400", "401", "403", "404"} <= statuses
            if method == "get":
                continue
            assert {"409", "413", "415", "422"} <= statuses
            if path.endswith("/what-if/"):  # which only asks
                continue
            assert headers["Idempotency-Key"].get("required", False) is False
            if "/imports/" in path:  # the digest of the report that was read stands in for a version
                continue
            # What puts something new on file changes no version that anybody saw.
            changing = not path.endswith((f"{path.split('/')[4]}/", "/simulations/"))
            assert ("If-Match" in headers, {"412", "428"} <= statuses) == (changing, changing), path


@pytest.mark.requirement("ASVS-5.1.3", "ASVS-13.2.2")
def test_a_body_says_what_it_takes_and_nothing_else() -> None:
    document = schema()
    shapes = document["components"]["schemas"]
    assert {"title", "description", "cdmo", "site", "severity", "event_type", "occurred_at", "aware_at"} == set(
        shapes["DeviationNew"]["required"]
    )
    assert shapes["DeviationNew"]["additionalProperties"] is False
    assert shapes["DeviationAmendment"]["required"] == ["reason"]
    assert set(shapes["DeviationClose"]["required"]) == {"reason", "password"}
    assert set(shapes["DeviationClose"]["properties"]) == {"reason", "password", "otp"}
    assert shapes["Deviation"]["properties"]["severity"]["enum"] == ["MINOR", "MAJOR", "CRITICAL"]
    assert document["components"]["securitySchemes"] == {"key": {"type": "http", "scheme": "bearer"}}


@pytest.mark.requirement("A11D-data-transfer")
@pytest.mark.django_db
def test_what_is_answered_is_what_the_schema_says(world: World) -> None:
    shapes = schema()["components"]["schemas"]
    for slug, shape in (("cdmos", "CDMO"), ("sites", "Site")):
        for actor in (world.nina, world.paul):
            for record in Caller(actor).get(f"{slug}/").json()["results"]:
                assert set(record) <= set(shapes[shape]["properties"])
                assert set(shapes[shape]["required"]) <= set(record)


def test_the_page_names_every_operation_and_needs_no_sign_in() -> None:
    answer = Client().get("/api/v1/docs/")
    body, text = answer.content.decode(), words(answer)
    assert answer.status_code == 200
    for kind in KINDS:
        assert f"GET /api/v1/{{sponsor}}/{kind.slug}/{{id}}/history/" in text
    assert not re.search(r'style="|<style|<script>|onclick', body)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/v1/docs/", SCHEMA])
def test_the_description_is_the_same_for_everybody(world: World, client: Client, path: str) -> None:
    anonymous = Client().get(path).content
    sign_in(client, world.nina)
    assert client.get(path).content == anonymous
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", ["/api/", "/api/cdmos/", "/api/v1/", "/api/v2/acme/cdmos/", "/api/v1/acme/cdmos"])
def test_what_stands_nowhere_is_refused_in_json(db: None, path: str) -> None:
    answer = Client().get(path)
    assert answer.content == Client(enforce_csrf_checks=True).post(path).content
    assert (answer.status_code, answer.content) == (404, b'{"detail":"There is nothing here."}')


@pytest.mark.requirement("ASVS-7.4.1", "ASVS-7.4.3")
@pytest.mark.django_db
def test_what_breaks_is_told_in_json_and_nothing_of_it_stays(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(*args: object, **options: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("oversight.kernel.api.endpoints.create", fall)
    answer = Caller(world.nina).post("cdmos/", {"name": "V", "country": "DE", "outsourcing_model": "TACTICAL"})
    assert (answer.status_code, list(answer.json())) == (500, ["detail"])
    assert b"secret" not in answer.content
