from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from oversight.kernel.access.entrance import MembershipCard, enter, memberships_of
from oversight.kernel.access.models import User
from oversight.kernel.access.scope import Actor, forgetful_transaction, scope
from oversight.kernel.api.keys import make_key, revoke_key
from oversight.kernel.api.models import ApiKey


class Command(BaseCommand):
    help = "Print a new API key for one membership, read-only unless --write; or end one with --revoke."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True, help="whose key it is")
        parser.add_argument("--sponsor", required=True, help="the slug of the sponsor in the path")
        parser.add_argument("--org", help="the organisation, where the person has several memberships at the sponsor")
        parser.add_argument("--write", action="store_true", help="may change records, not only read them")
        parser.add_argument("--name", default="", help="what the key is for")
        parser.add_argument("--days", type=int, default=365, help="how long it lasts (365)")
        parser.add_argument("--revoke", metavar="PREFIX", help="end the key that begins like this, make none")

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs as the plain role; the trail says that it was done at the command line."""
        person, card = _membership(options["email"], options["sponsor"], options["org"])
        system = Actor(tenant=_tenant(person, card), sponsor=card.sponsor, name="Oversight")
        if options["revoke"]:
            self.stdout.write(_revoke(card, options["revoke"], system))
            return
        name = options["name"] or f"Made on {datetime.now(UTC):%Y-%m-%d}"
        try:
            secret = make_key(
                card.id, by=system, name=name, writes=options["write"], days=options["days"],
                reason="API key made at the command line",
            )  # fmt: skip
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(secret)


def _membership(email: str, sponsor: str, org: str | None) -> tuple[int, MembershipCard]:
    """The person and the one membership that is meant; refuses where there is none or more than one."""
    person = User.objects.filter(email__iexact=email).values_list("pk", flat=True).first()
    cards = [card for card in memberships_of(person) if card.sponsor == sponsor]
    if person is None or not cards:
        raise CommandError(f"{email} is no member of {sponsor} today.")
    chosen = [card for card in cards if org is None or card.org == org]
    if len(chosen) != 1:
        orgs = ", ".join(f"“{card.org}” ({card.role_label})" for card in cards)
        raise CommandError(f"{email} has several memberships at {sponsor}: {orgs}. Say which with --org.")
    return person, chosen[0]


def _tenant(person: int, card: MembershipCard) -> int:
    with forgetful_transaction():
        actor = enter(person, card.sponsor, card.side, chosen=card.id, request="", on_behalf=True)
    if not isinstance(actor, Actor):
        raise CommandError(f"The membership at {card.sponsor} has just ended.")
    return actor.tenant


def _revoke(card: MembershipCard, prefix: str, system: Actor) -> str:
    with scope(system):
        keys = ApiKey.objects.visible_to(system).filter(membership_id=card.id, revoked_at=None)
        found = [key.pk for key in keys if prefix.startswith(key.prefix) or key.prefix.startswith(prefix)]
    if len(found) != 1:
        raise CommandError(f"{len(found) or 'No'} keys of this membership begin with {prefix}.")
    return f"{revoke_key(found[0], by=system, reason='API key revoked at the command line')} is revoked."
