"""API keys: which there are, making one for a program, revoking one."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from oversight.kernel.access.people import people
from oversight.kernel.access.scope import Actor
from oversight.kernel.api.keys import LONGEST_DAYS, make_key, revoke_key
from oversight.kernel.api.models import ApiKey
from oversight.roles import Role

from .forms import ReasonForm, SettingsForm, choice, number, text
from .frame import FORM, enter, page_of, show, today_of

MANAGE = "key.manage"
PAGE = 50
NO_PROGRAM = "Add the program first, on the page of people: a key speaks for a program, never for a person."


@dataclass(frozen=True, slots=True)
class Line:
    """One key, in words."""

    key: ApiKey
    holder: str
    org: str
    holder_url: str
    state: str
    tone: str
    glyph: str
    revoke_url: str


class KeyForm(SettingsForm):
    """A new key: for which program, for how long, whether it may write."""

    def __init__(self, actor: Actor, *, data: QueryDict | None = None) -> None:
        super().__init__(data)
        rows = people(actor).filter(role=Role.API_CLIENT).exclude(valid_until__lt=today_of(actor)).order_by("called")
        holders = [(str(each.pk), f"{each.called}, {each.org}") for each in rows]
        self.empty = not holders
        self.fields["membership"] = choice("Program", [("", "Choose one"), *holders])
        self.fields["name"] = text("What it is for", most=100, help_text="Such as: nightly results from Basel.")
        self.fields["writes"] = choice("May", [("no", "Read only"), ("yes", "Read and write")])
        self.fields["days"] = number("Lasts, in days", least=1, most=LONGEST_DAYS)
        self.initial["days"] = 365
        self.add_reason()


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """Every key that was made, the newest first."""
    actor = enter(request, MANAGE)
    rows = ApiKey.objects.visible_to(actor).select_related("membership__user").order_by("-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    lines = _lines(actor, list(page.object_list))
    return show(request, "keys.html", "keys", {"lines": lines, "page": page, "add_url": page_of(actor, "key-add")})


@require_http_methods(FORM)
def add_key(request: HttpRequest) -> HttpResponse:
    """Make a key; its secret stands on the answer and nowhere else."""
    actor = enter(request, MANAGE)
    form = KeyForm(actor, data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            secret = make_key(
                int(said["membership"]),
                by=actor,
                name=said["name"],
                writes=said["writes"] == "yes",
                days=said["days"],
                reason=form.reason,
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            context = {"secret": secret, "title": "The key is made", "what": "key", "back_url": page_of(actor, "keys")}
            return show(request, "secret.html", "keys", context)
    context = {
        "form": form,
        "title": "Make an API key",
        "lede": "It is shown once, on the next page. It does what the program's role may do, and stops with it.",
        "save": "Make the key",
        "back_url": page_of(actor, "keys"),
        "missing": NO_PROGRAM if form.empty else "",
        "missing_url": page_of(actor, "program-add"),
        "missing_label": "Add a program",
    }
    return show(request, "form.html", "keys", context, status=422 if form.is_bound else 200)


@require_http_methods(FORM)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a key before its time."""
    actor = enter(request, MANAGE)
    key = ApiKey.objects.visible_to(actor).filter(pk=pk).first()
    if key is None:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        revoke_key(pk, by=actor, reason=form.reason)
        messages.success(request, f"The key {key.prefix}… is revoked.")
        return HttpResponseRedirect(page_of(actor, "keys"))
    context = {
        "form": form,
        "title": f"Revoke {key.prefix}…",
        "consequence": "The next call with this key is refused. A key that is revoked cannot be used again.",
        "save": "Revoke the key",
        "back_url": page_of(actor, "keys"),
    }
    return show(request, "confirm.html", "keys", context, status=422 if form.is_bound else 200)


def state_of_key(key: ApiKey, ended: date | None, now: datetime, today: date) -> tuple[str, str, str]:
    """Words, tone and shape; `ended` is the last day of the membership that it speaks for."""
    if key.revoked_at is not None:
        return "Revoked", "neutral", "void"
    if key.expires_at <= now:
        return "Expired", "neutral", "void"
    if ended is not None and ended < today:
        return "Its membership ended", "neutral", "void"
    if (key.expires_at - now).days < 30:
        return "Expires soon", "warn", "warn"
    return "In use", "ok", "ok"


def _lines(actor: Actor, found: list[ApiKey]) -> list[Line]:
    now, today = timezone.now(), today_of(actor)
    holders: dict[int, Any] = {
        each.pk: each for each in people(actor).filter(pk__in={key.membership_id for key in found})
    }
    lines = []
    for key in found:
        holder = holders[key.membership_id]
        state, tone, glyph = state_of_key(key, holder.valid_until, now, today)
        over = key.revoked_at is not None or key.expires_at <= now
        lines.append(
            Line(
                key=key,
                holder=holder.called,
                org=holder.org,
                holder_url=page_of(actor, "person", holder.pk),
                state=state,
                tone=tone,
                glyph=glyph,
                revoke_url="" if over else page_of(actor, "key-revoke", key.pk),
            )
        )
    return lines
