"""The API described: OpenAPI as JSON for programs, a page of our own for people; the same for everybody."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

FEW = 12  # codes of a choice that are printed; of more, the first ones
VERBS = ("get", "post", "patch")


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a body, one parameter of a query or one answer."""

    name: str
    kind: str
    required: bool
    says: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method at one address."""

    id: str
    method: str
    path: str
    summary: str
    says: str
    parameters: tuple[Line, ...]
    body: tuple[Line, ...]
    answers: tuple[Line, ...]


@cache
def schema_of(urlconf: str) -> dict[str, Any]:
    """The OpenAPI document of all endpoints that `urlconf` names."""
    generator: Any = SchemaGenerator
    document: dict[str, Any] = generator(urlconf=urlconf).get_schema(request=None, public=True)
    for methods in document["paths"].values():
        for operation in methods.values():
            if body := operation.get("requestBody"):
                # No body at all is refused, as is a name that nobody declared: the schema says so.
                body["required"] = True
                for taken in body["content"].values():  # JSON, and a form where a file is taken
                    _resolved(document, taken["schema"])["additionalProperties"] = False
    return document


@require_safe
def schema_document(request: HttpRequest, urlconf: str) -> HttpResponse:
    """OpenAPI 3 as JSON."""
    return HttpResponse(json.dumps(schema_of(urlconf)), content_type="application/json")


@require_safe
def reference_page(request: HttpRequest, urlconf: str) -> HttpResponse:
    """Every endpoint for a person to read: what it takes and what it answers."""
    return render(request, "api/reference.html", {"groups": _groups(urlconf), "version": schema_of(urlconf)["openapi"]})


@cache
def _groups(urlconf: str) -> tuple[tuple[str, tuple[Operation, ...]], ...]:
    document = schema_of(urlconf)
    groups: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method in VERBS:
            if found := methods.get(method):
                groups.setdefault(found["tags"][0], []).append(_operation(document, path, method, found))
    return tuple((name, tuple(found)) for name, found in groups.items())


def _operation(document: dict[str, Any], path: str, method: str, found: dict[str, Any]) -> Operation:
    asked = [each for each in found.get("parameters", ()) if each["in"] != "path"]
    parameters = (
        Line(each["name"], _words(document, each["schema"]), each.get("required", False), each.get("description", ""))
        for each in asked
    )
    taken: list[dict[str, Any]] = list(found.get("requestBody", {}).get("content", {}).values())
    body = taken[0].get("schema", {}) if taken else {}
    answers = (
        Line(status, _name_of(each), False, each.get("description", "")) for status, each in found["responses"].items()
    )
    return Operation(
        id=found["operationId"],
        method=method.upper(),
        path=path,
        summary=found["summary"],
        says=found.get("description", ""),
        parameters=tuple(parameters),
        body=tuple(_fields(document, body)),
        answers=tuple(sorted(answers, key=lambda line: line.name)),
    )


def _fields(document: dict[str, Any], schema: dict[str, Any]) -> Iterator[Line]:
    resolved = _resolved(document, schema)
    required = resolved.get("required", ())
    for name, each in resolved.get("properties", {}).items():
        yield Line(name, _words(document, each), name in required, each.get("description", ""))


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        found: dict[str, Any] = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        return found
    return schema


def _words(document: dict[str, Any], schema: dict[str, Any]) -> str:
    """The type of a value, as a person says it."""
    said = str(schema.get("format") or schema.get("type") or "object")
    if codes := schema.get("enum"):
        shown = ", ".join(str(code) for code in codes[:FEW] if code not in ("", None))
        return f"{shown} …" if len(codes) > FEW else shown
    if "maxLength" in schema:
        said += f", at most {schema['maxLength']} characters"
    return f"{said} or null" if schema.get("nullable") else said


def _name_of(answered: dict[str, Any]) -> str:
    schema = answered.get("content", {}).get("application/json", {}).get("schema", {})
    return str(schema.get("$ref", "")).rsplit("/", 1)[-1]
