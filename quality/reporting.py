"""Reporting: how an event is begun, what is known already when the form opens, and by when each class asks for what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from batches.models import Batch
from cdmos.models import Site
from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.calendar import Unit
from oversight.kernel.clocks.limits import limits_of
from oversight.kernel.records.addresses import address, key_in
from oversight.kernel.records.forms import RecordForm

from .models import Deviation
from .records import DEVIATION, SEVERITY
from .services.rules import CONTAINMENT, NOTICE

Type, Severity = Deviation.EventType, Deviation.Severity
# What a report needs to begin with; all else has a value already, or can be added later.
ASKED = ("severity", "title", "description", "event_type", "occurred_at", "cdmo", "site", "batch")
WORDS = {
    "title": ("What went wrong, in one line", ""),
    "description": ("What happened", "What was expected, what happened instead, what it touches."),
    "event_type": ("Kind of event", "It decides which tasks follow."),
    "batch": ("Batch that it touches", "A critical deviation holds it."),
    "occurred_at": ("When it happened", ""),
    "aware_at": ("When somebody noticed", "The clocks begin here."),
    "notified_at": ("When you told the sponsor", "Leave it empty if this is how you tell."),
    "partner_number": ("Your own number", ""),
}
ZONED = ("occurred_at", "aware_at")  # their help names the zone in which they are read
LATEST = 50  # reports looked through for the site of the last one


@dataclass(frozen=True, slots=True)
class Beginning:
    """One way to begin a report, as the portal offers it."""

    words: str
    note: str
    href: str


@dataclass(frozen=True, slots=True)
class Class:
    """One class of events as a choice, with the time that it leaves."""

    code: str
    words: str
    tone: str
    glyph: str
    note: str
    box: Any


BEGINNINGS = (
    ("Deviation", Type.CRITICAL_PROCESS_DEVIATION, None),
    ("Out-of-specification result", Type.RELEASE_OOS, Severity.MAJOR),
    ("Equipment stopped", Type.EQUIPMENT_DOWNTIME, Severity.MAJOR),
    ("Change by a supplier", Type.SUPPLIER_CHANGE, Severity.MINOR),
    ("Error in a batch record", Type.RECORD_DISCREPANCY, Severity.MINOR),
)


class ReportForm(RecordForm):
    """The form of a new deviation: who fills it in may have an hour."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, (label, help_text) in WORDS.items():
            if name in self.fields:
                field = self.fields[name]
                field.label = label
                zone = _zone(str(field.help_text)) if name in ZONED else ""
                field.help_text = f"{help_text} {zone}".strip()
        if isinstance(batch := self.fields.get("batch"), forms.ModelChoiceField) and batch.queryset is not None:
            batch.queryset = batch.queryset.exclude(status=Batch.Status.VOID)
            batch.empty_label = "No batch"
        self.fields["severity"].widget = forms.RadioSelect(choices=Severity.choices[::-1])
        self.fields["severity"].error_messages["required"] = "Choose how serious it is."
        self.fields["description"].widget.attrs["rows"] = 4


def known(query: Mapping[str, str], actor: Actor, now: datetime) -> dict[str, Any]:
    """What stands in the form when it opens: it is just now, as the link says, at the one site there is.

    A partner with several sites finds the one of its last report, and may choose another. A link from a batch names it.
    """
    found: dict[str, Any] = {"occurred_at": now, "aware_at": now}
    for name, choices in (("event_type", Type), ("severity", Severity)):
        if query.get(name, "") in choices.values:
            found[name] = query[name]
    key = key_in(query.get("batch", ""))
    if batch := key and Batch.objects.visible_to(actor).filter(pk=key).first():
        return found | {"batch": batch.pk, "site": batch.site_id, "cdmo": batch.cdmo_id}
    sites = list(Site.objects.visible_to(actor).exclude(status=Site.Status.VOID).values_list("pk", flat=True)[:2])
    if len(sites) == 1:
        return found | {"site": sites[0], "one_site": True}
    last = _last_site(actor) if sites and actor.is_partner else None
    return found | ({"site": last} if last else {})


def beside(form: RecordForm, actor: Actor) -> dict[str, Any]:
    """What the page shows besides the fields: the classes with their limits; what is asked, what is folded away."""
    times = limits(actor)
    one_site = not form.is_bound and form.initial.get("one_site")
    fields = [name for name in form.fields if name != "batch" or _has_batches(form)]
    asked = [name for name in ASKED[1:] if name in fields and not (name == "site" and one_site)]
    folded = [name for name in fields if name not in (*ASKED[:1], *asked)]
    return {
        "classes": [_class(box, times, actor) for box in form["severity"]],
        "asked": [{"field": form[name], "wide": name in ("title", "description")} for name in asked],
        "folded": [{"field": form[name], "wide": False} for name in folded],
        "unfolded": any(form[name].errors for name in folded),
        "containment": "" if form["event_type"].value() == Type.SUPPLIER_CHANGE else times[CONTAINMENT.name],
    }


def beginnings(actor: Actor) -> list[Beginning]:
    """The ways to begin a report, each with what it asks for by when; none for a role that reports nothing."""
    if not DEVIATION.may_write(actor, "create"):
        return []
    here, times = address(DEVIATION, "create", actor), limits(actor)
    found = []
    for words, event, severity in BEGINNINGS:
        told = times[NOTICE[severity or Severity.CRITICAL].name]
        contain = f"Critical: contain in {times[CONTAINMENT.name]}, tell us in {told}"
        query = f"?event_type={event.value}" + (f"&severity={severity.value}" if severity else "")
        found.append(Beginning(words, f"Tell us within {told}" if severity else contain, here + query))
    return found


def limits(actor: Actor) -> dict[str, str]:
    """The limits of the first hours in words, by their rules: the sponsor's own, else the defaults."""
    rules = (CONTAINMENT, *NOTICE.values())
    own, found = limits_of(actor), {}
    for rule in rules:
        held = own.get(rule.name)
        limit, unit = (held.limit, Unit(held.unit)) if held else (rule.limit, rule.unit)
        short = {Unit.MINUTES: "min", Unit.HOURS: "h"}.get(unit)
        found[rule.name] = f"{limit} {short}" if short else unit.words(limit)
    return found


def _has_batches(form: RecordForm) -> bool:
    """Nobody is asked to choose where there is nothing to choose from."""
    field = form.fields["batch"]
    offered = field.queryset if isinstance(field, forms.ModelChoiceField) else None
    return bool(form.errors.get("batch")) or (offered is not None and offered.exists())


def _class(box: Any, times: Mapping[str, str], actor: Actor) -> Class:
    severity = Severity(box.data["value"])
    tone, glyph = SEVERITY[severity]
    told = times[NOTICE[severity].name]
    note = f"Tell us in {told}" if actor.is_partner else f"The CDMO tells you in {told}"
    return Class(severity.value, str(severity.label), tone, glyph, note, box)


def _last_site(actor: Actor) -> int | None:
    """The site of the last report of this person, else of the CDMO."""
    reports = Deviation.objects.visible_to(actor).exclude(site__status=Site.Status.VOID).order_by("-id")
    latest = list(reports.values_list("site_id", "opened_by")[:LATEST])
    own = (site for site, opened_by in latest if opened_by == actor.user)
    return next(own, latest[0][0] if latest else None)


def _zone(help_text: str) -> str:
    return help_text[help_text.rfind("In your time zone") :]
