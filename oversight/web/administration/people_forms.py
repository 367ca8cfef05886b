"""Who joins, as what, for how long, and which CDMOs one of the sponsor's staff may see."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from cdmos.models import CDMO
from oversight.kernel.access.models import Membership
from oversight.kernel.access.scope import Actor
from oversight.roles import PARTNER_ROLES, SPONSOR_ROLES, Role

from .forms import FILL_IN, Day, SettingsForm, choice, text
from .frame import today_of

EVERY, SOME = "EVERY", "SOME"
NEEDS_CDMO = "A role of a partner needs its CDMO."
TAKES_NO_CDMO = "A role of the sponsor's own staff has no CDMO. Leave it empty."
OVER = "This day is over. To end a membership now, use “End membership”."
OWN = "Their own CDMO is all that a partner's people see."


@dataclass(frozen=True, slots=True)
class Names:
    """The CDMOs that can be chosen: those on record that are not void."""

    cdmos: tuple[CDMO, ...]

    @classmethod
    def seen_by(cls, actor: Actor) -> "Names":
        """As the actor sees them."""
        return cls(tuple(CDMO.objects.visible_to(actor).exclude(status=CDMO.Status.VOID).order_by("name")))

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(str(each.pk), each.name) for each in self.cdmos]

    def of(self, keys: list[str]) -> list[CDMO]:
        """Those with these keys."""
        return [each for each in self.cdmos if str(each.pk) in keys]


class MemberForm(SettingsForm):
    """The part that joining and changing have in common."""

    def __init__(self, actor: Actor, names: Names, *args: Any, was: date | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.actor, self.names, self.was = actor, names, was

    def add_days(self) -> None:
        """From when until when."""
        self.fields["valid_from"] = Day(label="First day", initial=today_of(self.actor))
        self.fields["valid_until"] = Day(
            label="Last day", required=False, help_text="Empty: until somebody ends the membership."
        )

    def add_sight(self, held: list[CDMO] | None = None) -> None:
        """Every CDMO, or some."""
        # One that is void stays open to whoever has it until somebody takes it back.
        also = [each for each in held or [] if each not in self.names.cdmos]
        self.names = Names((*self.names.cdmos, *also))
        self.fields["sight"] = choice(
            "Sees", [(EVERY, "Every CDMO"), (SOME, "Only the CDMOs ticked below")], help_text="For the sponsor's staff."
        )
        self.fields["sees"] = forms.MultipleChoiceField(
            label="CDMOs",
            choices=self.names.choices,
            required=False,
            error_messages={"invalid_choice": "Choose CDMOs from the list."},
            widget=forms.CheckboxSelectMultiple,
        )

    def clean_valid_until(self) -> date | None:
        """What is over cannot be meant, unless it stood there already."""
        last = cast("date | None", self.cleaned_data["valid_until"])
        if last is not None and last != self.was and last < today_of(self.actor):
            raise ValidationError(OVER)
        return last

    @property
    def sees(self) -> list[CDMO] | None:
        """The CDMOs to which the person is narrowed; None: to none."""
        if self.cleaned_data.get("sight") != SOME:
            return None
        return self.names.of(self.cleaned_data["sees"])


class PersonForm(MemberForm):
    """A person joins."""

    def __init__(self, actor: Actor, *, data: QueryDict | None = None) -> None:
        super().__init__(actor, Names.seen_by(actor), data)
        self.fields["email"] = forms.EmailField(
            label="E-mail",
            max_length=254,
            help_text="The person signs in with it. An invitation goes there.",
            error_messages={"required": FILL_IN, "invalid": "Enter an e-mail address, such as name@company.example."},
            widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "off"}),
        )
        self.fields["name"] = text("Name", most=200, help_text="First and last name.", autocomplete="off")
        self.fields["role"] = choice("Role", [("", "Choose one"), *role_groups()])
        self.fields["cdmo"] = _cdmo(self.names, "For a partner's role: for which CDMO the person works.")
        self.fields["org"] = _org()
        self.add_days()
        self.add_sight()
        self.add_reason()

    def clean(self) -> None:
        """A role and a CDMO that go together."""
        role, cdmo = self.cleaned_data.get("role"), self.cleaned_data.get("cdmo")
        if role in PARTNER_ROLES:
            if not cdmo and "cdmo" not in self.errors:
                self.add_error("cdmo", NEEDS_CDMO)
            if self.cleaned_data.get("sight") == SOME:
                self.add_error("sight", OWN)
        elif role and cdmo:
            self.add_error("cdmo", TAKES_NO_CDMO)

    @property
    def values(self) -> dict[str, Any]:
        """What joining takes."""
        said = self.cleaned_data
        return {
            "email": said["email"],
            "name": said["name"],
            "role": Role(said["role"]),
            "sees": self.sees,
        } | _placed(self.actor, self.names, said)


class ProgramForm(MemberForm):
    """A program joins, to be given keys."""

    def __init__(self, actor: Actor, *, data: QueryDict | None = None) -> None:
        super().__init__(actor, Names.seen_by(actor), data)
        self.fields["name"] = text(
            "Name", most=60, help_text="Stands in the trail beside what it does, such as LIMS Basel."
        )
        self.fields["cdmo"] = _cdmo(self.names, "Empty: a program of the sponsor's own, which sees every CDMO.")
        self.fields["org"] = _org()
        self.add_days()
        self.add_reason()

    @property
    def values(self) -> dict[str, Any]:
        """What joining takes."""
        return {"name": self.cleaned_data["name"]} | _placed(self.actor, self.names, self.cleaned_data)


class AmendForm(MemberForm):
    """Another role of the same side, other days, other CDMOs."""

    def __init__(
        self, actor: Actor, membership: Membership, held: list[CDMO], *, data: QueryDict | None = None
    ) -> None:
        initial = {
            "role": membership.role,
            "org": membership.org,
            "valid_from": membership.valid_from,
            "valid_until": membership.valid_until,
            "sight": SOME if membership.narrowed else EVERY,
            "sees": [str(each.pk) for each in held],
        }
        super().__init__(actor, Names.seen_by(actor), data, initial=initial, was=membership.valid_until)
        self.fields["role"] = choice("Role", _roles_beside(Role(membership.role)))
        self.fields["org"] = text("Organisation", most=200)
        self.add_days()
        if membership.cdmo_id is None:
            self.add_sight(held)
        self.add_version(membership.version)
        self.add_reason("Why do you change it?")

    @property
    def values(self) -> dict[str, Any]:
        """What amending takes."""
        said = self.cleaned_data
        return {
            "seen": said["version"],
            "role": Role(said["role"]),
            "org": said["org"],
            "valid_from": said["valid_from"],
            "valid_until": said["valid_until"],
            "sees": self.sees,
        }


def role_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """The roles of people, by side."""
    sides = (("The sponsor's staff", SPONSOR_ROLES), ("A partner's people", PARTNER_ROLES))
    return [(side, [(str(role), str(role.label)) for role in Role if role in roles]) for side, roles in sides]


def _roles_beside(role: Role) -> list[tuple[str, str]]:
    sides = (SPONSOR_ROLES, PARTNER_ROLES, frozenset({Role.API_CLIENT}))
    mine = next(side for side in sides if role in side)
    return [(str(each), str(each.label)) for each in Role if each in mine]


def _cdmo(names: Names, help_text: str) -> forms.ChoiceField:
    return choice("CDMO", [("", "None"), *names.choices], help_text=help_text, required=False)


def _org() -> forms.CharField:
    return text("Organisation", most=200, required=False, help_text="Empty: the name of the sponsor, or of the CDMO.")


def _placed(actor: Actor, names: Names, said: dict[str, Any]) -> dict[str, Any]:
    cdmo = next((each for each in names.cdmos if str(each.pk) == said["cdmo"]), None)
    return {
        "org": said["org"] or (cdmo.name if cdmo else actor.sponsor_name),
        "cdmo": cdmo and cdmo.pk,
        "valid_from": said["valid_from"],
        "valid_until": said["valid_until"],
    }
