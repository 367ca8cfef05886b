"""The addresses of the house with those of views, exports and the trail."""

from django.urls import include, path

from oversight.kernel.records.export_pages import export_urls
from oversight.kernel.records.exports import offer
from oversight.kernel.records.view_pages import view_urls
from oversight.web import urls
from oversight.web.catalogue import KINDS
from oversight.web.trail import trail_urls

offer(KINDS)
more = [*(url for kind in KINDS for url in view_urls(kind)), *export_urls(), *trail_urls()]
shared = [url for kind in KINDS if kind.partner_sees is not None for url in view_urls(kind)]
urlpatterns = [
    *urls.urlpatterns[:-2],
    path("portal/<slug:sponsor>/", include(([*urls.PORTAL[0], *shared, *export_urls(), *trail_urls()], "portal"))),
    path("<slug:sponsor>/", include(([*urls.WORKSPACE[0], *more], "workspace"))),
]
handler400, handler403, handler404 = urls.handler400, urls.handler403, urls.handler404
handler429, handler500 = urls.handler429, urls.handler500
