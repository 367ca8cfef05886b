"""The generic pages of a record kind: list, detail, create, amend, history. Each asks the domain once and renders."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.safestring import SafeString

from oversight.kernel.access.scope import Actor
from oversight.kernel.clocks.services import clocks_of
from oversight.kernel.esign import signatures_of
from oversight.kernel.trail.seals import seal_status
from oversight.kernel.workflow.models import Case
from oversight.kernel.workflow.refusals import Refused, Stale, Unchanged
from oversight.kernel.workflow.writing import demand_amendable

from .addresses import address, key_in
from .comment_pages import talk
from .conflict import merge
from .drafts import desk, sent
from .facts import facts, readers
from .file_pages import files
from .forms import RecordForm
from .frame import KindPages, acting
from .history import read_history
from .kind import RecordKind
from .listing import Listing, read_listing
from .move_pages import offered
from .rows import line
from .writes import amend, create, demand, objections

RECENT = 3
CHILDREN = 50
NOTHING_CHANGED = "You changed nothing, so nothing was saved. Change a field, or leave with Cancel."


class RecordPages(KindPages):
    """The pages of one kind; `children` are the kinds whose parent it is."""

    new_page = "records/form.html"  # the template that asks for a new record
    begins_at = ""  # the part of its page where a new record goes on

    def __init__(self, kind: RecordKind, children: tuple[RecordKind, ...] = ()) -> None:
        super().__init__(kind)
        self.children = children

    def list_records(self, request: HttpRequest) -> HttpResponse:
        """The records that the actor sees, as the URL narrows and sorts them."""
        actor = self.enter(request, "view")
        listing = read_listing(self.kind, actor, request.GET)
        context = {"listing": listing, "heads": self._heads(listing, actor), "rows": self._rows(listing, actor)}
        context["search_words"] = self._search_words(actor)
        return self.render(request, "records/list.html", context)

    def show(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One record: its facts, what belongs to it, and its latest changes."""
        actor = self.enter(request, "view")
        record = self.find(actor, pk)
        groups = [
            (group.title, facts(self.kind, record, group.items, actor)) for group in self.kind.fieldsets_for(actor)
        ]
        context = {
            "record": record,
            "groups": groups,
            "moves": offered(self.kind, record, actor),
            "children": [self._children(child, record, actor) for child in self.children if child.may(actor, "view")],
            "recent": read_history(self.kind, record, actor, most=RECENT) if actor.can("trail.view") else None,
            "signatures": signatures_of(record, actor) if self._is_signed else (),
            "files": files(self.kind, record, actor),
            "talk": talk(self.kind, record, actor),
        }
        return self.render(request, self.kind.page, context | self.beside(record, actor, request.GET))

    def beside(self, record: Case, actor: Actor, asked: QueryDict) -> dict[str, Any]:
        """What else the record's page shows, as its address asks: nothing, unless a kind has pages of its own."""
        if self.kind.waiting is None:
            return {}
        return {"running": [clock for clock in clocks_of(record, actor) if clock.is_open]}

    def create(self, request: HttpRequest) -> HttpResponse:
        """The form of a new record, and its answer."""
        actor = self.enter(request, "create")
        if request.method != "POST":
            return self._form(request, self.new_form(actor, preset=self.preset(request, actor)))
        form = self.new_form(actor, data=request.POST)
        if form.is_valid():
            try:
                record = create(self.kind, by=actor, values=form.values)
            except ValidationError as refusal:
                form.refuse(refusal)
            else:
                sent(request, actor)
                messages.success(request, self.said_of(record))
                return HttpResponseRedirect(address(self.kind, "detail", actor, record.pk) + self.begins_at)
        elif more := objections(self.kind, by=actor, values=form.values, but=form.refused):
            form.refuse(more)
        return self._form(request, form, status=422)

    def amend(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form of a present record, and its answer; 409 when somebody else was quicker."""
        actor = self.enter(request, "view")
        record = self.find(actor, pk)
        demand(self.kind, actor, "amend")
        try:
            demand_amendable(self.kind.workflow, record, actor)
        except Refused as refusal:
            return self.render(request, "records/refused.html", {"record": record, "refusal": refusal}, status=409)
        if request.method != "POST":
            return self._form(request, RecordForm(self.kind, actor, record=record), record)
        form = RecordForm(self.kind, actor, record=record, data=request.POST)
        if form.is_valid():
            seen, reason = form.cleaned_data["version"], form.cleaned_data["reason"]
            try:
                amend(self.kind, pk, by=actor, version=seen, values=form.values, reason=reason)
            except Unchanged:
                form.add_error(None, NOTHING_CHANGED)
            except Stale as stale:
                return self._conflict(request, form, stale.record, seen)
            except ValidationError as refusal:
                form.refuse(refusal)
            else:
                sent(request, actor)
                messages.success(request, "Saved. The change stands in the history with your reason.")
                return HttpResponseRedirect(address(self.kind, "detail", actor, pk))
        elif more := objections(self.kind, by=actor, values=form.values, but=form.refused, pk=pk):
            form.refuse(more)
        return self._form(request, form, record, status=422)

    def history(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Every version of one record, newest first."""
        actor, record = self.found(request, pk, "trail.view")
        before = request.GET.get("before", "")
        key = key_in(before)
        chapter, seal = read_history(self.kind, record, actor, before=key), seal_status()
        unsealed = sum(not seal.covers(entry.txid) for entry in chapter.entries)
        context = {"record": record, "chapter": chapter, "before": key, "seal": seal, "unsealed": unsealed}
        return self.render(request, "records/history.html", context)

    @property
    def _is_signed(self) -> bool:
        """Whether any move of this kind leaves a signature."""
        return any(move.signed_as for move in self.kind.workflow.transitions)

    def new_form(
        self, actor: Actor, *, data: QueryDict | None = None, preset: dict[str, Any] | None = None
    ) -> RecordForm:
        """The form of a new record, as it is opened with a `preset` or sent with `data`."""
        return RecordForm(self.kind, actor, data=data, preset=preset)

    def said_of(self, record: Case) -> str:
        """What is said of a record that was just created."""
        return f"{self.kind.label[:1].upper()}{self.kind.label[1:]} created."

    def beside_form(self, form: RecordForm, actor: Actor) -> dict[str, Any]:
        """What else the page of a new record shows."""
        return {}

    def preset(self, request: HttpRequest, actor: Actor) -> dict[str, Any]:
        """A link to the form may name the parent."""
        parent = self.kind.parent
        return {parent.field: request.GET.get(parent.field)} if parent else {}

    def _children(self, child: RecordKind, record: Case, actor: Actor) -> dict[str, Any]:
        """The first records of a child kind, each with what its own list would show of it."""
        belongs = child.parent.field if child.parent else ""
        rows = child.joined(child.model.objects.visible_to(actor).filter(**{belongs: record}), actor)
        rows = rows.order_by(child.title)
        found = list(rows[: CHILDREN + 1])
        items = [item for item in child.columns if item != belongs]
        lines = [(str(row), address(child, "detail", actor, row.pk), facts(child, row, items, actor)) for row in found]
        here = f"?{belongs}={record.pk}"
        return {
            "kind": child,
            "lines": lines[:CHILDREN],
            "all": address(child, "list", actor) + here if len(found) > CHILDREN else "",
            "add": address(child, "create", actor) + here if child.may_write(actor, "create") else "",
        }

    def _heads(self, listing: Listing, actor: Actor) -> list[dict[str, str]]:
        """The column heads; one over a sortable field is a link that sorts by it, or turns the order round."""
        orders = {order.path.split("__")[0]: order for order in self.kind.orders_for(actor)}
        heads = []
        for item in (self.kind.title, *self.kind.narrow(self.kind.columns, actor)):
            label = self.kind.label_of(item) if isinstance(item, str) else item.label
            order = orders.get(item) if isinstance(item, str) else None
            head = {"label": label, "href": "", "sort": ""}
            if order:
                present = order == listing.order
                head["sort"] = ("descending" if listing.descending else "ascending") if present else ""
                head["href"] = listing.link(sort=f"-{order.name}" if present and not listing.descending else order.name)
            heads.append(head)
        return heads

    def _search_words(self, actor: Actor) -> str:
        """What the search box looks through, for its placeholder."""
        words = ", ".join(str(self.kind.field(name).verbose_name) for name in self.kind.search_for(actor))
        return words[:1].upper() + words[1:]

    def _rows(self, listing: Listing, actor: Actor) -> list[SafeString]:
        """Of each record its title, its page, what stands under the title, and its columns."""
        beneath = readers(self.kind, self.kind.beneath, actor)
        columns = readers(self.kind, self.kind.columns, actor)
        return [
            line(
                str(record),
                address(self.kind, "detail", actor, record.pk),
                [read(record) for read in beneath],
                [read(record) for read in columns],
            )
            for record in listing.records
        ]

    def _form(
        self, request: HttpRequest, form: RecordForm, record: Case | None = None, *, status: int = 200, **context: Any
    ) -> HttpResponse:
        context |= {"form": form, "record": record, "desk": desk(request, acting(request), form, record, as_seen=True)}
        page = "records/form.html" if record else self.new_page
        more = {} if record else self.beside_form(form, acting(request))
        return self.render(request, page, context | more, status=status)

    def _conflict(self, request: HttpRequest, form: RecordForm, present: Case, seen: int) -> HttpResponse:
        """The form again with what was typed, over the record as it stands now, and who changed what meanwhile."""
        actor = acting(request)
        merged = merge(self.kind, form, request.POST, present)
        entries = [
            entry for entry in read_history(self.kind, present, actor).entries if entry.version and entry.version > seen
        ]
        again = RecordForm(self.kind, actor, record=present, data=merged.data)
        context = {"conflict": True, "meanwhile": entries, "clashes": merged.clashes}
        return self._form(request, again, present, status=409, **context)
