"""Plan files through the API: staged and looked at, taken in, given out."""

from typing import Any, ClassVar, cast

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.http.multipartparser import MultiPartParserError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from oversight.kernel.access.models import SecurityEvent
from oversight.kernel.access.security import log_security
from oversight.kernel.api.answers import READ_ONLY, Refusal, answer, invalid, not_found
from oversight.kernel.api.bodies import NO_SUCH_FIELD, printable, read_body
from oversight.kernel.api.endpoints import Endpoint
from oversight.kernel.api.idempotency import once
from oversight.kernel.files.receiving import uploaded
from oversight.kernel.workflow.refusals import NotAllowed
from techtransfer.exchange.exporting import FORMATS, export_plan
from techtransfer.exchange.keeping import throw_away
from techtransfer.exchange.staging import commit, imports_of, look, may_import, stage
from techtransfer.models import PlanImport, Programme

from .pages import file_answer
from .schema import CommitSchema, FileSchema, ImportSchema, StagingSchema
from .shapes import BroughtFile, Commitment, StagedPlan

NO_DIGEST = "Send the digest of the report that you read."
SAID = ("id", "state", "file_name", "format", "size", "sha256", "digest", "staged_at", "expires_at", "committed_at")


class PlanEndpoint(Endpoint):
    """What the endpoints of plan files share."""

    what, summary, shape = "", "", StagedPlan
    body: Any = None

    def programme(self, pk: int) -> Programme:
        """The programme, or the 404 that one which never was would get."""
        self.refuse_parameters(set())
        return cast(Programme, self.find(pk))

    def demand_writing(self) -> None:
        """Refuse a key that only reads."""
        if self.asked.bearer is None or not self.asked.bearer.writes:
            raise Refusal(403, READ_ONLY)

    def staged(self, pk: int, file: int, *, own: bool = False) -> PlanImport:
        """A file that the caller brought, or that was taken in; out of sight before not allowed."""
        programme = self.programme(pk)
        found = imports_of(programme, self.actor, own=own).filter(pk=file).first()
        if found is None:
            raise not_found()
        if found.state != PlanImport.State.COMMITTED and not may_import(self.actor):
            raise NotAllowed("milestone.create")
        found.programme = programme
        return found


class Imports(PlanEndpoint):
    """Where a plan file is brought."""

    schema = StagingSchema()
    http_method_names: ClassVar[list[str]] = ["post"]
    parser_classes: ClassVar[list[type]] = [MultiPartParser]
    what, summary, body = "stage_import", "Bring a plan file and read what it would change", BroughtFile

    def post(self, request: Request, pk: int) -> HttpResponse:
        """A dry run: the plan stays as it is. The file waits for a day; take it in with the digest of its report.

        One file of Microsoft Project XML, Excel or CSV, 20 MB at most, in the field `file` of multipart/form-data.
        """
        programme = self.programme(pk)
        if not may_import(self.actor):
            raise NotAllowed("milestone.create")
        self.demand_writing()
        if self.asked.content_type != "multipart/form-data":
            raise Refusal(415, "Send one file, in the field `file` of multipart/form-data.")
        try:
            upload = uploaded(self.asked)
        except MultiPartParserError as error:
            raise Refusal(400, "The body is no multipart/form-data.") from error
        except ValidationError as refusal:
            raise invalid(refusal.message_dict) from refusal
        if strange := [name for name in (*self.asked.POST, *self.asked.FILES) if name != "file"]:
            raise invalid({printable(name): [NO_SUCH_FIELD] for name in strange})
        sent = f"{upload.name}\n".encode("utf-8", "replace") + upload.read()
        upload.seek(0)
        return once(self.asked, self.actor, lambda: self._stage(programme, upload), body=sent)

    def _stage(self, programme: Programme, upload: UploadedFile) -> HttpResponse:
        try:
            return answer(told(stage(programme, upload, by=self.actor)), 201)
        except ValidationError as refusal:
            raise invalid(refusal.message_dict) from refusal


class Import(PlanEndpoint):
    """One file that was brought."""

    schema = ImportSchema()
    http_method_names: ClassVar[list[str]] = ["get", "head"]
    what, summary = "read_import", "What a plan file would change, as the plan stands now"

    def get(self, request: Request, pk: int, file: int) -> HttpResponse:
        """The report, made anew where the plan was changed since; another digest says so."""
        staged = self.staged(pk, file)
        look(staged, by=self.actor)
        return answer(told(staged))


class ImportCommit(PlanEndpoint):
    """Taking a file in."""

    schema = CommitSchema()
    http_method_names: ClassVar[list[str]] = ["post"]
    what, summary, body = "commit_import", "Take a plan file in, as its report says", Commitment

    def post(self, request: Request, pk: int, file: int) -> HttpResponse:
        """All of it or nothing. Refused when the file has errors, or when the plan was changed since the report."""
        self.demand_writing()
        staged = self.staged(pk, file, own=True)
        return self.write(lambda: self._commit(staged))

    def _commit(self, staged: PlanImport) -> HttpResponse:
        body = read_body(self.asked)
        errors = {name: [NO_SUCH_FIELD] for name in body if name not in ("reason", "digest")}
        reason, seen = body.get("reason", ""), body.get("digest", "")
        if not isinstance(reason, str):
            errors["reason"] = ["Send text."]
        if not isinstance(seen, str) or not seen:
            errors["digest"] = [NO_DIGEST]
        if errors:
            raise invalid(errors)
        try:
            return answer(told(commit(staged, by=self.actor, reason=reason, seen=seen)))
        except ValidationError as refusal:
            raise invalid(refusal.message_dict) from refusal


class ImportThrowAway(PlanEndpoint):
    """Letting a file go."""

    schema = CommitSchema()
    http_method_names: ClassVar[list[str]] = ["post"]
    what, summary = "throw_import_away", "Throw a plan file away that is not wanted"

    def post(self, request: Request, pk: int, file: int) -> HttpResponse:
        """Its report and its bytes go, and it counts no more among those that wait. Refused once it was taken in."""
        self.demand_writing()
        staged = self.staged(pk, file, own=True)
        return self.write(lambda: self._throw_away(staged))

    def _throw_away(self, staged: PlanImport) -> HttpResponse:
        if body := read_body(self.asked):
            raise invalid({name: [NO_SUCH_FIELD] for name in body})
        return answer(told(throw_away(staged, by=self.actor)))


class PlanFileOf(PlanEndpoint):
    """The plan as a file."""

    schema = FileSchema()
    http_method_names: ClassVar[list[str]] = ["get", "head"]
    ending = "xml"  # given to as_view()

    @property
    def what(self) -> str:  # type: ignore[override]
        return f"plan_{self.ending}"

    @property
    def summary(self) -> str:  # type: ignore[override]
        return f"The plan as {FORMATS[self.ending].words}"

    def get(self, request: Request, pk: int) -> HttpResponse:
        """Every step in the caller's sight with what it waits for, as it can be imported again."""
        programme = self.programme(pk)
        content = export_plan(programme, self.ending, by=self.actor)
        log_security(
            SecurityEvent.Kind.DOWNLOADED, self.asked, user_id=self.actor.user, tenant_id=self.actor.tenant, status=200
        )
        return file_answer(content, f"{programme.number}.{self.ending}", FORMATS[self.ending].content_type)


def told(staged: PlanImport) -> dict[str, Any]:
    """A brought file as the API answers it."""
    return {**{name: getattr(staged, name) for name in SAID}, "programme": staged.programme_id, "report": staged.report}
