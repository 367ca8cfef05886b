"""The access review: as a page, and as a file to take away."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from oversight.kernel.records.export_pages import hand_over
from oversight.kernel.records.models import Export
from oversight.kernel.records.tables import write_table

from .frame import enter, page_of, show
from .review import HEAD, about, read_review

CAPABILITY = "access_review.export"
SHOWN = 200


@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """Every access of today; beyond the first two hundred, the file has them."""
    actor = enter(request, CAPABILITY)
    accesses = read_review(actor)
    context = {
        "accesses": accesses[:SHOWN],
        "total": len(accesses),
        "rest": max(0, len(accesses) - SHOWN),
        "without": sum(access.factor == "No" for access in accesses),
        "at": timezone.now(),
        "export_url": page_of(actor, "access-review-export"),
    }
    return show(request, "review.html", "access-review", context)


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The same as a file; that it was taken is logged."""
    actor = enter(request, CAPABILITY)
    kind = Export.Format.CSV if request.POST.get("format") == "CSV" else Export.Format.XLSX
    rows = [access.row for access in read_review(actor)]
    name = f"access-review-{actor.sponsor}-{timezone.now():%Y%m%d-%H%M%S}.{kind.lower()}"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "review"
        write_table(path, excel=kind == Export.Format.XLSX, about=about(actor), head=HEAD, rows=rows)
        content = path.read_bytes()
    return hand_over(request, content, kind=kind, name=name)
