"""Who is what at a sponsor: people join, change and leave, inside a `change` that says by whom and why.

Whether a person is known to another sponsor is told by nothing here: an account that is there is joined as it is, one
that is not is made, and the answer is the same.
"""

from datetime import UTC, date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.text import slugify

from oversight.roles import PARTNER_ROLES, SPONSOR_ROLES, Role

from .grants import close_to, open_to
from .models import Membership, User
from .people import granted_to
from .scope import Actor

PROGRAM_DOMAIN = "program.invalid"  # reserved for nothing (RFC 2606): no mail goes there, so nobody sets a password
LAST_ADMINISTRATOR = "This is the last administrator whose membership goes on. Make somebody else administrator first."
NOT_ONESELF = "Nobody changes their own membership. Ask another administrator."
MEANWHILE = "Somebody changed this membership after you opened it. Look at it again."
ONE_SIDE = "A role of the other side needs a membership of its own. End this one and add the person there."
ALL_CDMOS = "An administrator sees every CDMO: people belong to all of them."
NO_CDMO = "Choose at least one CDMO, or let the person see all."
OVER = "This membership has ended already."
UNCHANGED = "Nothing was changed."
TIME_BOXED = "An inspector's access has a last day. Enter one."
MEMBER_ALREADY = "This person is a member here already; amend that membership."


def join(
    *,
    by: Actor,
    email: str,
    name: str,
    role: Role,
    org: str,
    cdmo: int | None = None,
    valid_from: date,
    valid_until: date | None = None,
    sees: list[Model] | None = None,
) -> Membership:
    """Make a person a member; `sees` narrows one of the sponsor's staff to these CDMOs. Raises ValidationError."""
    address = User.objects.normalize_email(email).lower()
    if role == Role.API_CLIENT or address.endswith(f".{PROGRAM_DOMAIN}"):
        raise ValidationError({"email": "Give the person's own address. A program is added on the page of API keys."})
    user = User.objects.filter(email__iexact=address).first()
    if user is not None and user.pk == by.user:
        raise ValidationError({"email": NOT_ONESELF})
    if user is None:
        user = _new_user(User(email=address, name=name, time_zone=by.tz))
    return _member(
        user, by=by, role=role, org=org, cdmo=cdmo, valid_from=valid_from, valid_until=valid_until, sees=sees
    )


def join_program(
    *, by: Actor, name: str, org: str, cdmo: int | None = None, valid_from: date, valid_until: date | None = None
) -> Membership:
    """Make a program a member under an address of the sponsor's own, so that no key ever speaks in a person's name."""
    address = f"{slugify(name)[:60]}@{by.sponsor}.{PROGRAM_DOMAIN}"
    if not slugify(name):
        raise ValidationError({"name": "Give it a name with letters or digits."})
    if User.objects.filter(email=address).exists():
        raise ValidationError({"name": "There is a program of this name already. Choose another name."})
    user = _new_user(User(email=address, name=name, time_zone="UTC"))
    return _member(
        user, by=by, role=Role.API_CLIENT, org=org, cdmo=cdmo, valid_from=valid_from, valid_until=valid_until, sees=None
    )


def amend(
    pk: int,
    *,
    by: Actor,
    seen: int,
    role: Role,
    org: str,
    valid_from: date,
    valid_until: date | None,
    sees: list[Model] | None,
) -> Membership:
    """Another role, other days, other CDMOs; `seen` is the version that was looked at. Raises ValidationError."""
    found = _locked(pk, by=by, seen=seen)
    old, narrowed = Role(found.role), found.narrowed
    if _as_before(found, (role, org, valid_from, valid_until), sees):
        raise ValidationError(UNCHANGED)
    if role != old and not any({role, old} <= side for side in (SPONSOR_ROLES, PARTNER_ROLES)):
        raise ValidationError({"role": ONE_SIDE})
    found.role, found.org = role, org
    found.valid_from, found.valid_until = valid_from, valid_until
    found.narrowed = sees is not None
    _refuse_narrowing(found, sees)
    if old == Role.ADMIN:
        today = datetime.now(UTC).date()
        if role != Role.ADMIN or valid_from > today:
            _keep_an_administrator(found, by=by, after=today)
        elif valid_until is not None:
            _keep_an_administrator(found, by=by, after=valid_until)
    _validate(found)
    found.save()
    if sees is not None or narrowed:
        _open_only(found, sees or [])
    return found


def end(pk: int, *, by: Actor, seen: int) -> Membership:
    """Let a membership be over at the person's next request, wherever on earth that is made from."""
    found = _locked(pk, by=by, seen=seen)
    if found.role == Role.ADMIN:
        _keep_an_administrator(found, by=by, after=datetime.now(UTC).date())
    last = ended_by(datetime.now(UTC))
    if found.valid_until is not None and found.valid_until <= last:
        raise ValidationError(OVER)
    found.valid_until = last
    found.valid_from = min(found.valid_from, last)  # one that began today was in force for no whole day
    found.save()
    return found


def ended_by(now: datetime) -> date:
    """The last day that is over in every time zone: validity is counted in the person's, which the person sets."""
    return (now - timedelta(hours=12)).date() - timedelta(days=1)


def _locked(pk: int, *, by: Actor, seen: int) -> Membership:
    """The membership, locked together with all administrators, so that two of them cannot end each other."""
    rows = Membership.objects.visible_to(by).order_by("pk")
    administrators = rows.filter(role=Role.ADMIN) | rows.filter(pk=pk)
    locked = {each.pk: each for each in administrators.select_for_update(of=("self",))}
    found: Membership | None = locked.get(pk)
    if found is None:
        raise Membership.DoesNotExist
    if found.user_id == by.user:
        raise ValidationError(NOT_ONESELF)
    if found.version != seen:
        raise ValidationError(MEANWHILE, code="meanwhile")
    return found


def _keep_an_administrator(leaving: Membership, *, by: Actor, after: date) -> None:
    """Refuse to leave the sponsor without an administrator on any day after this one's last."""
    others = Membership.objects.visible_to(by).filter(role=Role.ADMIN, valid_from__lte=datetime.now(UTC).date())
    others = others.filter(user__is_active=True).exclude(pk=leaving.pk)
    if not any(other.valid_until is None or other.valid_until > after for other in others):
        raise ValidationError(LAST_ADMINISTRATOR)


def _member(
    user: User,
    *,
    by: Actor,
    role: Role,
    org: str,
    cdmo: int | None,
    valid_from: date,
    valid_until: date | None,
    sees: list[Model] | None,
) -> Membership:
    membership = Membership(
        tenant_id=by.tenant,
        user=user,
        role=role,
        org=org,
        cdmo_id=cdmo,
        narrowed=sees is not None,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    _refuse_narrowing(membership, sees)
    _validate(membership)
    try:
        with transaction.atomic():
            membership.save()
    except IntegrityError:  # somebody added the same person at the same moment
        raise ValidationError({"email": MEMBER_ALREADY}) from None
    for each in sees or []:
        open_to(membership, each)
    return membership


def _refuse_narrowing(membership: Membership, sees: list[Model] | None) -> None:
    if sees is not None and membership.role == Role.ADMIN:
        raise ValidationError({"sees": ALL_CDMOS})
    if sees == []:
        raise ValidationError({"sees": NO_CDMO})


def _new_user(user: User) -> User:
    """The account, made; where another sponsor makes it at the same moment, that one."""
    user.full_clean(exclude=["password"], validate_unique=False)
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        return User.objects.get(email=user.email)
    return user


def _validate(membership: Membership) -> None:
    """Constraints speak of no single field: their sentences go to the one that a person can mend."""
    if membership.role == Role.INSPECTOR and membership.valid_until is None:
        raise ValidationError({"valid_until": TIME_BOXED})
    membership.full_clean(exclude=["tenant", "user"], validate_constraints=False)
    places = {
        "membership_once": "email",
        "membership_role_fits_side": "role",
        "membership_valid_in_order": "valid_until",
    }
    for constraint in Membership._meta.constraints:
        if constraint.name in places:
            try:
                constraint.validate(Membership, membership)
            except ValidationError as refusal:
                raise ValidationError({places[constraint.name]: refusal.messages}) from None


def _as_before(found: Membership, said: tuple[object, ...], sees: list[Model] | None) -> bool:
    if said != (found.role, found.org, found.valid_from, found.valid_until) or found.narrowed != (sees is not None):
        return False
    return sees is None or {str(each.pk) for each in sees} == set(granted_to(found))


def _open_only(membership: Membership, sees: list[Model]) -> None:
    """Give and take back grants until they are these."""
    wanted = {str(each.pk): each for each in sees}
    held = granted_to(membership)
    for key, each in wanted.items():
        if key not in held:
            open_to(membership, each)
    for key, record in held.items():
        if key not in wanted:
            close_to(membership, record)
