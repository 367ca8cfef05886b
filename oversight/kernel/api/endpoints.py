"""The endpoints of a record kind: each asks the domain once and writes JSON. Rules stand in workflows and services."""

from collections.abc import Callable
from typing import Any, ClassVar, cast

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from oversight.kernel import esign
from oversight.kernel.access.requests import ScopedRequest
from oversight.kernel.access.scope import Actor
from oversight.kernel.records.history import Entry, read_history
from oversight.kernel.records.writes import amend, create, demand, move, objections
from oversight.kernel.workflow.definition import Transition
from oversight.kernel.workflow.models import Case
from oversight.kernel.workflow.refusals import NotAllowed, Refused, Stale, Unchanged
from oversight.kernel.workflow.writing import NOT_YOURS, demand_amendable

from .answers import NOT_ALLOWED, READ_ONLY, Refusal, answer, invalid, json_text, not_found, not_now
from .bodies import WHOLE_RECORD, Checked, by_field, check, raw_body, read_body
from .fields import MISSING
from .idempotency import once
from .lists import cursor_link, read_page
from .parameters import misasked, unknown, whole
from .resource import Resource
from .schema import KindSchema

NO_VERSION = "Say which version you saw: send its ETag as If-Match."
STALE = "Somebody changed this record after you read it. Read it again, and send its new ETag."
NOTHING_CHANGED = "Nothing in this body differs from what is on record."
ENTRIES = 20
MOST_ENTRIES = 100


class Endpoint(APIView):
    """What all endpoints of a kind share: who acts, what may be seen, how a refusal is said."""

    resource: Resource = cast(Resource, None)  # given to as_view()
    schema = KindSchema()
    authentication_classes: ClassVar[list[type]] = []  # the key was checked at the door
    permission_classes: ClassVar[list[type]] = []
    parser_classes: ClassVar[list[type]] = [JSONParser]
    renderer_classes: ClassVar[list[type]] = [JSONRenderer]
    http_method_names: ClassVar[list[str]] = ["get", "head", "post", "patch"]

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[Any, str]:
        """JSON, whatever a caller would rather have."""
        return self.get_renderers()[0], "application/json"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Note who acts; the kernel's middleware found out."""
        super().initial(request, *args, **kwargs)
        self.asked = cast(ScopedRequest, request._request)
        self.actor: Actor = self.asked.actor

    def handle_exception(self, exc: Exception) -> HttpResponse:
        """A refusal of the domain as an answer of the API; what nobody foresaw becomes a 500."""
        if (refusal := refusal_of(exc, self.resource)) is None:
            raise exc
        return refusal.response

    def see(self) -> None:
        """Refuse whoever may not read this kind: to a partner, one that is not shared does not exist."""
        if self.actor.is_partner and self.resource.kind.partner_sees is None:
            raise not_found()
        demand(self.resource.kind, self.actor, "view")

    def find(self, pk: int) -> Case:
        """The record, or the 404 that one which never was would get."""
        self.see()
        record = self.resource.kind.model.objects.visible_to(self.actor).filter(pk=pk).first()
        if record is None:
            raise not_found()
        return cast(Case, record)

    def write(self, act: Callable[[], HttpResponse]) -> HttpResponse:
        """Do it once, if the key may write."""
        if self.asked.bearer is None or not self.asked.bearer.writes:
            raise Refusal(403, READ_ONLY)
        raw_body(self.asked)
        return once(self.asked, self.actor, act)

    def check(self, body: dict[str, Any], serializer: Any) -> Checked:
        """The body, field by field."""
        self.refuse_parameters(set())
        return check(serializer, body, self.actor)

    def refuse_parameters(self, known: set[str]) -> None:
        """Name each parameter of the query that nobody declared."""
        if strange := unknown(self.asked.GET, known):
            raise misasked(strange)

    def seen(self, record: Case) -> int:
        """The version that If-Match names; raises Refusal where it names none (428), or an older one (412)."""
        named = [tag.strip() for tag in self.asked.headers.get("If-Match", "").split(",")]
        if named in ([""], ["*"]):
            raise Refusal(428, NO_VERSION)
        if self.resource.etag(record, self.actor) not in named:
            raise Refusal(412, STALE)
        return record.version

    def refuse(self, checked: Checked, pk: int | None = None, **also: str) -> None:
        """Everything that is wrong with the body in one answer: with each field, and with the record as it would be."""
        kind, errors = self.resource.kind, {name: [said] for name, said in also.items()} | checked.errors
        if not errors:
            return
        good = {name: value for name, value in checked.values.items() if name not in errors}
        if more := objections(kind, by=self.actor, values=good, but=set(errors), pk=pk):
            errors = {name: said for name, said in by_field(kind, more).items() if name not in errors} | errors
        raise invalid(errors)

    def told(self, record: Case, status: int = 200, **headers: str) -> HttpResponse:
        """One record as the actor may read it."""
        tag = self.resource.etag(record, self.actor)
        return answer(self.resource.write(record, self.actor), status, ETag=tag, **headers)


class Collection(Endpoint):
    """All records of one kind that the actor sees."""

    def get(self, request: Request) -> HttpResponse:
        """List the records, a page at a time."""
        self.see()
        page = read_page(self.resource, self.actor, self.asked)
        results = self.resource.writer_for(self.actor).write_all(page.rows, self.actor)
        ends = json_text({"next": page.next, "previous": page.previous})
        return answer(f'{{"results":{results},{ends[1:]}')

    def post(self, request: Request) -> HttpResponse:
        """Put a new record on file."""
        self.see()
        demand(self.resource.kind, self.actor, "create")
        return self.write(self._create)

    def _create(self) -> HttpResponse:
        checked = self.check(read_body(self.asked), self.resource.new[self.actor.is_partner])
        self.refuse(checked)
        record = create(self.resource.kind, by=self.actor, values=checked.values, reason=checked.reason)
        kwargs = {"sponsor": self.actor.sponsor, "pk": record.pk}
        return self.told(record, 201, Location=reverse(f"api:{self.resource.kind.slug}-record", kwargs=kwargs))


class Item(Endpoint):
    """One record."""

    def get(self, request: Request, pk: int) -> HttpResponse:
        """Read the record, with its ETag and the moves that are open to the caller."""
        record = self.find(pk)
        self.refuse_parameters(set())
        return self.told(record)

    def patch(self, request: Request, pk: int) -> HttpResponse:
        """Amend the record, for a reason; fields that are left out stay as they are."""
        record = self.find(pk)
        demand(self.resource.kind, self.actor, "amend")
        return self.write(lambda: self._amend(record))

    def _amend(self, record: Case) -> HttpResponse:
        version, flow = self.seen(record), self.resource.kind.workflow
        body = read_body(self.asked)
        demand_amendable(flow, record, self.actor)
        checked = self.check(body, self.resource.amendment)
        now = flow.amendable(record, self.actor)
        self.refuse(checked, record.pk, **{name: NOT_YOURS for name in checked.values if name not in now})
        record = amend(
            self.resource.kind, record.pk, by=self.actor, version=version, values=checked.values, reason=checked.reason
        )
        return self.told(record)


class MoveOf(Endpoint):
    """One declared move of one record."""

    transition: Transition = cast(Transition, None)  # given to as_view()

    def post(self, request: Request, pk: int) -> HttpResponse:
        """Make the move."""
        record = self.find(pk)
        if not self.actor.can(self.transition.capability):
            raise NotAllowed(self.transition.capability)
        return self.write(lambda: self._move(record))

    def _move(self, record: Case) -> HttpResponse:
        version, flow, transition = self.seen(record), self.resource.kind.workflow, self.transition
        body = read_body(self.asked)
        if record.status not in transition.sources:
            raise Refused(flow.out_of_turn(transition, record))
        if unmet := flow.unmet(transition, record, self.actor):
            raise Refused(*unmet)
        checked = self.check(body, self.resource.moves[transition.name])
        gaps = (name for name in transition.requires if checked.values.get(name, getattr(record, name)) in (None, ""))
        self.refuse(checked, record.pk, **dict.fromkeys(gaps, MISSING))
        record = move(
            self.resource.kind, record.pk, transition.name, by=self.actor, version=version, values=checked.values,
            reason=checked.reason, proof=esign.Proof(checked.password, checked.otp) if transition.signed_as else None,
        )  # fmt: skip
        return self.told(record)


class Versions(Endpoint):
    """The history of one record."""

    def get(self, request: Request, pk: int) -> HttpResponse:
        """List the versions, newest first: who changed what, when and why."""
        record = self.find(pk)
        if not self.actor.can("trail.view"):
            raise NotAllowed("trail.view")
        self.refuse_parameters({"limit", "cursor"})
        query = self.asked.GET
        before = whole(query, "cursor", 1, 2**63 - 1) if "cursor" in query else None
        limit = whole(query, "limit", ENTRIES, MOST_ENTRIES)
        chapter = read_history(self.resource.kind, record, self.actor, before=before, most=limit)
        following = cursor_link(self.asked, str(chapter.older)) if chapter.older else None
        return answer({"results": [_version(entry) for entry in chapter.entries], "next": following, "previous": None})


def _version(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.key,
        "version": entry.version,
        "at": entry.at.isoformat().replace("+00:00", "Z"),
        "who": entry.who,
        "role": entry.role,
        "org": entry.org,
        "action": entry.action,
        "source": entry.source,
        "reason": entry.reason,
        "changes": [
            {"field": each.name, "label": each.label, "old": each.old, "new": each.new} for each in entry.differences
        ],
    }


def refusal_of(error: Exception, resource: Resource) -> Refusal | None:
    """The answer to what the domain, or the router, refused; None for what nobody foresaw."""
    match error:
        case Refusal():
            return error
        case Http404() | ObjectDoesNotExist():
            return not_found()
        case PermissionDenied():
            return Refusal(403, NOT_ALLOWED)
        case Stale():
            return Refusal(412, STALE)
        case Refused():
            return not_now(*error.sentences)
        case Unchanged():
            return invalid({WHOLE_RECORD: [NOTHING_CHANGED]})
        case esign.NotProven():
            return invalid({error.field: [str(error)]})
        case ValidationError():
            return invalid(by_field(resource.kind, error))
        case MethodNotAllowed():
            return Refusal(405, "This address does not take that method.")
    return None


def view_of(view: type[Endpoint], **given: Any) -> Callable[[HttpRequest], HttpResponse]:
    """The view function of one endpoint."""
    return cast(Callable[[HttpRequest], HttpResponse], view.as_view(**given))
