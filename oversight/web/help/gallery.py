"""Every component in its states, for whoever builds a page or wonders what a sign means."""

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from oversight.kernel.clocks.face import Face
from oversight.kernel.components.fishbone import Bone, Cause
from oversight.kernel.components.steps import Stage, Why
from oversight.kernel.components.track import Dot, Mark, Track

FACES = (
    Face("2 h over", "containment, 60 min", "danger", "late", 0.0, True),
    Face("19 min left", "containment, 60 min", "danger", "late", 0.32, False),
    Face("7 h 19 min left", "notification, 24 h", "warn", "late", 0.3, False),
    Face("2 days left", "change reply, 10 days", "info", "progress", 0.2, False),
    Face("8 days left", "effectiveness check, 30 days", "neutral", "open", 0.7, False),
    Face("Answered after 9 days of 15", "investigation, 15 days", "ok", "ok", 0.4, False),
)
MEANINGS = (
    ("danger", "critical", "Critical", "Severity, or rejected"),
    ("danger", "late", "Late", "A clock ran out; amber when it is close"),
    ("warn", "warn", "At risk", "Needs attention"),
    ("warn", "hold", "On hold", "Stock may not move, or a step waits"),
    ("info", "progress", "In progress", "Somebody works on it"),
    ("neutral", "open", "Not started", "Planned"),
    ("ok", "ok", "Done", "Finished with evidence"),
    ("neutral", "void", "Void", "No longer counts"),
)
RISK = ((12, 0, 1), (34, -4, 2), (52, 4, 3), (74, 17, 4), (88, 6, 5))
TREND = (44, 46, 45, 49, 52, 51, 50, 54, 53, 57, 57, 60, 68)
BONES = (
    Bone("Materials", (Cause("Resin lot age", "out"), Cause("Filter lot variability"))),
    Bone("Method", (Cause("No recalculation step", "root"), Cause("Load limit not in record"))),
    Bone("Machine", (Cause("Pressure sensor drift", "out"),)),
    Bone("People", (Cause("Trained on the old version", "out"),)),
    Bone("Measurement", (Cause("Volume by level, not mass"), Cause("Load cell calibration due"))),
    Bone("Environment", (Cause("Suite temperature", "out"),)),
)
STAGES = (
    Stage("Reported", "28 Oct 15:02", "done"),
    Stage("Contained", "52 min of 60 min", "done"),
    Stage("Investigation", "day 27 of 30", "current"),
    Stage("Root cause sent", "from the CDMO", ""),
    Stage("Root cause accepted", "by the sponsor's QA", ""),
    Stage("Closed", "QA signature", ""),
)
WHYS = (
    Why("Why did the column pressure pass 3.0 bar?", "The inlet frit was partly blocked."),
    Why("Why was the frit blocked?", "Particles came through from harvest clarification."),
    Why("Why did they come through?", "The record has no step to recalculate the filter load.", True, "Method"),
)
TRACK = Track(
    dots=(
        Dot(56.4, "Stop process", 42, "start"),
        Dot(138.2, "Response team met", 27, "middle"),
        Dot(265.5, "First findings written", 42, "middle"),
        Dot(392.7, "Records pulled", 27, "middle"),
        Dot(492.7, "Sponsor informed", 42, "middle"),
    ),
    marks=tuple(Mark(round(20 + minute * 9.091, 1), str(minute)) for minute in range(0, 61, 10)),
    limit=Mark(565.5, "limit 60"),
    run=492.7,
    late=False,
)


class Example(forms.Form):
    """A form with one field that is wrong."""

    title = forms.CharField(
        label="Short title",
        initial="Pressure excursion on a Protein A column",
        help_text="What happened, not why. 120 characters.",
        widget=forms.TextInput(attrs={"class": "input"}),
    )
    volume = forms.CharField(label="Volume in litres", widget=forms.TextInput(attrs={"class": "input"}))
    severity = forms.ChoiceField(
        choices=[("MAJOR", "Major"), ("MINOR", "Minor")], widget=forms.Select(attrs={"class": "select"})
    )
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"class": "textarea", "rows": 3}))


@never_cache
@login_required
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """The page of all components."""
    form = Example({"title": Example.base_fields["title"].initial, "volume": "much", "severity": "MAJOR"})
    form.add_error("volume", "Write it as a number, such as 118.5.")
    return render(
        request,
        "help/gallery.html",
        {
            "faces": FACES,
            "meanings": MEANINGS,
            "risk": RISK,
            "trend": TREND,
            "bones": BONES,
            "stages": STAGES,
            "whys": WHYS,
            "track": TRACK,
            "form": form,
            "problems": [(form["volume"], "Volume in litres", form.errors["volume"][0])],
        },
    )
