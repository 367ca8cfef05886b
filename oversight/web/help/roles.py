"""One page of help for each kind of reader: what is theirs, what to do first, what others see of them."""

from dataclasses import dataclass

from oversight.roles import Role, capabilities_of
from oversight.web.catalogue import KINDS


@dataclass(frozen=True, slots=True)
class Duty:
    """What a role may do to one kind of record."""

    plural: str
    icon: str
    acts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RolePage:
    """Help for one role, or for roles that work alike."""

    slug: str
    title: str
    icon: str
    roles: tuple[Role, ...]
    purpose: str
    first: tuple[tuple[str, str], ...]  # what to do, and how
    seen: tuple[str, ...]

    @property
    def labels(self) -> str:
        """The roles in words."""
        return " and ".join(str(role.label) for role in self.roles)

    @property
    def duties(self) -> tuple[Duty, ...]:
        """From the workflows and the table of roles: nobody has to keep this up to date."""
        found = []
        partner = self.roles[0] in (Role.CDMO_QA, Role.CDMO_PROJECT, Role.CDMO_VIEWER)
        for kind in KINDS:
            if partner and kind.partner_sees is None:
                continue
            acts = []
            fields = kind.workflow.partner_opens if partner else kind.workflow.opens
            if fields:
                acts.append((f"{kind.capability}.create", f"Put a new {kind.label} on file"))
            edits = kind.workflow.partner_editable if partner else kind.workflow.editable
            if any(edits.values()):
                acts.append((f"{kind.capability}.amend", "Amend, with a reason"))
            acts += [(move.capability, move.label) for move in kind.workflow.transitions]
            acts += [(f"{kind.capability}.comment", "Comment"), (f"{kind.capability}.attach", "Attach files")]
            said = [self._said(words, capability) for capability, words in acts]
            found.append(Duty(kind.plural, kind.icon, tuple(words for words in said if words) or ("Read",)))
        return tuple(found)

    def _said(self, words: str, capability: str) -> str:
        """The act, with the roles that may do it where not all of the page may; empty where none may."""
        able = [role for role in self.roles if capability in capabilities_of(role)]
        who = " and ".join(str(role.label) for role in able)
        return "" if not able else words if len(able) == len(self.roles) else f"{words} ({who})"


SPONSOR_SEEN = (
    "Your name, role and reason stand in the history of everything you change, for good.",
    "The CDMO sees what you share: comments and files marked as shared, and its own records.",
    "Internal comments and notes are seen by nobody outside your company.",
)
PARTNER_SEEN = (
    "The sponsor sees everything that you report, answer, comment and attach here: it is shared by its nature.",
    "Other CDMOs of the same sponsor see nothing of it, and other sponsors whom you serve see nothing of it.",
    "Your name and your company stand beside what you do, for good.",
)

PAGES = (
    RolePage(
        "quality",
        "For the sponsor's quality unit",
        "shield-check",
        (Role.QA_DIRECTOR, Role.QA_REVIEWER),
        "You accept reports, return or accept root causes, and close deviations with your signature.",
        (
            (
                "Open Today.",
                "What waits for you stands there, the nearest clock first. Each line has one button.",
            ),
            (
                "Take the first line.",
                "Read the report and decide: accept it, or ask in a comment.",
            ),
            (
                "Set how you hear of things.",
                "Critical events come by e-mail at once. Under the bell you choose the rest, and a calendar feed.",
            ),
        ),
        (
            *SPONSOR_SEEN,
            "When you return a root cause, the CDMO reads your reason. Each return is counted.",
            "Whoever sent or accepted a root cause cannot close on it: a second person does.",
        ),
    ),
    RolePage(
        "development",
        "For CMC and supply",
        "flask-conical",
        (Role.CMC_DIRECTOR, Role.CMC_LEAD, Role.SUPPLY),
        "You keep the book of partners, report what you learn, and do the tasks that fall to your side.",
        (
            ("Look at your CDMOs.", "Each has its sites, contacts and deviations on one page."),
            (
                "Take on the tasks that are yours.",
                "What nobody took is everybody’s; “Take it on” makes it yours.",
            ),
            ("Say what it touches.", "Comment on a deviation, and call the person you need with @ and the full name."),
        ),
        SPONSOR_SEEN,
    ),
    RolePage(
        "readers",
        "For viewers and inspectors",
        "eye",
        (Role.VIEWER, Role.INSPECTOR),
        "You read every record and its history, and change nothing.",
        (
            ("Find the record.", "Search by its number, or by the CDMO's own number."),
            ("Read its history.", "Who changed what, from what, to what, when and why. Nothing there can be edited."),
            ("Take a copy.", "A list and the audit trail can be exported; each export is written down."),
        ),
        ("Nobody is told what you read. Exports and refused pages are written to the security log.",),
    ),
    RolePage(
        "administrators",
        "For administrators",
        "settings",
        (Role.ADMIN,),
        "You say who may come in, with which role, from when until when. You sign nothing.",
        (
            (
                "Add people under Settings.",
                "A role, a company, a first day. A link lets the person choose a password.",
            ),
            ("Decide who needs a second factor.", "Everybody who signs is a good beginning."),
            ("Review the accesses.", "One export shows who may see what, since when, and who said so."),
        ),
        (
            "Each change of a membership is kept with your name and your reason.",
            "You cannot change your own role, and the last administrator stays.",
        ),
    ),
    RolePage(
        "partners",
        "For the staff of a CDMO",
        "factory",
        (Role.CDMO_QA, Role.CDMO_PROJECT),
        "You report what happened, contain it, explain it, and see at once what each sponsor expects of you.",
        (
            (
                "Open the portal.",
                "What every sponsor waits for is one list, by its clock. The dark bar says for whom you act.",
            ),
            (
                "Something happened? Say so.",
                "Which sponsor, what kind, what. The clocks run from when you noticed it.",
            ),
            ("Answer the root cause.", "Ask why until the answer can be changed. People alone are no root cause."),
        ),
        PARTNER_SEEN,
    ),
    RolePage(
        "partner-viewers",
        "For CDMO staff who read",
        "book-open",
        (Role.CDMO_VIEWER,),
        "You see what your company shares with a sponsor, and change nothing.",
        (
            ("Open the portal.", "The dark bar says whose records you are looking at."),
            ("Follow a deviation.", "Its page shows what was done, what is due, and what was said."),
            ("Ask your quality unit.", "Whoever has the role of CDMO quality can report and answer."),
        ),
        PARTNER_SEEN[1:],
    ),
)
