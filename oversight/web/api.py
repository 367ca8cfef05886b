"""The REST API: every kind of the catalogue, its schema, and the page on which to read it."""

from django.urls import include, path

from oversight.kernel.api.reference import reference_page, schema_document
from oversight.kernel.api.urls import api_urls

from .catalogue import KINDS

urlpatterns = [
    path("api/v1/schema/", schema_document, {"urlconf": __name__}, name="api-schema"),
    path("api/v1/docs/", reference_page, {"urlconf": __name__}, name="api-reference"),
    path("api/v1/<slug:sponsor>/", include((api_urls(KINDS), "api"))),
]
