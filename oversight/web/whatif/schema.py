"""The OpenAPI schema of the endpoints that compute and save nothing."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from oversight.kernel.api.schema import ALWAYS, WORDS
from oversight.web.planning.schema import ReadingSchema

ASKING = (*ALWAYS, 409, 413, 415, 422)


class AskingSchema(ReadingSchema):
    """Its view says which parameters it takes, and what body, where it takes one."""

    def get_description(self) -> str:
        return str(getattr(self.view, self.method.lower()).__doc__)

    def get_override_parameters(self) -> list[Any]:
        told = [
            OpenApiParameter(name, dict(shape), "query", required=required, description=says)
            for name, shape, required, says in self.view.parameters
        ]
        return [*super().get_override_parameters(), *told]

    def get_request_serializer(self) -> Any:
        return self.view.body if self.method == "POST" else None

    def get_response_serializers(self) -> Any:
        statuses = ASKING if self.method == "POST" else (*ALWAYS, 409)
        return {status: OpenApiResponse(*WORDS[status]) for status in statuses} | {200: self.view.shape}
