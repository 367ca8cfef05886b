"""Every address of the house. A sponsor's slug comes last: the words before it are reserved."""

from django.urls import include, path

from oversight.kernel.records.export_pages import export_urls
from oversight.kernel.records.urls import portal_urls, record_urls

from . import chooser, errors, health, portal, signin, workspace
from .catalogue import PAGES
from .trail import trail_urls

WORKSPACE = (
    [path("", workspace.home, name="home"), *record_urls(PAGES), *export_urls(), *trail_urls()],
    "workspace",
)
PORTAL = (
    [path("", portal.home, name="home"), *portal_urls(PAGES), *export_urls(), *trail_urls()],
    "portal",
)

urlpatterns = [
    path("", chooser.choose, name="chooser"),
    path("healthz", health.healthz, name="healthz"),
    path("accounts/login/", signin.SignIn.as_view(), name="account_login"),
    path("accounts/logout/", signin.SignOut.as_view(), name="account_logout"),
    path("", include("oversight.web.api")),
    path("portal/", portal.inbox, name="inbox"),
    path("portal/<slug:sponsor>/", include(PORTAL)),
    path("<slug:sponsor>/", include(WORKSPACE)),
]

handler400 = errors.malformed
handler403 = errors.not_allowed
handler404 = errors.not_found
handler429 = errors.throttled  # allauth's, which Django does not know
handler500 = errors.broken
