"""What the sponsor asks of everybody: a second factor, and by when its clocks run out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.views.decorators.http import require_http_methods, require_safe

from oversight.kernel.access.models import Policy
from oversight.kernel.access.policies import ask_second_factor, policy_of
from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.calendar import MOST, Unit
from oversight.kernel.clocks.limits import limits_of, set_limit
from oversight.kernel.clocks.models import DefaultLimit
from oversight.kernel.clocks.rules import Rule, Side
from oversight.kernel.components.marks import inside
from oversight.kernel.records.addresses import place
from oversight.kernel.trail.change import change

from .forms import SettingsForm, choice, number, status_of
from .frame import FORM, enter, page_of, show
from .histories import newest_versions, versions_told
from .house_rules import rule_named, shelves

MANAGE = "policy.manage"
LIMIT_TOLD = {"limit": "Limit", "unit": "Unit"}


@dataclass(frozen=True, slots=True)
class Line:
    """One rule: the house's limit, the sponsor's own, and since when and by whom that holds."""

    label: str
    side: str
    house: str
    own: str
    since: datetime | None
    by: str
    href: str


class FactorForm(SettingsForm):
    """Who must prove a sign-in by more than a password."""

    def __init__(self, policy: Policy, *, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"second_factor": policy.second_factor})
        self.fields["second_factor"] = choice("Who must have a second factor", Policy.SecondFactor.choices)
        self.add_version(policy.version, least=0)
        self.add_reason()


class LimitForm(SettingsForm):
    """How long a clock of one rule runs."""

    def __init__(self, rule: Rule, own: DefaultLimit | None, *, data: QueryDict | None = None) -> None:
        present = own or rule
        super().__init__(data, initial={"limit": present.limit, "unit": str(present.unit)})
        self.fields["limit"] = number("Limit", least=1, most=MOST)
        self.fields["unit"] = choice("Unit", [(unit.value, unit.label.capitalize()) for unit in Unit])
        self.add_version(own.version if own else 0, least=0)
        self.add_reason()


@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """The whole of it, with since when and by whom."""
    actor = enter(request, MANAGE)
    own, newest = limits_of(actor), newest_versions(DefaultLimit, actor)
    found = policy_of(actor)
    context = {
        "policy": found,
        "policy_history": tuple(versions_told(Policy, actor, {"second_factor": "Second factor"}, id=found.pk))[:10]
        if found.pk
        else (),
        "factor_url": page_of(actor, "second-factor"),
        "shelves": [
            (shelf.title, [_line(actor, label, rule, own.get(rule.name), newest) for label, rule in shelf.rules])
            for shelf in shelves()
        ],
    }
    return show(request, "policy.html", "policy", context)


@require_http_methods(FORM)
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for a second factor, of some or of all."""
    actor = enter(request, MANAGE)
    form = FactorForm(policy_of(actor), data=request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            with change(by=actor, reason=form.reason):
                ask_second_factor(Policy.SecondFactor(said["second_factor"]), by=actor, seen=said["version"])
        except ValidationError as refusal:
            form.refuse(refusal)
            status = status_of(refusal)
        else:
            messages.success(request, "The policy is changed.")
            return HttpResponseRedirect(page_of(actor, "policy"))
    context = {
        "form": form,
        "title": "Change who must have a second factor",
        "lede": "Whoever must and has none is asked to set one up at the next visit. It holds for your staff and for "
        "your partners' people.",
        "save": "Save the change",
        "back_url": page_of(actor, "policy"),
    }
    return show(request, "form.html", "policy", context, status=status)


@require_http_methods(FORM)
def limit(request: HttpRequest, name: str) -> HttpResponse:
    """Another limit for the clocks of one rule."""
    actor = enter(request, MANAGE)
    if (named := rule_named(name)) is None:
        raise Http404
    label, rule = named
    own = limits_of(actor).get(name)
    form = LimitForm(rule, own, data=request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            set_limit(
                rule, by=actor, limit=said["limit"], unit=Unit(said["unit"]), seen=said["version"], reason=form.reason
            )
        except ValidationError as refusal:
            form.refuse(refusal)
            status = status_of(refusal)
        else:
            messages.success(request, f"{label}: the limit is changed. Clocks that run already stay as they are.")
            return HttpResponseRedirect(page_of(actor, "policy"))
    context = {
        "form": form,
        "title": f"Limit: {inside(label)}",
        "lede": f"The default of Oversight is {Unit(rule.unit).words(rule.limit)}. A new limit holds for clocks that "
        "start from now on; clocks that run already are not moved, and the clause of an agreement goes before it.",
        "save": "Save the limit",
        "back_url": page_of(actor, "policy"),
        "history": tuple(versions_told(DefaultLimit, actor, LIMIT_TOLD, id=own.pk)) if own else (),
    }
    return show(request, "form.html", "policy", context, status=status)


def _line(actor: Actor, label: str, rule: Rule, own: DefaultLimit | None, newest: dict[int, Any]) -> Line:
    last = newest.get(own.pk) if own else None
    return Line(
        label=label,
        side=str(Side(rule.side).label),
        house=Unit(rule.unit).words(rule.limit),
        own=Unit(own.unit).words(own.limit) if own else "",
        since=last and last.history_date,
        by=last.history_user_name if last else "",
        href=place("settings-limit", actor, name=rule.name),
    )
