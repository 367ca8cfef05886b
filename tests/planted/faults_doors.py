"""Permissions taken away: wider roles, and doors that open to whom they should not."""

from oversight.roles import CAPABILITIES, Role, capabilities_of

from .fault import Planting, also, code, sql, value
from .faults_permission import _permission


def _carries(capability: str, *roles: Role) -> Planting:
    """These roles carry the capability, too."""
    wider = value(lambda: CAPABILITIES, capability, lambda held: held | frozenset(roles))
    return also(wider, capabilities_of.cache_clear)


FAULTS = (
    _permission(
        "people are managed by the quality director",
        _carries("people.manage", Role.QA_DIRECTOR),
        "tests/administration/test_policy_and_review.py::test_the_quality_director_reviews_and_may_change_nothing",
    ),
    _permission(
        "webhooks are managed by viewers",
        _carries("webhook.manage", Role.VIEWER),
        "tests/webhooks/test_webhooks.py::test_only_administrators_keep_webhooks",
        "tests/notifications/test_pages.py",
    ),
    _permission(
        "deviations are closed by CMC leads",
        _carries("deviation.close", Role.CMC_LEAD),
        "tests/quality/test_refusals.py::test_a_cmc_lead",
    ),
    _permission(
        "batches are released by the partner",
        _carries("batch.release", Role.CDMO_QA),
        "tests/batches/test_refusals.py",
        "tests/batches/test_journey.py",
        "tests/batches/test_life.py",
        "tests/accounts/test_policy.py",
    ),
    _permission(
        "somebody switched off enters",
        sql("access.valid_memberships", "AND u.is_active", ""),
        "tests/kernel/access/test_entrance.py::test_a_disabled",
    ),
    _permission(
        "an ended membership enters",
        sql(
            "access.valid_memberships",
            "(m.valid_until IS NULL OR m.valid_until >= (now() AT TIME ZONE u.time_zone)::date)",
            "true",
        ),
        "tests/kernel/access/test_entrance.py::test_a_membership_opens",
    ),
    _permission(
        "a membership to come enters",
        sql("access.valid_memberships", "m.valid_from <= (now() AT TIME ZONE u.time_zone)::date", "true"),
        "tests/kernel/access/test_entrance.py::test_a_membership_opens",
    ),
    _permission(
        "a partner enters the workspace",
        sql("access.enter", "WHERE (m.cdmo_id IS NOT NULL) = partner", "WHERE true"),
        "tests/kernel/access/test_entrance.py::test_no_other_door",
    ),
    _permission(
        "every membership of several is taken unasked",
        sql("access.enter", "count(*) OVER () > 1 AND m.id IS DISTINCT FROM chosen", "false"),
        "tests/kernel/access/test_entrance.py::test_two_memberships",
    ),
    _permission(
        "a revoked key opens",
        sql("access.enter_by_key", "k.revoked_at IS NULL", "true"),
        "tests/api/test_keys.py::test_a_key_ends",
    ),
    _permission(
        "an expired key opens",
        sql("access.enter_by_key", "k.expires_at > now()", "true"),
        "tests/api/test_keys.py::test_a_key_ends",
    ),
    _permission(
        "a key opens another sponsor's path",
        sql("access.enter_by_key", "s.slug <> door", "false"),
        "tests/api/test_keys.py::test_a_key_opens_its_own",
    ),
    _permission(
        "a key stands for every membership of its person",
        sql("access.enter_by_key", " AND m.id = k.membership_id", ""),
        "tests/api/test_keys.py::test_a_person_with_several",
        "tests/api/test_keys.py::",
    ),
    _permission(
        "a calendar stands for every membership of its person",
        sql("access.enter_by_calendar", " AND m.id = k.membership_id", ""),
        "tests/notifications/test_calendar.py::test_a_secret_stands",
    ),
    _permission(
        "the second factor is asked of nobody",
        code("oversight.kernel.access.entrance:enter", "if lacks_factor and not on_behalf:", "if False:"),
        "tests/accounts/test_policy.py::test_who_signs_is_led",
    ),
    _permission(
        "a calendar does not wait for the second factor",
        code(
            "oversight.kernel.notifications.calendar_keys:enter_by_calendar",
            'or is_asked(found["role"], found.pop("demands"))',
            'or found.pop("demands") == ""',
        ),
        "tests/administration/test_sight_changes.py::test_a_calendar_waits_for_the_second_factor",
    ),
)
