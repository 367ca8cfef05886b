"""The permission matrix: one declared row for every address; what each persona is answered is derived from it."""

from collections.abc import Iterator
from dataclasses import dataclass

from oversight.kernel.access.scope import Actor
from oversight.kernel.records.kind import RecordKind
from oversight.kernel.workflow.definition import Transition
from oversight.roles import CAPABILITIES, Role
from oversight.web.catalogue import KINDS
from techtransfer.records import PROGRAMME

READ = frozenset({"GET", "HEAD"})
FORM = READ | {"POST"}
POST = frozenset({"POST"})
EVERY = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
TRAIL = "trail.view"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is declared of one address below a sponsor.

    `reads` and `writes` are capabilities; none asks nothing. `own`: nobody but who made it finds it.
    """

    door: str
    name: str
    methods: frozenset[str]
    kind: RecordKind | None = None
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    creates: bool = False
    amends: bool = False
    own: bool = False
    sponsors: bool = False  # what the sponsor's staff put there is not a partner's to change
    about: str = ""  # of the settings: what the key in the address is the key of
    answers: dict[str, tuple[int, ...]]  # method → what is answered to who may

    @property
    def is_object(self) -> bool:
        """Whether the address names a record."""
        return self.kind is not None and self.name not in {
            f"{self.kind.slug}-{page}" for page in ("list", "create", "views", "view", "export", "collection")
        }

    def may(self, actor: Actor, method: str) -> bool:
        """Whether the role carries what the method asks, and its side has anything to fill in."""
        asks = self.writes if method not in READ else self.reads
        if (self.creates or self.amends) and (method not in READ or self.door != "api") and not self._fills(actor):
            return False
        if self.sponsors and actor.cdmo is not None:
            return False
        return all(Role(actor.role) in CAPABILITIES[capability] for capability in asks)

    def _fills(self, actor: Actor) -> bool:
        flow = self.kind.workflow
        if self.creates:
            # A new CDMO would be out of the sight of whoever sees only some.
            hidden = self.kind.model.CDMO_COLUMN == "id" and (actor.cdmo is not None or actor.grants is not None)
            return bool(flow.partner_opens if actor.cdmo is not None else flow.opens) and not hidden
        return any((flow.partner_editable if actor.cdmo is not None else flow.editable).values())


def rows() -> dict[tuple[str, str], Row]:
    """By door and name."""
    found: dict[tuple[str, str], Row] = {}
    for row in _declared():
        assert (row.door, row.name) not in found, row
        found[row.door, row.name] = row
    return found


def _declared() -> Iterator[Row]:
    for door in ("workspace", "portal"):
        yield Row(door=door, name="home", methods=READ, answers={"GET": (200,)})
        yield Row(door=door, name="search", methods=READ, answers={"GET": (200,)})
        yield Row(door=door, name="exports", methods=READ, answers={"GET": (200,)})
        yield Row(door=door, name="export", methods=READ, own=True, answers={"GET": (200,)})
        yield Row(door=door, name="export-file", methods=READ, own=True, answers={"GET": (404,)})  # not ready yet
        if door == "portal":
            yield Row(door=door, name="our-performance", methods=READ, answers={"GET": (200,)})
            yield Row(door=door, name="shared", methods=READ, answers={"GET": (200,)})
            works = ("milestone.view", "milestone.work")
            yield Row(door=door, name="confirm-date", methods=POST, writes=works, answers={"POST": (404,)})  # no step
        sees = ("impact_alert.view", "impact_alert.acknowledge")
        yield Row(door=door, name="seen", methods=POST, writes=sees, answers={"POST": (404,)})  # no alert
        yield Row(door=door, name="drafts", methods=FORM, answers={"GET": (200,), "POST": (422,)})
        yield Row(door=door, name="draft-discard", methods=POST, own=True, answers={"POST": (404,)})  # nobody has one
        yield Row(door=door, name="notices", methods=READ, answers={"GET": (200,)})
        yield Row(door=door, name="notices-read", methods=POST, answers={"POST": (302,)})
        yield Row(door=door, name="notice-preferences", methods=FORM, answers={"GET": (200,), "POST": (422,)})
        yield Row(door=door, name="notice-calendar", methods=POST, answers={"POST": (200,)})
        yield Row(door=door, name="notice", methods=READ, own=True, answers={"GET": (404,)})  # nobody has one
        yield Row(door=door, name="audit-trail", methods=READ, reads=(TRAIL,), answers={"GET": (200,)})
        yield Row(door=door, name="audit-trail-export", methods=POST, writes=(TRAIL,), answers={"POST": (302,)})
        for kind in KINDS:
            if door == "workspace" or kind.partner_sees is not None:
                yield from _pages(door, kind)
    for kind in KINDS:
        yield from _endpoints(kind)
    sees = (f"{PROGRAMME.capability}.view",)
    for page in ("impact", "plan", "warnings"):
        name = f"{PROGRAMME.slug}-{page}"
        yield Row(door="api", name=name, methods=READ, kind=PROGRAMME, reads=sees, answers={"GET": (200,)})
    yield Row(door="workspace", name="how-well", methods=READ, reads=("early_warning.view",), answers={"GET": (200,)})
    yield from _simulations((*sees, f"{PROGRAMME.capability}.amend"), sees)
    asked = f"{PROGRAMME.slug}-what-if"
    empty = {"POST": (422,)}  # nothing is supposed
    yield Row(door="api", name=asked, methods=POST, kind=PROGRAMME, reads=sees, writes=sees, answers=empty)
    # Of a plan without steps there is nothing to suppose; whoever sees some CDMOs alone is told to ask another.
    name, none = f"{PROGRAMME.slug}-ways", {"GET": (409,)}
    yield Row(door="api", name=name, methods=READ, kind=PROGRAMME, reads=sees, answers=none)
    pages = (("scenarios", "scenario.view"), ("baselines", "baseline.view"))
    for page, also in pages:
        name, asks = f"{PROGRAMME.slug}-compare-{page}", (*sees, also)
        yield Row(door="workspace", name=name, methods=READ, kind=PROGRAMME, reads=asks, answers={"GET": (200,)})
    name, asks = f"{PROGRAMME.slug}-baselines-compare", (*sees, "baseline.view")
    yield Row(door="api", name=name, methods=READ, kind=PROGRAMME, reads=asks, answers={"GET": (200,)})
    yield from _plan_files()
    yield Row(door="workspace", name="partners", methods=READ, answers={"GET": (200,)})
    yield Row(door="workspace", name="remind", methods=POST, answers={"POST": (404,)})  # of no clock
    yield from settings_rows()


def _simulations(asks: tuple[str, ...], sees: tuple[str, ...]) -> Iterator[Row]:
    """Whoever reads a programme reads them, and whoever may amend it asks for one; the key is that of the first."""
    given = {"kind": PROGRAMME, "reads": sees, "writes": asks}
    name = f"{PROGRAMME.slug}-simulation"
    for door, answers in (("workspace", (422, 409)), ("api", (202, 409))):
        yield Row(door=door, name=f"{name}s", methods=FORM, answers={"GET": (200,), "POST": answers}, **given)
        yield Row(door=door, name=name, methods=READ, answers={"GET": (200, 404)}, **given)


def _plan_files() -> Iterator[Row]:
    """Plans as files: whoever reads a programme takes its plan away; whoever plans brings one."""
    sees, slug = (f"{PROGRAMME.capability}.view",), PROGRAMME.slug
    plans = tuple(f"{kind}.{verb}" for kind in ("milestone", "dependency") for verb in ("create", "amend"))
    asks = (*sees, *plans, "closure.create", "milestone.work")

    def row(page: str, methods: frozenset[str], door: str = "workspace", **more: object) -> Row:
        given = {"reads": sees, "writes": asks, "answers": {"GET": (200,), "POST": (422,)}, "kind": PROGRAMME} | more
        return Row(door=door, name=f"{slug}-{page}", methods=methods, **given)

    yield row("imports", FORM)
    yield row("import", READ, own=True, answers={"GET": (404,)})  # nobody brought one
    yield row("import-file", READ, own=True, answers={"GET": (404,)})
    yield row("import-throw-away", POST, own=True, writes=sees, answers={"POST": (404,)})
    yield row("import-commit", POST, own=True, writes=sees, answers={"POST": (404,)})
    for page in ("plan-xml", "plan-xlsx", "plan-csv", "plan-ics", "template-xlsx", "template-csv"):
        yield row(page, READ)
    yield row("imports", POST, "api", answers={"POST": (415,)})
    yield row("import", READ, "api", own=True, answers={"GET": (404,)})
    yield row("import-throw-away", POST, "api", own=True, writes=sees, answers={"POST": (404,)})
    yield row("import-commit", POST, "api", own=True, writes=sees, answers={"POST": (404,)})
    for page in ("plan-xml", "plan-xlsx", "plan-csv"):
        yield row(page, READ, "api")


def _pages(door: str, kind: RecordKind) -> Iterator[Row]:
    def row(page: str, methods: frozenset[str], *writes: str, **more: object) -> Row:
        reads = (f"{kind.capability}.view",)
        given = {"reads": reads, "writes": (*reads, *writes), "answers": {"GET": (200,), "POST": (422,)}} | more
        return Row(door=door, name=f"{kind.slug}-{page}", methods=methods, kind=kind, **given)

    flow, side = kind.workflow, door == "portal"
    yield row("list", READ)
    if not side or flow.partner_opens:
        verb = f"{kind.capability}.create"
        yield row("create", FORM, verb, reads=(verb,), creates=True)
    yield row("detail", READ)
    if not side or flow.partner_editable:
        verb = f"{kind.capability}.amend"
        answers = {"GET": (200, 409), "POST": (422, 409)}
        yield row("amend", FORM, verb, reads=(f"{kind.capability}.view", verb), amends=True, answers=answers)
    yield row("history", READ, reads=(f"{kind.capability}.view", TRAIL))
    yield row("views", POST)
    yield row("view", POST, own=True)
    yield row("export", POST, answers={"POST": (302,)})
    yield row("comments", FORM, f"{kind.capability}.comment")
    yield row("files", FORM, f"{kind.capability}.attach")
    yield row("file", READ)
    yield row("file-withdraw", POST, f"{kind.capability}.attach", sponsors=True)
    for move in flow.transitions:
        yield row(move.name, FORM, move.capability, reads=(move.capability,), answers=_move_answers(move))


def _move_answers(move: Transition) -> dict[str, tuple[int, ...]]:
    """Not now; or asked, and refused empty where something has to be said."""
    said = 422 if move.requires or move.signed_as or not move.reason else 302
    return {"GET": (200, 409), "POST": (said, 409, 422)}


def _endpoints(kind: RecordKind) -> Iterator[Row]:
    sees = (f"{kind.capability}.view",)

    def row(page: str, methods: frozenset[str], answers: dict[str, tuple[int, ...]], *writes: str, **more: bool) -> Row:
        reads = (*sees, TRAIL) if page == "history" else sees
        return Row(
            door="api", name=f"{kind.slug}-{page}", methods=methods, kind=kind, reads=reads, writes=(*sees, *writes),
            answers=answers, **more,
        )  # fmt: skip

    yield row("collection", FORM, {"GET": (200,), "POST": (422,)}, f"{kind.capability}.create", creates=True)
    changing = {"GET": (200,), "PATCH": (428,)}
    yield row("record", READ | {"PATCH"}, changing, f"{kind.capability}.amend", amends=True)
    yield row("history", READ, {"GET": (200,)})
    for move in kind.workflow.transitions:
        yield row(move.name, POST, {"POST": (428,)}, move.capability)


def settings_rows() -> Iterator[Row]:
    """The settings of a sponsor, and the partner's own people."""
    people, keys, hooks, policy = "people.manage", "key.manage", "webhook.manage", "policy.manage"
    review, got = "access_review.export", {"GET": (200,), "POST": (422,)}

    def row(page: str, methods: frozenset[str], asks: str, about: str = "", **answers: tuple[int, ...]) -> Row:
        return Row(
            door="workspace", name=f"settings-{page}", methods=methods, reads=(asks,), writes=(asks,), about=about,
            answers=got | answers,
        )  # fmt: skip

    yield Row(door="portal", name="our-people", methods=READ, answers={"GET": (200,)})
    yield Row(door="workspace", name="settings", methods=READ, reads=(review,), answers={"GET": (302,)})
    yield row("people", READ, people)
    yield row("person-add", FORM, people)
    yield row("program-add", FORM, people)
    yield row("person", READ, people, "member")
    yield row("person-amend", FORM, people, "member")
    yield row("person-end", FORM, people, "member")
    yield row("person-invite", POST, people, "member", POST=(302,))
    yield row("keys", READ, keys)
    yield row("key-add", FORM, keys)
    yield row("key-revoke", FORM, keys, "key")
    yield row("webhooks", READ, hooks)
    yield row("webhook-add", FORM, hooks)
    yield row("webhook", READ, hooks, "webhook")
    yield row("webhook-rotate", FORM, hooks, "webhook")
    yield row("webhook-switch", FORM, hooks, "webhook")
    yield row("webhook-retry", POST, hooks, "webhook", POST=(302,))
    yield row("policy", READ, policy)
    yield row("second-factor", FORM, policy)
    yield row("limit", FORM, policy)
    yield row("access-review", READ, review)
    yield row("access-review-export", POST, review, POST=(200,))
