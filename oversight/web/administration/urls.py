"""Addresses of the settings, below `settings/` in a sponsor's workspace; and the partner's own people."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from oversight.kernel.records.frame import acting
from oversight.kernel.workflow.refusals import NotAllowed

from . import key_pages, member_pages, people_pages, policy_pages, review_pages, webhook_pages
from .frame import rooms_of


@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """The first page of the settings that the actor may open."""
    rooms = rooms_of(acting(request))
    if not rooms:
        raise NotAllowed("settings")
    return HttpResponseRedirect(rooms[0].href)


def settings_urls() -> list[URLPattern]:
    """All of them are named `settings-…`."""
    pages = (
        ("people/", people_pages.people, "people"),
        ("people/add/", people_pages.add_person, "person-add"),
        ("people/add-program/", people_pages.add_program, "program-add"),
        ("people/<int:pk>/", member_pages.member, "person"),
        ("people/<int:pk>/change/", member_pages.amend_member, "person-amend"),
        ("people/<int:pk>/end/", member_pages.end_member, "person-end"),
        ("people/<int:pk>/invite/", member_pages.invite_again, "person-invite"),
        ("keys/", key_pages.keys, "keys"),
        ("keys/add/", key_pages.add_key, "key-add"),
        ("keys/<int:pk>/revoke/", key_pages.revoke, "key-revoke"),
        ("webhooks/", webhook_pages.webhooks, "webhooks"),
        ("webhooks/add/", webhook_pages.add_webhook, "webhook-add"),
        ("webhooks/<int:pk>/", webhook_pages.webhook, "webhook"),
        ("webhooks/<int:pk>/secret/", webhook_pages.rotate, "webhook-rotate"),
        ("webhooks/<int:pk>/switch/", webhook_pages.switch_webhook, "webhook-switch"),
        ("webhooks/<int:pk>/retry/", webhook_pages.retry, "webhook-retry"),
        ("policy/", policy_pages.policy, "policy"),
        ("policy/second-factor/", policy_pages.second_factor, "second-factor"),
        ("policy/clocks/<slug:name>/", policy_pages.limit, "limit"),
        ("access-review/", review_pages.review, "access-review"),
        ("access-review/export/", review_pages.export, "access-review-export"),
    )
    return [
        path("settings/", settings, name="settings"),
        *(path(f"settings/{route}", view, name=f"settings-{name}") for route, view, name in pages),
    ]


def portal_people_urls() -> list[URLPattern]:
    """For partners, to read."""
    return [path("people/", people_pages.our_people, name="our-people")]
