"""Scopes taken away: rows, and words of rows, that somebody would read who is not to."""

from .fault import Fault, Planting, code

TENANCY = "oversight.kernel.access.tenancy:"
RECORDS = "oversight.kernel.records."
FIELDS = "tests/kernel/records/test_portal_fields.py"
FIRST_WALL = "tests/contract/test_first_wall.py::test_the_filter_holds_where_the_database_does_not_help"
ALONE = "tests/contract/test_application_alone.py"
API = "tests/matrix/test_matrix.py::test_programs_are_answered_as_declared"
PEOPLE = "tests/matrix/test_matrix.py::test_people_are_answered_as_declared"
WORKSPACE, PORTAL = (f"{PEOPLE}[{door}]" for door in ("workspace", "portal"))


def _scope(name: str, plant: Planting, *near: str) -> Fault:
    return Fault(name, "scope", plant, near)


FAULTS = (
    _scope(
        "a sponsor reads every sponsor's rows",
        code(f"{TENANCY}ScopedQuerySet.visible_to", "self.filter(**{model.TENANT_COLUMN: actor.tenant})", "self.all()"),
        FIRST_WALL,
    ),
    _scope(
        "a partner reads every partner's rows",
        code(
            f"{TENANCY}ScopedQuerySet.visible_to",
            'return rows.filter(**{f"{model.CDMO_COLUMN}__in": actor.cdmos})',
            "return rows",
        ),
        FIRST_WALL,
    ),
    _scope(
        "a partner reads what was not shared",
        code(f"{TENANCY}ScopedQuerySet.visible_to", "if actor.is_partner and model.SHARED_COLUMN:", "if False:"),
        "tests/contract/test_application_alone.py::test_what_stands_beside",
    ),
    _scope(
        "a partner reads the sponsor's own",
        code(
            f"{TENANCY}ScopedQuerySet.visible_to",
            "if actor.is_partner and model.SHAPE is not Shape.PAIR:",
            "if actor.is_partner and model.SHAPE is Shape.SHARED:",
        ),
        FIRST_WALL,
    ),
    _scope(
        "a share is asked for by nobody",
        code(
            f"{TENANCY}ScopedQuerySet.visible_to",
            "return rows.filter(id__in=_shared_with(actor, model)) if model.SHAPE is Shape.SHARED else rows.none()",
            "return rows if model.SHAPE is Shape.SHARED else rows.none()",
        ),
        "tests/contract/test_application_alone.py::test_a_share",
    ),
    _scope(
        "a share that was withdrawn goes on",
        code(f"{TENANCY}_shared_with", ", withdrawn=False", ""),
        "tests/contract/test_application_alone.py::test_a_share",
    ),
    _scope(
        "what somebody keeps private is everybody's",
        code(f"{TENANCY}ScopedQuerySet.visible_to", "(own := model.open_to(actor)) is not None", "(own := None)"),
        "tests/whatif/test_scenarios.py::test_a_private_one_is_its_authors_alone",
    ),
    _scope(
        "what was private is read in the history",
        code(f"{RECORDS}history:_pairs", "own = type(record).open_to(actor)", "own = None"),
        "tests/whatif/test_as_it_really_goes.py::test_what_was_private_stays_private_when_it_is_shared",
    ),
    _scope(
        "rows are read for nobody",
        code(f"{TENANCY}ScopedManager.get_queryset", "if told() is None:", "if False:"),
        "tests/kernel/trail/test_writes.py::test_a_transaction_ends_and_is_forgotten",
        "tests/kernel/access/test_isolation.py::test_nothing_told",
        "tests/kernel/trail/test_writes.py",
    ),
    _scope(
        "a narrowed member sees every CDMO",
        code("oversight.kernel.access.scope:Actor.cdmos", "return self.grants if", "return None if"),
        FIRST_WALL,
    ),
    _scope(
        "a narrowed member is told to the database as one who sees all",
        code("oversight.kernel.access.scope:sight", "if actor.grants is not None:", "if False:"),
        "tests/kernel/access/test_isolation.py::test_each_sees",
        "tests/contract/test_isolation.py::test_each_persona_sees_exactly_its_own[database-sites]",
        "tests/contract/test_isolation.py::test_each_persona_sees_exactly_its_own[the database alone-sites]",
    ),
    _scope(
        "a page finds records of anybody",
        code(
            f"{RECORDS}frame:KindPages.find",
            "self.kind.model.objects.visible_to(actor)",
            "self.kind.model.objects.all()",
        ),
        "tests/contract/test_application_alone.py::test_pages_and_endpoints_show_each_its_own[sites]",
    ),
    _scope(
        "an endpoint finds records of anybody",
        code("oversight.kernel.api.endpoints:Endpoint.find", "objects.visible_to(self.actor)", "objects"),
        "tests/contract/test_application_alone.py::test_pages_and_endpoints_show_each_its_own[sites]",
    ),
    _scope(
        "a list of the API is everybody's",
        code(
            "oversight.kernel.api.lists:read_page", "kind.model.objects.visible_to(actor)", "kind.model.objects.all()"
        ),
        "tests/contract/test_application_alone.py::test_pages_and_endpoints_show_each_its_own[sites]",
    ),
    _scope(
        "a list is everybody's",
        code(f"{RECORDS}listing:_view", "kind.model.objects.visible_to(actor)", "kind.model.objects.all()"),
        "tests/contract/test_application_alone.py::test_pages_and_endpoints_show_each_its_own[sites]",
    ),
    _scope(
        "a move reaches records of anybody",
        code(
            "oversight.kernel.workflow.writing:_locked",
            "workflow.model.objects.visible_to(by)",
            "workflow.model.objects.all()",
        ),
        "tests/contract/test_application_alone.py::test_nothing_out_of_sight_is_moved_named_or_offered[sites]",
    ),
    _scope(
        "a body refers to records of anybody",
        code(
            "oversight.kernel.api.fields:Reference.to_internal_value",
            "self.kind.model.objects.visible_to(actor)",
            "self.kind.model.objects",
        ),
        "tests/contract/test_application_alone.py::test_references_lead_to_what_is_in_sight[contacts]",
    ),
    _scope(
        "a form offers records of anybody",
        code(f"{RECORDS}forms:form_field", "target.model.objects.visible_to(actor)", "target.model.objects"),
        "tests/contract/test_application_alone.py::test_references_lead_to_what_is_in_sight[contacts]",
    ),
    _scope(
        "a filter offers records of anybody",
        code(f"{RECORDS}filters:_records", "model.objects.visible_to(actor)", "model.objects"),
        "tests/contract/test_application_alone.py::test_references_lead_to_what_is_in_sight[contacts]",
    ),
    _scope(
        "the trail tells of anybody's records",
        code(f"{RECORDS}stream:_told", "history.visible_to(actor)", "history"),
        f"{ALONE}::test_either_look_of_the_trail",
    ),
    _scope(
        "the trail finds anybody's versions",
        code(f"{RECORDS}stream_query:Branch._rows", "self.history.visible_to(self.actor)", "self.history.all()"),
        f"{ALONE}::test_either_look_of_the_trail",
    ),
    _scope(
        "a comment is read by anybody",
        code("oversight.kernel.comments.saying:comments_of", "Comment.objects.visible_to(actor)", "Comment.objects"),
        "tests/contract/test_application_alone.py::test_what_stands_beside",
    ),
    _scope(
        "a file is read by anybody",
        code("oversight.kernel.files.attaching:_rows", "Attachment.objects.visible_to(actor)", "Attachment.objects"),
        "tests/contract/test_application_alone.py::test_what_stands_beside",
    ),
    _scope(
        "a file is found below any record",
        code("oversight.kernel.files.attaching:_rows", ".filter(**key_of(record))", ".all()"),
        "tests/kernel/files/test_files.py::test_each_sees",
        "tests/kernel/files/test_pages.py::test_out_of_sight",
        "tests/kernel/files/test_pages.py",
    ),
    _scope(
        "a withdrawn file is opened by the partner",
        code("oversight.kernel.files.attaching:content_of", "if actor.is_partner:", "if False:"),
        "tests/kernel/files/test_files.py::test_a_file_is_withdrawn",
        "tests/kernel/files/test_pages.py::test_paul",
        "tests/kernel/files",
    ),
)
