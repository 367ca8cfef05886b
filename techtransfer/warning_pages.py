"""The pages of check-ins, at both doors, and of early warnings, at the sponsor's."""

from typing import Any, cast

from django.db.models import QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.addresses import place
from oversight.kernel.records.facts import facts
from oversight.kernel.records.forms import RecordForm
from oversight.kernel.records.frame import acting
from oversight.kernel.records.pages import RecordPages
from oversight.kernel.workflow.models import Case

from .models import EarlyWarning, Milestone
from .records import EARLY_WARNING, MILESTONE
from .showing import warnings as telling

GROUPS = (  # what it says stands above them
    ("What", ("programme", "product_code", "cdmo")),
    ("How likely", ("chance", "basis", "learnt_from", "learnt_here", "agreed_on")),
    ("Since when", ("raised_at", "red_at", "ended_at")),
    ("What came of it", ("late_days", "response")),
)


class CheckInPages(RecordPages):
    """The pages of check-ins. A partner answers where it is asked, and goes on from there."""

    def new_form(
        self, actor: Actor, *, data: QueryDict | None = None, preset: dict[str, Any] | None = None
    ) -> RecordForm:
        """With the steps that are under way."""
        form = super().new_form(actor, data=data, preset=preset)
        choice = cast(ModelChoiceField, form.fields["milestone"])
        choice.queryset = cast(QuerySet[Milestone], choice.queryset).filter(status=Milestone.Status.IN_PROGRESS)
        return form

    def create(self, request: HttpRequest) -> HttpResponse:
        """As of any kind; who answered in place returns to what else is asked."""
        answer = super().create(request)
        if answer.status_code == 302 and request.POST.get("from") == "home":
            return HttpResponseRedirect(f"{place('home', acting(request))}#check-ins")
        return answer


class WarningPages(RecordPages):
    """The pages of early warnings."""

    def beside(self, record: Case, actor: Actor, asked: QueryDict) -> dict[str, Any]:
        """What it says, the facts beside the number, and the data that it rests on."""
        warning = cast(EarlyWarning, record)
        return super().beside(record, actor, asked) | {
            "groups": [(title, facts(self.kind, record, items, actor)) for title, items in GROUPS],
            "line": telling.line(warning, EARLY_WARNING, MILESTONE, actor, answers=False),
            "data": telling.data_of(self.kind, warning, actor),
        }
