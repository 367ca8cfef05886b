"""The REST API: every kind of the catalogue, its schema, and the page on which to read it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.views.decorators.csrf import csrf_exempt

from oversight.kernel.api.reference import reference_page, schema_document
from oversight.kernel.api.urls import api_urls

from .catalogue import KINDS
from .exchange.urls import exchange_api_urls
from .planning.urls import planning_urls
from .simulating.urls import simulation_api_urls
from .warning.urls import warning_endpoints
from .whatif.urls import whatif_api_urls


@csrf_exempt
def nothing(request: HttpRequest) -> HttpResponse:
    """The rest of the namespace: no sponsor is called `api`, and no page answers here."""
    raise Http404


OF_SPONSOR = [
    *api_urls(KINDS), *planning_urls(), *whatif_api_urls(), *simulation_api_urls(), *warning_endpoints(),
    *exchange_api_urls(),
]  # fmt: skip
urlpatterns = [
    path("api/v1/schema/", schema_document, {"urlconf": __name__}, name="api-schema"),
    path("api/v1/docs/", reference_page, {"urlconf": __name__}, name="api-reference"),
    path("api/v1/<slug:sponsor>/", include((OF_SPONSOR, "api"))),
    re_path("^api/", nothing),
]
