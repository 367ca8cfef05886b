"""Every address of the house. A sponsor's slug comes last: the words before it are reserved."""

from django.urls import include, path

from oversight.kernel.records.export_pages import export_urls
from oversight.kernel.records.urls import portal_urls, record_urls

from . import chooser, errors, health
from .administration.urls import portal_people_urls, settings_urls
from .catalogue import PAGES
from .drafting.urls import draft_urls
from .exchange.urls import exchange_urls, feed_urls
from .notices.urls import notice_urls
from .portal.home import portal_home_urls
from .portal.inbox import inbox
from .searching.urls import search_urls
from .simulating.urls import simulation_urls
from .today.page import today_urls
from .trail import trail_urls
from .warning.urls import warning_urls
from .whatif.urls import whatif_urls

EITHER = [*export_urls(), *trail_urls(), *notice_urls(), *search_urls(), *draft_urls()]
WORKSPACE = (
    [
        *today_urls(),
        *warning_urls(),
        *record_urls(PAGES),
        *whatif_urls(),
        *simulation_urls(),
        *exchange_urls(),
        *settings_urls(),
        *EITHER,
    ],
    "workspace",
)
PORTAL = ([*portal_home_urls(), *portal_urls(PAGES), *portal_people_urls(), *EITHER], "portal")

urlpatterns = [
    path("", chooser.choose, name="chooser"),
    path("healthz", health.healthz, name="healthz"),
    path("accounts/", include("oversight.web.accounts.urls")),
    path("help/", include("oversight.web.help.urls")),
    path("", include("oversight.web.notices.urls")),
    *feed_urls,
    path("", include("oversight.web.api")),
    path("portal/", inbox, name="inbox"),
    path("portal/<slug:sponsor>/", include(PORTAL)),
    path("<slug:sponsor>/", include(WORKSPACE)),
]

handler400 = errors.malformed
handler403 = errors.not_allowed
handler404 = errors.not_found
handler429 = errors.throttled  # allauth's, which Django does not know
handler500 = errors.broken
