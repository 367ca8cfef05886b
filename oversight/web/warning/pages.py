"""How well warnings did, from the stored ones and how the steps ended."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import address
from oversight.kernel.records.frame import acting
from oversight.kernel.records.words import day_in_words
from oversight.kernel.records.writes import demand
from techtransfer.records import EARLY_WARNING, MILESTONE
from techtransfer.warning.proof import ENOUGH, Case, Past, Score, by_partner, past_of, score, within

SHOWN = 100
VERDICTS = {
    "right": ("ok", "ok", "Warned, and late"),
    "missed": ("danger", "critical", "Late without a warning"),
    "false": ("warn", "warn", "Warned, and on time"),
    "quiet": ("neutral", "open", "On time"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One finished step, and whether the warning was right."""

    title: str
    number: str
    href: str
    partner: str
    agreed: str
    late: int
    warned: str
    warned_href: str
    ahead: str
    tone: str
    glyph: str
    verdict: str


@require_safe
def how_well(request: HttpRequest) -> HttpResponse:
    """Precision, recall and days ahead, each with what it is counted from."""
    actor = acting(request)
    demand(EARLY_WARNING, actor, "view")
    only = request.GET.get("show", "")
    past = past_of(actor)
    found = past.cases
    shown = [case for case in found if only not in VERDICTS or case.verdict == only]
    total = score(found)
    context = {
        "total": total,
        "figures": _figures(total) if total.is_telling else (),
        "sentence": _sentence(total),
        "silent": _silent(past),
        "partners": [(partner, _shares(each)) for partner, each in by_partner(found)],
        "enough": ENOUGH,
        "choices": [("", "All"), *((name, words) for name, (_, _, words) in VERDICTS.items())],
        "only": only if only in VERDICTS else "",
        "lines": [_line(case, actor) for case in shown[:SHOWN]],
        "cut": len(shown) > SHOWN,
        "list_url": address(EARLY_WARNING, "list", actor),
        "steps_url": address(MILESTONE, "list", actor),
    }
    return render(request, "warning/how_well.html", context)


def _figures(total: Score) -> tuple[tuple[str, str, str], ...]:
    """Three numbers, each with the cases that it counts, and how far so many cases bear a share."""
    came_true = f"{total.right} of {total.red} red warnings came true{_reach(total.right, total.red)}"
    had_been = f"{total.right} of {total.late} late steps had been red{_reach(total.right, total.late)}"
    before = f"before the agreed end, in the middle of the {total.right} that came true"
    return (
        ("Precision", _share(total.precision), came_true),
        ("Recall", _share(total.recall), had_been),
        ("Days ahead", _days(total.days_ahead), before if total.right else "none came true yet"),
    )


def _reach(some: int, of: int) -> str:
    """So many cases could as well come of another share; nothing where there is none."""
    if not of:
        return ""
    low, high = within(some, of)
    return f"; between {low} and {high} % with 95 % confidence"


def _sentence(total: Score) -> str:
    """What can be said, or how much is lacking to say anything."""
    if not total.cases:
        return "No step with two check-ins has ended yet, so that nothing can be said of the warnings."
    steps = "1 step" if total.cases == 1 else f"{total.cases} steps"
    if not total.is_telling:
        return (
            f"{steps} with two check-ins ended so far, {total.late} of them late, {total.red} after a red warning: "
            f"too few to give shares. From {ENOUGH} on they stand here."
        )
    return f"From {steps} that ended after at least two check-ins, {total.late} of them late."


def _shares(each: Score) -> dict[str, str]:
    return {
        "cases": str(each.cases),
        "late": str(each.late),
        "precision": _within(each.right, each.red),
        "recall": _within(each.right, each.late),
        "ahead": _days(each.days_ahead),
    }


def _silent(past: Past) -> str:
    """Of how many nobody could have been warned: they are no misses, and no successes either."""
    if not past.silent:
        return ""
    steps = f"{past.silent}{' more' if past.cases else ''} {'step' if past.silent == 1 else 'steps'}"
    late = f"{past.silent_late} of them late" if past.silent_late else "none of them late"
    return f"{steps} ended with fewer than two check-ins before the agreed end, {late}: not counted here."


def _within(some: int, of: int) -> str:
    """90 % of 10 (60–98 %)."""
    if not of:
        return "none yet"
    low, high = within(some, of)
    return f"{round(100 * some / of)} % of {of} ({low}–{high} %)"


def _share(value: float | None) -> str:
    return "none yet" if value is None else f"{round(100 * value)} %"


def _days(value: float | None) -> str:
    return "none yet" if value is None else f"{value:g} d"


def _line(case: Case, actor: Actor) -> Line:
    tone, glyph, words = VERDICTS[case.verdict]
    return Line(
        title=case.title,
        number=case.number,
        href=address(MILESTONE, "detail", actor, case.step),
        partner=case.partner,
        agreed=day_in_words(case.agreed),
        late=case.late,
        warned=day_in_words(case.warned) if case.warned else "",
        warned_href=address(EARLY_WARNING, "detail", actor, case.warning) if case.warned else "",
        ahead=f"{case.ahead} d before" if case.warned else "",
        tone=tone,
        glyph=glyph,
        verdict=words,
    )
