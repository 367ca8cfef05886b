"""Allow-lists taken away: what a partner or a narrowed member is told, besides the fields of a record."""

from .fault import code
from .faults_allowed import _allowed
from .faults_scope import FIELDS, PORTAL, RECORDS

FAULTS = (
    _allowed(
        "a partner is told of every version",
        code(
            f"{RECORDS}history:read_history",
            "if actor.is_partner and earlier is not None and not changed:",
            "if False:",
        ),
        FIELDS,
    ),
    _allowed(
        "a partner reads who of the sponsor's it was",
        code(f"{RECORDS}history:entry_of", "hidden = actor.is_partner and not own and not system", "hidden = False"),
        FIELDS,
        "tests/quality/test_pages.py",
        "tests/api/test_records.py",
    ),
    _allowed(
        "a partner reads the sponsor's reasons",
        code(
            f"{RECORDS}history:entry_of", '"" if (actor.is_partner and not own) or _tells_of_any', '"" if _tells_of_any'
        ),
        FIELDS,
        "tests/web/test_audit_trail.py",
        "tests/api/test_records.py",
    ),
    _allowed(
        "a partner counts the sponsor's versions",
        code(f"{RECORDS}history:entry_of", "None if actor.is_partner else row.version", "row.version"),
        FIELDS,
        "tests/api/test_records.py",
        "tests/web/test_audit_trail.py",
        "tests/kernel/records",
    ),
    _allowed(
        "a narrowed member reads why the system wrote what is of all",
        code(f"{RECORDS}history:_tells_of_any", "return actor.cdmos is not None and", "return False and"),
        "tests/techtransfer/test_narrowed.py",
    ),
    _allowed(
        "a partner reads the names of the sponsor's people",
        code(f"{RECORDS}history:_words", "return {} if actor.is_partner else dict(", "return dict("),
        "tests/quality",
        "tests/kernel/records",
        "tests/techtransfer",
        "tests/portal",
    ),
    _allowed(
        "the trail tells a partner of versions that say nothing",
        code(f"{RECORDS}stream:_told", "actor.is_partner and earlier is not None and not changed", "False"),
        "tests/web/test_audit_trail.py",
    ),
    _allowed(
        "a partner finds the sponsor's reasons",
        code(f"{RECORDS}stream_query:Branch._condition", "if self.actor.is_partner:", "if False:"),
        "tests/web/test_audit_trail.py",
    ),
    _allowed(
        "a partner asks who of the sponsor's it was",
        code(
            f"{RECORDS}stream_query:Branch._rows", "rows.filter(self._own()) if self.actor.is_partner else rows", "rows"
        ),
        "tests/web/test_audit_trail.py",
    ),
    _allowed(
        "a narrowed member finds the system's reasons",
        code(
            f"{RECORDS}stream_query:Branch._condition",
            "elif self.actor.cdmos is not None and self.kind.model.CDMO_COLUMN is None:",
            "elif False:",
        ),
        "tests/techtransfer/test_narrowed.py",
        "tests/web/test_audit_trail.py",
    ),
    _allowed(
        "a partner reads who of the sponsor's signed",
        code("oversight.kernel.esign.verification:_seen", "hidden = actor.is_partner and not own", "hidden = False"),
        "tests/kernel/esign/test_signatures.py",
    ),
    _allowed(
        "a partner reads who of the sponsor's did a task",
        code("quality.showing:tasks", "known = not actor.is_partner or task.side == Side.CDMO", "known = True"),
        "tests/quality/test_pages.py",
    ),
    _allowed(
        "an internal comment calls a partner",
        code("oversight.kernel.comments.mentions:_people", "sees and (shared or not is_partner)", "sees"),
        "tests/kernel/comments/test_comments.py",
    ),
    _allowed(
        "a file is shared where nothing is",
        code(
            f"{RECORDS}file_pages:FilePages.page",
            "may_share = shared and self.kind.partner_sees is not None",
            "may_share = shared",
        ),
        "tests/kernel/files",
        "tests/contract/test_beside.py",
    ),
    _allowed(
        "an export holds every field",
        code(f"{RECORDS}export_rows:_of_list", "if kind.shows(name, actor)", "if True"),
        "tests/kernel/records/test_exports.py",
    ),
    _allowed(
        "a draft keeps whatever was sent",
        code(f"{RECORDS}drafts:save_draft", "for name in sorted(form.fields) if name in typed", "for name in typed"),
        "tests/drafts",
    ),
    _allowed(
        "drafts are kept of forms behind any door",
        code(
            f"{RECORDS}drafts:form_at",
            'if match.namespaces[:1] != [through] or match.kwargs.get("sponsor") != sponsor:',
            "if False:",
        ),
        "tests/drafts",
    ),
    _allowed(
        "the search shows what a partner does not read",
        code("oversight.kernel.search.finding:_further", " if kind.shows(name, actor)", ""),
        "tests/search",
    ),
    _allowed(
        "the search finds kinds that the role does not read",
        code("oversight.kernel.search.finding:find", ' if kind.may(actor, "view")', ""),
        "tests/search",
        f"{PORTAL} @ search",
    ),
    _allowed(
        "a clash tells a narrowed member with what",
        code(
            "oversight.kernel.workflow.writing:_refusal",
            "if isinstance(constraint, UniqueConstraint) and by.cdmos is not None:",
            "if False:",
        ),
        "tests/kernel/records/test_narrowed.py",
    ),
    _allowed(
        "why there is no forecast names steps out of sight",
        code(
            "techtransfer.sight:problem_of",
            "programme.forecast_problem if by.cdmos is None or not programme.forecast_problem else UNTOLD",
            "programme.forecast_problem",
        ),
        "tests/techtransfer/test_narrowed.py",
    ),
)
