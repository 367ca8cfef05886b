"""The product's addresses, with the discussion and the files of CDMOs and sites at both doors."""

from django.urls import include, path

from cdmos.records import CDMO, SITE
from oversight.kernel.records.comment_pages import comment_urls
from oversight.kernel.records.file_pages import file_urls
from oversight.web import urls
from oversight.web.urls import handler400, handler403, handler404, handler500

NESTED = [url for kind in (CDMO, SITE) for url in (*comment_urls(kind), *file_urls(kind))]
WORKSPACE = ([*urls.WORKSPACE[0], *NESTED], "workspace")
PORTAL = ([*urls.PORTAL[0], *NESTED], "portal")

urlpatterns = [
    path("portal/<slug:sponsor>/", include(PORTAL)),
    *(url for url in urls.urlpatterns if "<slug:sponsor>" not in str(url.pattern)),
    path("<slug:sponsor>/", include(WORKSPACE)),
]

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
