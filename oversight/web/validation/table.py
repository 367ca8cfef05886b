"""docs/validation/traceability.md: every requirement, where it is met, and which tests prove it."""

from .places import place
from .proof import figures, proofs_of
from .requirement import Requirement, Way, sources

HEAD = ("| id | clause | asks | how | where | proven by, or why not |", "|---|---|---|---|---|---|")


def figures_in_words() -> str:
    """One sentence with the figures."""
    told = figures()
    return (
        f"{told['total']} requirements: {told['AUTOMATED']} automated ({told['percent']} %), "
        f"{told['PROCEDURAL']} procedural, {told['NOT_APPLICABLE']} not applicable, {told['GAP']} gaps; "
        f"proven by {told['tests']} tests."
    )


def markdown() -> str:
    """The whole document."""
    lines = [
        "# Traceability",
        "",
        "Generated from `oversight/web/validation/sources` and the markers of the suite.",
        "",
    ]
    lines += [figures_in_words(), ""]
    for source in sources():
        lines += [
            f"## {source.title}",
            "",
            f"{source.edition[:1].upper()}{source.edition[1:]}. {source.about}",
            "",
            *HEAD,
        ]
        lines += [_row(each) for each in source.requirements] + [""]
    lines += ["## Gaps", ""]
    gaps = [each for source in sources() for each in source.requirements if each.way is Way.GAP]
    lines += [f"- `{each.id}` {each.asks} {each.why}" for each in gaps]
    return "\n".join(lines) + "\n"


def _row(each: Requirement) -> str:
    where = "; ".join(f"`{named}`" if ":" in named else place(named).words for named in each.where)
    tests = "<br>".join(f"`{test.removeprefix('tests/')}`" for test in proofs_of(each.id))
    shown = "<br>".join(part for part in (tests, each.why) if part)
    return f"| `{each.id}` | {each.clause} | {each.asks} | {each.way.label} | {where} | {shown} |"
