"""Who may do what with the plan, and what its kinds have in common."""

from oversight.kernel.records.kind import Order
from oversight.roles import DEVELOPMENT, EITHER_SIDE, EVERYBODY, PARTNER_STAFF, QUALITY, SPONSOR_ROLES, Role

PEOPLE = DEVELOPMENT | {Role.SUPPLY}  # who plans
PLANNERS = PEOPLE | EITHER_SIDE
CORRECTORS = PLANNERS | {Role.QA_DIRECTOR}
TALKERS = DEVELOPMENT | QUALITY | {Role.SUPPLY}
VOIDERS = PEOPLE | {Role.QA_DIRECTOR}
OWN = {  # of a kind that no partner sees
    "view": SPONSOR_ROLES | EITHER_SIDE,
    "create": PLANNERS,
    "amend": CORRECTORS,
    "void": VOIDERS,
    "comment": TALKERS,
    "attach": TALKERS,
}
JOINT = {  # of a kind that partners see
    "view": EVERYBODY,
    "create": PLANNERS,
    "amend": CORRECTORS,
    "void": VOIDERS,
    "comment": TALKERS | PARTNER_STAFF,
    "attach": TALKERS | PARTNER_STAFF,
}
PARTNERS_OWN = JOINT | {"create": PLANNERS | PARTNER_STAFF, "amend": CORRECTORS | PARTNER_STAFF}

ACTIVE = {"ACTIVE": ("ok", "ok"), "CLOSED": ("neutral", "void"), "VOID": ("neutral", "void")}
NUMBER = Order(name="number", label="Number", path="number", text=False)
