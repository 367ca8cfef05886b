"""Writes the documents that are made from code: `python -m docs.generate`. A test keeps them fresh."""

import os
from pathlib import Path

import django

from oversight.roles import CAPABILITIES, PARTNER_ROLES, SPONSOR_ROLES, Role

GENERATED = Path(__file__).parent / "generated"


def documents() -> dict[Path, str]:
    """Each generated document with its text."""
    return {GENERATED / "capabilities.md": capabilities(), GENERATED / "workflows.md": workflows()}


def workflows() -> str:
    """Every workflow of the catalogue: states, moves, who makes them, what they ask for."""
    from oversight.kernel.workflow.diagram import document
    from oversight.web.catalogue import KINDS

    parts = ["# Workflows", "", "Generated from the workflows of the catalogue; change them there.", ""]
    for kind in KINDS:
        parts += [f"## {kind.label[:1].upper()}{kind.label[1:]}", "", document(kind.workflow)]
    return "\n".join(parts)


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
    for path, text in documents().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
