"""The OpenAPI schema of an endpoint that reads one record in a way of its own."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from oversight.kernel.api.fields import BIGGEST
from oversight.kernel.api.schema import ALWAYS, WORDS, KindSchema


class ReadingSchema(KindSchema):
    """Its view says what it is called, what it answers, and in which shape."""

    @property
    def what(self) -> str:
        return str(self.view.what)

    def get_summary(self) -> str:
        return str(self.view.summary)

    def get_description(self) -> str:
        return str(self.view.get.__doc__)

    def get_override_parameters(self) -> list[Any]:
        key = {"type": "integer", "minimum": 1, "maximum": BIGGEST}
        return [
            OpenApiParameter("sponsor", str, "path", required=True, description="The sponsor's slug."),
            OpenApiParameter("id", key, "path", required=True),
        ]

    def get_response_serializers(self) -> Any:
        return {status: OpenApiResponse(*WORDS[status]) for status in ALWAYS} | {200: self.view.shape}
