"""Scopes taken away from what is one member's own, and from what members are told and find."""

from .fault import code, sql
from .faults_scope import RECORDS, _scope

FAULTS = (
    _scope(
        "a saved view is changed by another",
        code(f"{RECORDS}saved:views_of", "membership_id=actor.membership, ", ""),
        "tests/kernel/records/test_views.py::test_a_view_is_its_owners_alone",
        "tests/kernel/records/test_views.py::test_a_shared_view_is_changed_by_its_owner_alone",
    ),
    _scope(
        "a shared view reaches the other side",
        code(f"{RECORDS}saved:read_tabs", "shared=True, partners=actor.is_partner", "shared=True"),
        "tests/kernel/records/test_views.py::test_neither_partner",
        "tests/kernel/records/test_views.py::test_a_partner_shares",
        "tests/kernel/records/test_views.py::test_what_a_narrowed",
    ),
    _scope(
        "a shared view reaches narrowed members",
        code(f"{RECORDS}saved:read_tabs", "if actor.grants is None:", "if True:"),
        "tests/kernel/records/test_views.py::test_neither_partner",
        "tests/administration/test_sight_changes.py::test_a_name_of_a_shared_view_reaches_nobody",
    ),
    _scope(
        "an export is taken by another",
        code(f"{RECORDS}exports:exports_of", ".filter(membership_id=actor.membership)", ""),
        "tests/kernel/records/test_exports.py::test_nobody_else_opens_it",
    ),
    _scope(
        "an export is made for who sees less by now",
        code(
            f"{RECORDS}exports:_as_asker",
            " or (actor.membership, sight(actor)) != (export.membership_id, export.sight)",
            "",
        ),
        "tests/kernel/records/test_exports.py::test_a_file_is_not_made",
    ),
    _scope(
        "a file is taken by who sees less by now",
        code(f"{RECORDS}export_pages:download", " or export.sight != sight(actor)", ""),
        "tests/kernel/records/test_exports.py::test_what_was_made_for_both",
    ),
    _scope(
        "a draft is read by another",
        code(f"{RECORDS}drafts:drafts_of", ".filter(membership_id=actor.membership or 0)", ""),
        "tests/contract/test_application_alone.py::test_a_draft",
    ),
    _scope(
        "a notice is read by another",
        code("oversight.kernel.notifications.reading:notices_of", ".filter(membership_id=actor.membership)", ""),
        "tests/notifications/test_pages.py::test_nobody_opens_anothers_notice",
        "tests/notifications/test_pages.py::test_the_page_shows_no_word",
    ),
    _scope(
        "a calendar's key is another's to revoke",
        code("oversight.kernel.notifications.calendar_keys:revoke", ".filter(membership_id=by.membership)", ""),
        "tests/notifications/test_calendar.py::test_nobody_revokes",
    ),
    _scope(
        "a calendar tells what waits for the other side",
        code("oversight.kernel.notifications.feed:_due", "side=own_side(actor), ", ""),
        "tests/notifications/test_calendar.py::test_each_sees",
    ),
    _scope(
        "a plan file is read by another",
        code("techtransfer.exchange.staging:imports_of", "Q(membership_id=actor.membership)", "Q(pk__gt=0)"),
        "tests/exchange/test_pages.py::test_each_sees_what_is_its_own_to_see",
    ),
    _scope(
        "a simulation is found below any programme",
        code("techtransfer.simulation.reading:simulations_of", ".filter(programme=programme)", ""),
        "tests/simulation/test_below.py",
    ),
    _scope(
        "an idempotency key answers another person",
        code("oversight.kernel.api.idempotency:once", "membership_id=actor.membership, key=key", "key=key"),
        "tests/api/test_idempotency.py::test_each_membership_has_its_own_keys",
    ),
    _scope(
        "a batch's way leads a partner to the next one",
        code("batches.services.genealogy:_walk", "if actor.is_partner:", "if False:"),
        "tests/contract/test_application_alone.py::test_the_way_of_a_batch",
    ),
    _scope(
        "the audience of a notice holds who does not see the record",
        code(
            "oversight.kernel.notifications.audience:Audience.members", "or not in_sight(self.record, row, granted)", ""
        ),
        "tests/notifications/test_recipients.py::test_the_audience_is_whoever_could_open",
    ),
    _scope(
        "the audience holds roles that do not read such records",
        code("oversight.kernel.notifications.audience:Audience.members", " or not self._reads(row)", ""),
        "tests/notifications/test_second_guards.py::test_no_partner_hears",
    ),
    _scope(
        "a notice is shown whose comment is out of sight",
        code(
            "oversight.kernel.notifications.reading:items",
            " or (row.comment_id and row.comment_id not in comments)",
            "",
        ),
        "tests/notifications/test_second_guards.py::test_a_notice_of_talk",
    ),
    _scope(
        "internal talk is told to the partner",
        code(
            "oversight.kernel.notifications.announcing:announce",
            " and not (internal and audience.members[key].is_partner)",
            "",
        ),
        "tests/notifications/test_second_guards.py::test_internal_talk",
    ),
    _scope(
        "the search finds by what only the sponsor reads",
        sql("access.find", "access.tenant()::text || coalesce('/' || access.cdmo(), '')", "access.tenant()::text"),
        "tests/search/test_isolation.py::test_a_partner_finds_nothing_by_what_it_is_not_shown",
    ),
    _scope(
        "the search finds what another keeps private",
        sql("access.find", "($8 IS NULL OR t.%I OR t.%I = $8)", "($8 IS NULL OR t.%I OR t.%I IS NOT NULL)"),
        "tests/search/test_isolation.py::test_what_somebody_keeps_private_crowds_nobody_out",
    ),
    _scope(
        "a narrowed member enters without the grants",
        sql("access.enter", "IF narrowed THEN", "IF false THEN"),
        "tests/kernel/access/test_entrance.py::test_a_narrowed_member_enters",
    ),
    _scope(
        "a key of a narrowed member sees all",
        sql("access.enter_by_key", "IF narrowed THEN", "IF false THEN"),
        "tests/api/test_keys.py::test_a_partners_and_a_narrowed_persons_key",
    ),
)
