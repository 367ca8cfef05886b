"""What is said in notices: on the page with who and which record, in letters by its sort alone."""

from oversight.kernel.notifications.groups import Group
from oversight.kernel.notifications.sentences import Sentence

CRITICAL, LATE, YOURS, NEWS = Group.CRITICAL, Group.LATE, Group.YOURS, Group.NEWS

SENTENCES = {
    "critical": Sentence(
        says="{who} reported {it} as critical",
        sort="Critical deviation",
        group=CRITICAL,
        tone="danger",
        icon="triangle-alert",
    ),
    "critical-now": Sentence(
        says="{it} is critical now", sort="Now critical", group=CRITICAL, tone="danger", icon="triangle-alert"
    ),
    "reported": Sentence(
        says="{who} reported {it}", sort="Deviation reported", group=YOURS, tone="info", icon="triangle-alert"
    ),
    "late-at-once": Sentence(
        says="{clock} of {it} ran out", sort="Ran out", group=CRITICAL, tone="danger", icon="alarm-clock"
    ),
    "late": Sentence(says="{clock} of {it} ran out", sort="Ran out", group=LATE, tone="danger", icon="alarm-clock"),
    "accepted-report": Sentence(
        says="{who} accepted the report of {it}", sort="Report accepted", group=NEWS, tone="info", icon="check"
    ),
    "answered": Sentence(
        says="{who} sent the root cause of {it}", sort="Root cause to review", group=YOURS, tone="info", icon="send"
    ),
    "returned": Sentence(
        says="{who} returned the root cause of {it}",
        sort="Root cause returned",
        group=YOURS,
        tone="warn",
        icon="undo-2",
    ),
    "to-close": Sentence(
        says="{who} accepted the root cause of {it}: it can be closed",
        sort="Deviation to close",
        group=YOURS,
        tone="info",
        icon="check-check",
    ),
    "accepted": Sentence(
        says="{who} accepted the root cause of {it}",
        sort="Root cause accepted",
        group=NEWS,
        tone="ok",
        icon="check-check",
    ),
    "closed": Sentence(says="{who} closed {it}", sort="Deviation closed", group=NEWS, tone="ok", icon="signature"),
    "voided": Sentence(says="{who} voided {it}", sort="Deviation voided", group=NEWS, icon="ban"),
    "task": Sentence(
        says="{who} opened the task {it} for your side",
        sort="New task",
        group=YOURS,
        tone="info",
        icon="list-checks",
    ),
    "batch-to-review": Sentence(
        says="{who} sent the record of {it}", sort="Batch record to review", group=YOURS, tone="info", icon="send"
    ),
    "batch-held": Sentence(says="{it} is on hold", sort="Batch on hold", group=NEWS, tone="warn", icon="octagon-pause"),
    "batch-freed": Sentence(says="{it} is on hold no more", sort="Hold lifted", group=NEWS, tone="ok", icon="play"),
    "batch-released": Sentence(
        says="{who} released {it}", sort="Batch released", group=NEWS, tone="ok", icon="signature"
    ),
    "batch-rejected": Sentence(says="{who} rejected {it}", sort="Batch rejected", group=NEWS, tone="danger", icon="x"),
    "study-moved": Sentence(
        says="Dates moved, {it}", sort="Study start moved", group=Group.DATES, tone="warn", icon="calendar-clock"
    ),
    "steps-moved": Sentence(
        says="Dates moved, {it}", sort="Steps of yours moved", group=Group.DATES, tone="warn", icon="calendar-clock"
    ),
    "warned-red": Sentence(
        says="Very likely to end late, {it}", sort="Red warning", group=Group.DATES, tone="danger", icon="trending-down"
    ),
    "warned-amber": Sentence(
        says="Likely to end late, {it}", sort="Amber warning", group=Group.DATES, tone="warn", icon="trending-down"
    ),
    "mentioned": Sentence(
        says="{who} mentioned you on {it}",
        sort="You are mentioned",
        group=Group.MENTION,
        tone="info",
        icon="at-sign",
        by_name=True,
    ),
    "said": Sentence(
        says="{who} commented on {it}", sort="New comment", group=Group.TALK, icon="message-square", by_name=True
    ),
    "reminded": Sentence(says="{who} reminds you of {it}", sort="Reminder", group=YOURS, tone="warn", icon="bell-ring"),
    "webhook": Sentence(
        says="A delivery to the webhook {it} was given up",
        sort="Webhook given up",
        group=Group.HOUSE,
        tone="warn",
        icon="webhook",
        capability="webhook.manage",
        page="settings-webhooks",
    ),
}
