"""Permissions taken away: somebody does what the role does not carry."""

from .fault import Fault, Planting, code
from .faults_scope import API, FIELDS, PORTAL, RECORDS, WORKSPACE

KIND = f"{RECORDS}kind:RecordKind."
MEMBERS = "oversight.kernel.access.memberships:"
PEOPLE = "tests/administration/test_people.py"


def _permission(name: str, plant: Planting, *near: str) -> Fault:
    return Fault(name, "permission", plant, near)


FAULTS = (
    _permission(
        "a role does anything with records",
        code(f"{KIND}may", 'return actor.can(f"{self.capability}.{verb}")', "return True"),
        "tests/kernel/records/test_writes.py::test_a_role_without",
    ),
    _permission(
        "partners have pages of what is not shared",
        code(f"{KIND}may", "if actor.is_partner and self.partner_sees is None:", "if False:"),
        f"{FIELDS}::test_a_kind_that",
    ),
    _permission(
        "who sees some CDMOs puts a new one on file",
        code(
            f"{KIND}may",
            'if verb == "create" and self.model.CDMO_COLUMN == "id" and actor.cdmos is not None:',
            "if False:",
        ),
        "tests/kernel/records/test_narrowed.py::test_who_could_not",
    ),
    _permission(
        "nothing is demanded before a write",
        code(f"{RECORDS}writes:demand", 'raise NotAllowed(f"{kind.capability}.{verb}")', "return"),
        "tests/kernel/records/test_writes.py::test_a_role_without",
    ),
    _permission(
        "a side without fields is offered the form",
        code(f"{KIND}may_write", "return bool(has_fields) and self.may(actor, verb)", "return self.may(actor, verb)"),
        f"{FIELDS}::test_nothing_is_offered",
    ),
    _permission(
        "a page beside a record asks for no capability",
        code(f"{RECORDS}frame:KindPages.found", "if not actor.can(capability):", "if False:"),
        f"{WORKSPACE} @ deviations-comments deviations-files",
    ),
    _permission(
        "a move asks for no capability",
        code("oversight.kernel.workflow.writing:_locked", "if capability and not by.can(capability):", "if False:"),
        "tests/quality/test_containment.py::test_quality_and_the_site_contain_nobody_else",
        "tests/contract/test_workflow.py::test_what_is_not_declared",
        "tests/techtransfer/test_slot.py::test_a_viewer",
    ),
    _permission(
        "the page of a move asks for no capability",
        code(f"{RECORDS}move_pages:MovePages.show", "if not actor.can(transition.capability):", "if False:"),
        f"{WORKSPACE} @ deviations-close deviations-void batches-release",
    ),
    _permission(
        "the endpoint of a move asks for no capability",
        code(
            "oversight.kernel.api.endpoints:MoveOf.post",
            "if not self.actor.can(self.transition.capability):",
            "if False:",
        ),
        f"{API} @ deviations-close",
    ),
    _permission(
        "moves are offered to every role",
        code("oversight.kernel.workflow.definition:Workflow.moves", " and actor.can(move.capability)", ""),
        "tests/contract/test_parity.py::test_buttons",
    ),
    _permission(
        "every role amends by the API",
        code("oversight.kernel.api.endpoints:Item.patch", 'demand(self.resource.kind, self.actor, "amend")', "pass"),
        f"{API} @ deviations-record",
    ),
    _permission(
        "every role creates by the API",
        code(
            "oversight.kernel.api.endpoints:Collection.post", 'demand(self.resource.kind, self.actor, "create")', "pass"
        ),
        f"{API} @ deviations-collection",
    ),
    _permission(
        "a key that only reads writes",
        code(
            "oversight.kernel.api.endpoints:Endpoint.write",
            "self.asked.bearer is None or not self.asked.bearer.writes",
            "False",
        ),
        "tests/api/test_keys.py::test_a_key_that_only_reads",
    ),
    _permission(
        "a key that only reads brings plans",
        code(
            "oversight.web.exchange.endpoints:PlanEndpoint.demand_writing",
            "self.asked.bearer is None or not self.asked.bearer.writes",
            "False",
        ),
        f"{API} @ programmes-imports programmes-import-commit",
    ),
    _permission(
        "a key that only reads supposes",
        code(
            "oversight.web.whatif.asking:WhatIf.post",
            "self.asked.bearer is None or not self.asked.bearer.writes",
            "False",
        ),
        f"{API} @ programmes-what-if",
    ),
    _permission(
        "settings are open to every role",
        code("oversight.web.administration.frame:enter", "not actor.can(capability) or ", ""),
        f"{WORKSPACE} @ settings-people settings-keys settings-webhooks",
    ),
    _permission(
        "settings are open to who sees some CDMOs",
        code("oversight.web.administration.frame:enter", " or actor.cdmos is not None", ""),
        "tests/administration/test_policy_and_review.py::test_settings_are_of_the_whole_sponsor",
    ),
    _permission(
        "webhooks are kept by anybody",
        code("oversight.kernel.outbox.webhooks:_require", "if not by.can(CAPABILITY):", "if False:"),
        "tests/webhooks/test_webhooks.py::test_only_administrators_keep_webhooks",
    ),
    _permission(
        "a member raises itself",
        code(f"{MEMBERS}_locked", "if found.user_id == by.user:", "if False:"),
        "tests/administration/test_people.py::test_nobody_changes_their_own",
    ),
    _permission(
        "an administrator joins a partner",
        code(f"{MEMBERS}join", "if user is not None and user.pk == by.user:", "if False:"),
        "tests/administration/test_people.py::test_an_administrator_does_not_join",
    ),
    _permission(
        "a member is given a role of the other side",
        code(f"{MEMBERS}amend", "if role != old and not any(", "if False and not any("),
        "tests/administration/test_people.py::test_a_role_of_the_other_side_is_refused",
    ),
    _permission(
        "an administrator is narrowed",
        code(f"{MEMBERS}_refuse_narrowing", "if sees is not None and membership.role == Role.ADMIN:", "if False:"),
        "tests/administration/test_people.py::test_an_administrator_sees_every_cdmo",
    ),
    _permission(
        "the last administrator goes",
        code(f"{MEMBERS}_keep_an_administrator", "raise ValidationError(LAST_ADMINISTRATOR)", "return"),
        "tests/administration/test_people.py::test_the_last_administrator_stays",
    ),
    _permission(
        "a key speaks in a person's name",
        code(
            "oversight.kernel.api.keys:make_key",
            "if by.user is not None and holder.role != Role.API_CLIENT:",
            "if False:",
        ),
        "tests/administration/test_keys_and_webhooks.py::test_no_key_is_made_in_a_persons_name",
    ),
    _permission(
        "plans are brought by the API by every role",
        code("oversight.web.exchange.endpoints:Imports.post", "if not may_import(self.actor):", "if False:"),
        f"{API} @ programmes-imports",
    ),
    _permission(
        "plans are brought by every role",
        code("techtransfer.exchange.staging:demand_importer", "if not may_import(actor):", "if False:"),
        "tests/matrix/test_matrix.py::test_people_are_answered_as_declared[workspace] @ programmes-imports",
        "tests/exchange/test_pages.py::test_each_sees",
    ),
    _permission(
        "plans are brought by who sees some CDMOs",
        code("techtransfer.exchange.staging:demand_importer", "if actor.cdmos is not None:", "if False:"),
        "tests/exchange/test_pages.py::test_who_sees_some_cdmos_alone_brings_no_plan",
    ),
    _permission(
        "runs are asked for by every role",
        code("oversight.web.simulating.pages:show_all", "if not actor.can(CAPABILITY):", "if False:"),
        f"{WORKSPACE} @ programmes-simulations",
    ),
    _permission(
        "runs are asked for by every program",
        code("oversight.web.simulating.endpoints:Simulations.post", "if not self.actor.can(CAPABILITY):", "if False:"),
        f"{API} @ programmes-simulations",
    ),
    _permission(
        "runs are asked for by who sees some CDMOs",
        code("techtransfer.simulation.asking:objections", "if by.cdmos is not None:", "if False:"),
        "tests/simulation/test_refusals.py::test_whoever_sees_some",
    ),
    _permission(
        "half a plan is supposed upon",
        code("techtransfer.whatif.preview:refuse_out_of_hand", "if by.cdmos is not None:", "if False:"),
        "tests/whatif/test_pages.py::test_who_sees_some_cdmos",
        "tests/whatif/test_api.py::test_nobody",
    ),
    _permission(
        "an alert is seen by every role",
        code(
            "oversight.web.today.moved:seen",
            'if not actor.can(f"{IMPACT_ALERT.capability}.{ACKNOWLEDGE}"):',
            "if False:",
        ),
        f"{WORKSPACE} @ seen",
    ),
    _permission(
        "dates are confirmed by every role",
        code("oversight.web.portal.dates:confirm", "if not works_on_dates(actor):", "if False:"),
        f"{PORTAL} @ confirm-date",
    ),
    _permission(
        "every role reminds partners",
        code("oversight.web.today.reminders:remind", "if not may_remind(actor, kind):", "if False:"),
        "tests/today/test_partners.py::test_who_may_not_write",
    ),
    _permission(
        "a calendar of a plan is a partner's, too",
        code(
            "oversight.web.exchange.feeds:programme_feed", 'or actor.is_partner or not PROGRAMME.may(actor, "view")', ""
        ),
        "tests/contract/test_application_alone.py::test_the_calendar_of_a_plan",
    ),
)
