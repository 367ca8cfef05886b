"""The OpenAPI schema of the endpoints of a record kind: made from the kind, as the endpoints are."""

from collections.abc import Iterator
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from oversight.kernel.records.search import SEARCHED

from .fields import BIGGEST
from .idempotency import HEADER, LONGEST
from .parameters import TEXT
from .resource import Resource
from .shapes import VERSIONS, Invalid, Malformed, NotNow, Refused, page_of

SECURITY = "key"
WORDS: dict[int, tuple[type, str]] = {
    400: (Malformed, "What was asked makes no sense."),
    401: (Refused, "No valid API key."),
    403: (Refused, "In sight, but not for this role, or not for a key that only reads."),
    404: (Refused, "Not there, or out of sight."),
    409: (NotNow, "Not now: something has to come first, or the same request is in flight."),
    412: (Refused, "Somebody changed the record: If-Match names an older version."),
    413: (Refused, "The body is too large."),
    415: (Refused, "The body is not JSON."),
    422: (Invalid, "What is wrong with the body, field by field."),
    428: (Refused, "If-Match is missing."),
}
ALWAYS = (400, 401, 403, 404)
WRITING = (*ALWAYS, 409, 413, 415, 422)
CHANGING = (*WRITING, 412, 428)
CURSOR = OpenApiParameter(
    "cursor", str, description="From where on; take it from `next` or `previous`.", location="query"
)


class KindSchema(AutoSchema):
    """Describes `Endpoint`: its kind knows bodies, answers and filters."""

    @property
    def resource(self) -> Resource:
        resource: Resource = self.view.resource
        return resource

    @property
    def what(self) -> str:
        """What the operation does, in one word."""
        name = type(self.view).__name__
        return {"Collection": {"GET": "list", "POST": "create"}, "Item": {"GET": "read", "PATCH": "amend"}}.get(
            name, {"GET": "history", "POST": getattr(self.view.transition, "name", "") if name == "MoveOf" else ""}
        )[self.method]

    def get_operation_id(self) -> str:
        return f"{self.resource.kind.slug}-{self.what}".replace("-", "_")

    def get_tags(self) -> list[str]:
        return [self.resource.kind.plural]

    def get_auth(self) -> list[dict[str, list[str]]]:
        return [{SECURITY: []}]

    def get_summary(self) -> str:
        kind = self.resource.kind
        fixed = {
            "list": f"List {kind.plural}",
            "create": f"Put a new {kind.label} on file",
            "read": f"Read one {kind.label}",
            "amend": f"Amend a {kind.label}",
            "history": f"The history of a {kind.label}",
        }
        return fixed.get(self.what) or self.view.transition.label

    def get_description(self) -> str:
        if type(self.view).__name__ != "MoveOf":
            return str(getattr(self.view, self.method.lower()).__doc__)
        move = self.view.transition
        states = ", ".join(sorted(move.sources))
        to = f"The record becomes {move.target}." if move.target else "The record stays in its state."
        signed = (
            f"Signed: “{move.signed_as}” Send `password`, and `otp` if you sign in with one-time codes."
            if move.signed_as
            else ""
        )
        return " ".join(part for part in (f"From {states}. {to}", move.note, signed) if part)

    def get_override_parameters(self) -> list[Any]:
        return list(self._parameters())

    def _parameters(self) -> Iterator[OpenApiParameter]:
        yield OpenApiParameter("sponsor", str, "path", required=True, description="The sponsor's slug.")
        if type(self.view).__name__ != "Collection":
            key = {"type": "integer", "minimum": 1, "maximum": BIGGEST}
            yield OpenApiParameter("id", key, "path", required=True)
        if self.what not in ("list", "history"):
            said = "Names this version of the record, for If-Match."
            yield OpenApiParameter("ETag", str, "header", response=[200, 201], description=said)
        if self.what == "list":
            yield from self._of_the_list()
        elif self.what == "history":
            yield CURSOR
            yield OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}, "query")
        elif self.method != "GET":
            said = "The same key twice: done once, answered twice. Kept for 24 hours."
            pattern = {"type": "string", "pattern": "^[!-~]+$", "minLength": 1, "maxLength": LONGEST}
            yield OpenApiParameter(HEADER, pattern, "header", description=said)
            if self.what != "create":
                said = "The ETag of the version that you saw."
                tag = {"type": "string", "pattern": '^"[!#-~]+"$'}
                yield OpenApiParameter("If-Match", tag, "header", required=True, description=said)

    def _of_the_list(self) -> Iterator[OpenApiParameter]:
        kind = self.resource.kind
        orders = ["id", *(order.name for order in kind.orders)]
        enum = [sign + name for name in orders for sign in ("", "-")]
        yield OpenApiParameter("q", dict(TEXT), "query", description=self._searched())
        said = "With a hyphen the other way round. A partner sorts by what it reads."
        yield OpenApiParameter("sort", {"type": "string", "enum": enum, "default": "id"}, "query", description=said)
        yield OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 100, "default": 25}, "query")
        yield CURSOR
        for name, each in self.resource.filters[False].items():
            says = each.says if name in self.resource.filters[True] else f"{each.says} Not for partners.".strip()
            yield OpenApiParameter(name, dict(each.schema), "query", description=says)

    def _searched(self) -> str:
        words = ", ".join(str(self.resource.kind.field(name).verbose_name) for name in self.resource.kind.search)
        return f"Looks through: {words}; numbers by their beginning, other text in the newest {SEARCHED:,} records."

    def get_request_serializer(self) -> Any:
        if self.method == "GET":
            return None
        if self.what == "create":
            return self.resource.new[False]
        return self.resource.amendment if self.what == "amend" else self.resource.moves[self.what]

    def get_response_serializers(self) -> Any:
        answers = {status: OpenApiResponse(*WORDS[status]) for status in self._refusals()}
        return answers | {201 if self.what == "create" else 200: self._success()}

    def _refusals(self) -> tuple[int, ...]:
        if self.method == "GET":
            return ALWAYS
        return WRITING if self.what == "create" else CHANGING

    def _success(self) -> Any:
        if self.what == "history":
            return VERSIONS
        record = self.resource.shape
        return page_of(self.resource.kind.model.__name__, record) if self.what == "list" else record
