"""Writes the documents that are made from code: `python -m docs.generate`. A test keeps them fresh."""

import json
import os
from pathlib import Path

import django

from oversight.roles import CAPABILITIES, PARTNER_ROLES, SPONSOR_ROLES, Role

GENERATED = Path(__file__).parent / "generated"
VALIDATION = Path(__file__).parent / "validation"


def documents() -> dict[Path, str]:
    """Each generated document with its text."""
    return {
        GENERATED / "capabilities.md": capabilities(),
        GENERATED / "workflows.md": workflows(),
        GENERATED / "permissions.md": permissions(),
    }


def evidence() -> dict[Path, str]:
    """Which tests prove which requirement, as the product ships it, and the table of both for people."""
    from oversight.web.validation.proof import PROVEN
    from tests.validation.markers import proofs

    return {PROVEN: json.dumps(proofs(), indent=1) + "\n"}


def traceability() -> dict[Path, str]:
    """The table of requirements; it reads what `evidence` wrote."""
    from oversight.web.validation.table import markdown

    return {VALIDATION / "traceability.md": markdown()}


def workflows() -> str:
    """Every workflow of the catalogue: states, moves, who makes them, what they ask for."""
    from oversight.kernel.workflow.diagram import document
    from oversight.web.catalogue import KINDS

    parts = ["# Workflows", "", "Generated from the workflows of the catalogue; change them there.", ""]
    for kind in KINDS:
        parts += [f"## {kind.label[:1].upper()}{kind.label[1:]}", "", document(kind.workflow)]
    return "\n".join(parts)


def permissions() -> str:
    """Every address below a sponsor, and which roles may read or write there: as the suite tests it, cell by cell."""
    from tests.matrix.inventory import routes
    from tests.matrix.rows import READ, rows

    declared = rows()
    lines = ["# Who may open what", "", "Generated from the permission matrix of the suite; change it there.", ""]
    lines += [
        "Whoever is not named is answered 403, 404 where the record is out of sight, and 302 or 401 without a session",
        "or a key. A partner reads and writes the rows of its own CDMO only, a narrowed member those of the CDMOs",
        "granted. “Their own” is found by nobody but whoever made it.",
        "",
    ]
    for door in ("workspace", "portal", "api"):
        side = {"workspace": SPONSOR_ROLES, "portal": PARTNER_ROLES}.get(door, frozenset(Role)) | {Role.API_CLIENT}
        lines += [f"## {door.capitalize()}", "", "| address | may read | may write |", "|---|---|---|"]
        for route in (each for each in routes() if each.door == door):
            row = declared[route.door, route.name]
            reads = _roles(row.reads, side) if row.methods & READ else ""
            takes = row.methods - READ and not (row.sponsors and door == "portal")
            writes = _roles(row.writes, side) if takes else ""
            own = ", their own" if row.own else ""
            lines.append(f"| `/{route.template}` | {reads and reads + own} | {writes and writes + own} |")
        lines.append("")
    return "\n".join(lines)


def _roles(asked: tuple[str, ...], side: frozenset[Role]) -> str:
    may = [role for role in Role if role in side and all(role in CAPABILITIES.get(each, ()) for each in asked)]
    return "everybody" if len(may) == len(side) else ", ".join(role.label for role in may)


def capabilities() -> str:
    """Role × capability, as `oversight/roles.py` and the record kinds have it."""
    lines = ["# Who may do what", "", "Generated from `oversight/roles.py` and the record kinds; change it there.", ""]
    lines += ["| capability | " + " | ".join(role.label for role in Role) + " |", "|---" * (len(Role) + 1) + "|"]
    for name, roles in CAPABILITIES.items():
        lines.append(f"| `{name}` | " + " | ".join("yes" if role in roles else "" for role in Role) + " |")
    sides = {"Sponsor's staff": SPONSOR_ROLES, "Partner's staff": PARTNER_ROLES}
    lines += [""] + [
        f"{side}: {', '.join(role.label for role in Role if role in roles)}." for side, roles in sides.items()
    ]
    lines += [
        "",
        "A program (`api_client`) stands on the side of its membership. Of what its role may see, a partner sees the",
        "rows of its own CDMO, and of those the fields that the record kind shares.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oversight.settings.test")
    django.setup()
    for made in (documents, evidence, traceability):
        for path, text in made().items():
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
