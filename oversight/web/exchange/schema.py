"""The OpenAPI schema of plan files."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from oversight.kernel.api.fields import BIGGEST
from oversight.kernel.api.idempotency import HEADER, LONGEST
from oversight.kernel.api.schema import ALWAYS, WORDS, WRITING
from oversight.web.planning.schema import ReadingSchema
from techtransfer.exchange.exporting import FORMATS

KEY = {"type": "integer", "minimum": 1, "maximum": BIGGEST}


class PlanSchema(ReadingSchema):
    """Its view says what it is called, what it takes and what it answers."""

    success = 200

    def get_description(self) -> str:
        return str(getattr(self.view, self.method.lower()).__doc__)

    def get_request_serializer(self) -> Any:
        return self.view.body

    def get_response_serializers(self) -> Any:
        refusals = ALWAYS if self.method == "GET" else WRITING
        return {status: OpenApiResponse(*WORDS[status]) for status in refusals} | {self.success: self.view.shape}


def _once() -> OpenApiParameter:
    said = "The same key twice: done once, answered twice. Kept for 24 hours."
    pattern = {"type": "string", "pattern": "^[!-~]+$", "minLength": 1, "maxLength": LONGEST}
    return OpenApiParameter(HEADER, pattern, "header", description=said)


class StagingSchema(PlanSchema):
    """A file comes in."""

    success = 201

    def get_override_parameters(self) -> list[Any]:
        return [*super().get_override_parameters(), _once()]


class ImportSchema(PlanSchema):
    """One file that was brought."""

    def get_override_parameters(self) -> list[Any]:
        return [*super().get_override_parameters(), OpenApiParameter("file", KEY, "path", required=True)]


class CommitSchema(ImportSchema):
    """A file is taken in."""

    def get_override_parameters(self) -> list[Any]:
        return [*super().get_override_parameters(), _once()]


class FileSchema(PlanSchema):
    """A file goes out."""

    def get_response_serializers(self) -> Any:
        media = FORMATS[self.view.ending].content_type.partition(";")[0]
        found = {status: OpenApiResponse(*WORDS[status]) for status in ALWAYS}
        return found | {(200, media): OpenApiResponse(OpenApiTypes.BINARY, "The file.")}
