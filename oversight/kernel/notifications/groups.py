"""Groups of events, and the ways in which a member may hear of each by e-mail; in the product all of it is said."""

from django.db.models import TextChoices


class Group(TextChoices):
    """What is chosen together on the page of preferences."""

    CRITICAL = "CRITICAL", "Critical events"
    LATE = "LATE", "Clocks that ran out"
    YOURS = "YOURS", "Work that waits for you"
    DATES = "DATES", "Dates that moved"
    MENTION = "MENTION", "You are mentioned"
    TALK = "TALK", "Comments where you take part"
    NEWS = "NEWS", "News of records where you take part"
    HOUSE = "HOUSE", "The workspace itself"


class Way(TextChoices):
    """How it comes by e-mail."""

    INSTANT = "INSTANT", "At once"
    DAILY = "DAILY", "Once a day"
    NONE = "NONE", "Only in the product"


ABOUT = {
    Group.CRITICAL: "A critical deviation, and a clock of an hour or less that ran out.",
    Group.LATE: "Something was due and has not been done.",
    Group.YOURS: "A report to accept, a root cause to answer or to review, a new task, a reminder.",
    Group.DATES: "A study starts on another day, or steps that you answer for do.",
    Group.MENTION: "Somebody wrote your name in a comment.",
    Group.TALK: "A comment on a record that you wrote, moved or commented on.",
    Group.NEWS: "Such a record was accepted, closed or voided.",
    Group.HOUSE: "What administrators have to look after, such as a webhook that was given up.",
}
DEFAULTS = dict.fromkeys(Group, Way.DAILY) | {Group.CRITICAL: Way.INSTANT, Group.HOUSE: Way.INSTANT}
