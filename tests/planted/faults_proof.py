"""Guards taken away: who signs and signs in, sessions, and what is written beside a record."""

from oversight.kernel.access import codes

from .fault import Planting, code, value
from .faults_guard import FILES, _guard, _kind
from .faults_scope import RECORDS


def _unsigned(slug: str, move: str) -> Planting:
    return value(lambda: _kind(slug).workflow.transition(move), "signed_as", lambda meaning: "")


FAULTS = (
    _guard(
        "a wrong password signs",
        code("oversight.kernel.esign.proving:prove", "check_password(proof.password, person.password)", "True"),
        "tests/kernel/esign/test_proving.py",
    ),
    _guard(
        "who was switched off signs",
        code("oversight.kernel.esign.proving:prove", "person.is_active and ", ""),
        "tests/kernel/esign/test_proving.py",
    ),
    _guard(
        "the code is not asked of who has an app",
        code(
            "oversight.kernel.esign.proving:prove",
            "if app is None or codes.take(app, proof.otp, tries.cursor):",
            "if True:",
        ),
        "tests/accounts/test_codes.py",
    ),
    _guard(
        "a program signs",
        code("oversight.kernel.esign.proving:objection", "Role.API_CLIENT.value: NO_PROGRAM", '"nobody": NO_PROGRAM'),
        "tests/kernel/esign/test_proving.py",
        "tests/api/test_moves.py",
    ),
    _guard(
        "an administrator signs",
        code("oversight.kernel.esign.proving:objection", "Role.ADMIN.value: NO_ADMIN", '"nobody": NO_ADMIN'),
        "tests/kernel/esign/test_proving.py",
    ),
    _guard(
        "who lacks the second factor signs",
        code("oversight.kernel.esign.proving:objection", "if actor.lacks_factor:", "if False:"),
        "tests/accounts/test_policy.py",
    ),
    _guard("a deviation is closed without a signature", _unsigned("deviations", "close"), "tests/quality/test_life.py"),
    _guard("a batch is released without a signature", _unsigned("batches", "release"), "tests/batches/test_life.py"),
    _guard(
        "a code counts twice",
        value(lambda: codes, "_TAKE", lambda sql: sql.replace(", 0) <", ", 0) <=")),
        "tests/accounts/test_codes.py",
    ),
    _guard(
        "a locked person tries on",
        code("oversight.kernel.access.tries:Try.unread", "self.number > MOST", "False"),
        "tests/accounts/test_lock.py",
    ),
    _guard(
        "a session never idles out",
        code(
            "oversight.kernel.access.sessions:SessionLimits.__call__",
            "now - seen > settings.SESSION_IDLE_SECONDS or ",
            "",
        ),
        "tests/kernel/access/test_requests.py",
    ),
    _guard(
        "a session lasts for ever",
        code(
            "oversight.kernel.access.sessions:SessionLimits.__call__",
            " or now - began > settings.SESSION_ABSOLUTE_SECONDS",
            "",
        ),
        "tests/kernel/access/test_requests.py",
    ),
    _guard(
        "somebody else's session is ended",
        code("oversight.web.accounts.own_sessions:_end", "filter(user_id=person.pk, pk=", "filter(pk="),
        "tests/accounts/test_sessions.py",
    ),
    _guard(
        "sessions outlive a new password",
        code("oversight.web.accounts.own_sessions:end_others", "session.end()", "pass"),
        "tests/accounts",
    ),
    _guard(
        "anybody's membership is chosen",
        code("oversight.web.chooser:choose", "raise Http404", "return HttpResponseRedirect('/')"),
        "tests/web/test_chooser.py",
    ),
    _guard(
        "one is led to another house",
        code(
            "oversight.web.chooser:_way",
            'return wanted if wanted.startswith(home) and "\\\\" not in wanted else home',
            "return wanted or home",
        ),
        "tests/web",
    ),
    _guard(
        "files of what is over are changed",
        code(f"{RECORDS}file_pages:FilePages._demand_open", "if record.status in flow.final:", "if False:"),
        "tests/kernel/files/test_pages.py",
    ),
    _guard(
        "a partner withdraws the sponsor's files",
        code(f"{FILES}may_withdraw", "return attachment.from_partner or not actor.is_partner", "return True"),
        "tests/kernel/files",
    ),
    _guard(
        "who sees some CDMOs attaches to what is nobody's",
        code(f"{FILES}demand_within", "if by.cdmos is not None and", "if False and"),
        "tests/kernel/files/test_files.py",
    ),
    _guard(
        "who sees some CDMOs comments on what is nobody's",
        code(
            "oversight.kernel.comments.saying:say",
            "if by.cdmos is not None and cdmo_of(record) not in by.cdmos:",
            "if False:",
        ),
        "tests/kernel/comments/test_comments.py",
    ),
    _guard(
        "a request twice is done twice",
        code("oversight.kernel.api.idempotency:once", "if reply.fingerprint != mark:", "if False:"),
        "tests/api/test_idempotency.py",
    ),
    _guard(
        "a change needs no version",
        code(
            "oversight.kernel.api.endpoints:Endpoint.seen",
            "if self.resource.etag(record, self.actor) not in named:",
            "if False:",
        ),
        "tests/api/test_records.py",
    ),
    _guard(
        "a partner is reminded of the sponsor's clock",
        code(
            "oversight.web.today.reminders:remind",
            "if clock.status != Status.RUNNING or clock.side != Side.CDMO:",
            "if False:",
        ),
        "tests/today/test_partners.py",
    ),
)
