"""Webhooks: who outside the house is told of events, how that went, and by which secret it is signed."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Max, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from oversight.kernel.access.scope import Actor
from oversight.kernel.outbox.models import Delivery, Webhook
from oversight.kernel.outbox.webhooks import CAPABILITY, create_webhook, retry_given_up, rotate_secret, switch

from .forms import ReasonForm, SettingsForm, text
from .frame import FORM, enter, page_of, show
from .histories import versions_told

SHOWN = 30
TOLD = {"url": "Address", "events": "Events", "salt": "Secret, as a mark", "active": "Switched on"}
LOOKS = {
    Delivery.State.WAITING: ("Waiting", "info", "progress"),
    Delivery.State.DONE: ("Delivered", "ok", "ok"),
    Delivery.State.FAILED: ("Given up", "danger", "critical"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One webhook and how its deliveries stand."""

    webhook: Any
    href: str
    state: str
    tone: str
    glyph: str


class WebhookForm(SettingsForm):
    """Where to, and of what."""

    def __init__(self, *, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["url"] = text(
            "Address", most=500, help_text="A public https address.", placeholder="https://", inputmode="url"
        )
        self.fields["events"] = text(
            "Events", most=500, help_text="With a space between: deviation.closed, deviation.* or * for all."
        )


@require_safe
def webhooks(request: HttpRequest) -> HttpResponse:
    """All of them, with how their deliveries stand."""
    actor = enter(request, CAPABILITY)
    lines = [_line(actor, each) for each in _counted(actor).order_by("-active", "pk")]
    return show(request, "webhooks.html", "webhooks", {"lines": lines, "add_url": page_of(actor, "webhook-add")})


@require_http_methods(FORM)
def add_webhook(request: HttpRequest) -> HttpResponse:
    """Have an address told; the secret stands on the answer and nowhere else."""
    actor = enter(request, CAPABILITY)
    form = WebhookForm(data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            webhook, secret = create_webhook(by=actor, url=said["url"], events=said["events"].split())
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            return _secret(request, actor, webhook.pk, secret, "The webhook is added")
    context = {
        "form": form,
        "title": "Add a webhook",
        "lede": "The address is told that something happened, never what somebody wrote: ids, states and times.",
        "save": "Add the webhook",
        "back_url": page_of(actor, "webhooks"),
    }
    return show(request, "form.html", "webhooks", context, status=422 if form.is_bound else 200)


@require_safe
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them: its last deliveries and its history."""
    actor = enter(request, CAPABILITY)
    found = _find(actor, pk)
    rows = Delivery.objects.visible_to(actor).filter(webhook=found).select_related("event").order_by("-pk")[:SHOWN]
    deliveries = [(each, *LOOKS[Delivery.State(each.state)]) for each in rows]
    context = {
        "line": _line(actor, found),
        "deliveries": deliveries,
        "history": tuple(versions_told(Webhook, actor, TOLD, id=pk)),
        "rotate_url": page_of(actor, "webhook-rotate", pk),
        "switch_url": page_of(actor, "webhook-switch", pk),
        "retry_url": page_of(actor, "webhook-retry", pk) if found.given_up and found.active else "",
    }
    return show(request, "webhook.html", "webhooks", context)


@require_http_methods(FORM)
def rotate(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign with another secret."""
    actor = enter(request, CAPABILITY)
    found = _find(actor, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        secret = rotate_secret(pk, by=actor, reason=form.reason)
        return _secret(request, actor, pk, secret, "The secret is replaced")
    return _confirm(
        request,
        actor,
        found,
        form,
        title="Replace the secret",
        consequence="From now on deliveries are signed with a new secret, which is shown once. Whoever checks the "
        "signature with the old one refuses them until it is replaced there, too.",
        save="Replace the secret",
    )


@require_http_methods(FORM)
def switch_webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop telling it, or begin again."""
    actor = enter(request, CAPABILITY)
    found = _find(actor, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        switch(pk, by=actor, active=request.POST.get("active") == "yes", reason=form.reason)
        messages.success(request, "The webhook is switched.")
        return HttpResponseRedirect(page_of(actor, "webhook", pk))
    on = found.active
    return _confirm(
        request,
        actor,
        found,
        form,
        title="Switch off" if on else "Switch on",
        consequence="Nothing is delivered any more; what happens meanwhile is not made up for."
        if on
        else "It is told of what happens from now on.",
        save="Switch off" if on else "Switch on",
        active="no" if on else "yes",
    )


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Try again what was given up."""
    actor = enter(request, CAPABILITY)
    _find(actor, pk)
    count = retry_given_up(pk, by=actor)
    messages.success(request, f"{count} {'delivery is' if count == 1 else 'deliveries are'} tried again.")
    return HttpResponseRedirect(page_of(actor, "webhook", pk))


def _counted(actor: Actor) -> Any:
    given_up = Count("deliveries", filter=Q(deliveries__state=Delivery.State.FAILED))
    waiting = Count("deliveries", filter=Q(deliveries__state=Delivery.State.WAITING))
    rows = Webhook.objects.visible_to(actor)
    return rows.annotate(given_up=given_up, waiting=waiting, last_at=Max("deliveries__answered_at"))


def _find(actor: Actor, pk: int) -> Any:
    found = _counted(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _line(actor: Actor, found: Any) -> Line:
    if not found.active:
        state = ("Switched off", "neutral", "void")
    elif found.given_up:
        state = (f"{found.given_up} given up", "danger", "critical")
    elif found.waiting:
        state = (f"{found.waiting} on the way", "info", "progress")
    else:
        state = ("Working", "ok", "ok")
    return Line(found, page_of(actor, "webhook", found.pk), *state)


def _secret(request: HttpRequest, actor: Actor, pk: int, secret: str, title: str) -> HttpResponse:
    context = {"secret": secret, "title": title, "what": "secret", "back_url": page_of(actor, "webhook", pk)}
    return show(request, "secret.html", "webhooks", context)


def _confirm(
    request: HttpRequest, actor: Actor, found: Any, form: ReasonForm, *, title: str, **words: str
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "about": found.url,
        "back_url": page_of(actor, "webhook", found.pk),
        **words,
    }
    return show(request, "confirm.html", "webhooks", context, status=422 if form.is_bound else 200)
