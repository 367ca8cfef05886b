"""Sponsors, people, what each person is at each sponsor, and what was shared with or granted to whom."""

from functools import cache
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from guardian.managers import UserObjectPermissionManager
from guardian.models import UserObjectPermissionAbstract

from oversight.roles import EITHER_SIDE, PARTNER_ROLES, SPONSOR_ROLES, Role

from .tenancy import ScopedManager, Shape, VersionedRow

RESERVED_SLUGS = ("accounts", "api", "calendar", "healthz", "help", "media", "portal", "static")


def time_zones() -> tuple[tuple[str, str], ...]:
    """Every zone of the tz database, as choices."""
    return _zones()


@cache  # a directory of files
def _zones() -> tuple[tuple[str, str], ...]:
    return tuple((name, name.replace("_", " ")) for name in sorted(available_timezones()))


class Sponsor(models.Model):
    """A tenant: the company that keeps the legal responsibility. Its own row belongs to itself."""

    SHAPE = Shape.SPONSOR
    TENANT_COLUMN = "id"
    CDMO_COLUMN = None
    SHARED_COLUMN = None

    name = models.CharField(max_length=200)
    slug = models.CharField(
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[a-z][a-z0-9-]*$", "Use small letters, digits and hyphens, a letter first.")],
    )
    is_demo = models.BooleanField(default=False, editable=False)
    version = models.IntegerField(default=1, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(slug__in=RESERVED_SLUGS), name="sponsor_slug_not_reserved")]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Add a person; the password is kept as a hash only."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by e-mail at every sponsor that the person serves."""

    SHAPE = None
    TENANT_COLUMN = None
    CDMO_COLUMN = None

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=40, default="UTC", choices=time_zones)
    is_active = models.BooleanField(default=True)
    version = models.IntegerField(default=1, editable=False)

    objects = UserManager()
    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name


class Membership(VersionedRow):
    """What one person is at one sponsor: its own staff, or staff of one of its CDMOs."""

    SHAPE = Shape.PAIR  # of the partner's own people; the sponsor's staff have no CDMO and stay unseen
    CDMO_COLUMN = "cdmo_id"

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=30, choices=Role)
    org = models.CharField("organisation", max_length=200)
    cdmo_id = models.BigIntegerField(null=True, blank=True)  # a composite foreign key (cdmos/migrations)
    narrowed = models.BooleanField(default=False)  # sees only the CDMOs granted to the person
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "user", "cdmo_id"],
                name="membership_once",
                nulls_distinct=False,
                violation_error_message="This person is a member here already; amend that membership.",
            ),
            models.CheckConstraint(
                name="membership_role_fits_side",
                condition=Q(role__in=sorted(EITHER_SIDE))
                | Q(role__in=sorted(PARTNER_ROLES), cdmo_id__isnull=False)
                | Q(role__in=sorted(SPONSOR_ROLES), cdmo_id__isnull=True),
                violation_error_message="A CDMO role needs a CDMO; a sponsor role has none.",
            ),
            models.CheckConstraint(
                name="membership_narrowed_on_sponsor_side", condition=Q(narrowed=False) | Q(cdmo_id__isnull=True)
            ),
            models.CheckConstraint(
                name="membership_valid_in_order",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                violation_error_message="The last day cannot come before the first.",
            ),
        ]
        indexes = [models.Index(fields=["user", "tenant"], name="membership_of_user")]

    def __str__(self) -> str:
        return f"{self.get_role_display()} at {self.org}"


class GrantManager(ScopedManager, UserObjectPermissionManager):
    """guardian's manager, within a scope only."""


class Grant(UserObjectPermissionAbstract, VersionedRow):
    """One object opened to one narrowed member of the sponsor's staff (django-guardian's own table)."""

    SHAPE = Shape.SPONSOR

    objects: ClassVar[GrantManager] = GrantManager()

    class Meta(UserObjectPermissionAbstract.Meta):
        abstract = False
        unique_together: ClassVar = []
        indexes: ClassVar = []
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user", "permission", "object_pk"], name="grant_once"),
        ]

    def save(self, *args: Any, **options: Any) -> None:
        if self.pk:
            raise ValidationError("A grant is given or taken back, never changed.")
        super().save(*args, **options)


class Share(VersionedRow):
    """One record of a shared table shown to one partner."""

    SHAPE = Shape.PAIR
    CDMO_COLUMN = "cdmo_id"

    cdmo_id = models.BigIntegerField()
    kind = models.CharField(max_length=63)  # the record's table
    record_id = models.BigIntegerField()
    withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "cdmo_id", "kind", "record_id"], name="share_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id}"


class Policy(VersionedRow):
    """What a sponsor asks of everybody who works in its records; partners read it. Without a row, the defaults hold."""

    SHAPE = Shape.PAIR
    STAFF_WRITES = True

    class SecondFactor(models.TextChoices):
        """Who must prove a sign-in by more than a password."""

        NOBODY = "NOBODY", "Nobody must; everybody may"
        SIGNERS = "SIGNERS", "Everybody who signs"
        EVERYBODY = "EVERYBODY", "Everybody"

    second_factor = models.CharField(max_length=10, choices=SecondFactor, default=SecondFactor.NOBODY)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"], name="policy_once", violation_error_message="The policy is there already: amend it."
            )
        ]

    def __str__(self) -> str:
        return f"Second factor: {self.get_second_factor_display()}"


class SecurityEvent(models.Model):
    """What is no record and must be known all the same: sign-ins, refusals. The application adds and never reads."""

    class Kind(models.TextChoices):
        SIGNED_IN = "SIGNED_IN"
        SIGN_IN_FAILED = "SIGN_IN_FAILED"
        SIGNED_OUT = "SIGNED_OUT"
        SESSION_EXPIRED = "SESSION_EXPIRED"
        DENIED = "DENIED"
        SIGNING_FAILED = "SIGNING_FAILED"
        SIGNING_LOCKED = "SIGNING_LOCKED"
        DOWNLOADED = "DOWNLOADED"
        SIGN_IN_LOCKED = "SIGN_IN_LOCKED"
        FACTOR_ADDED = "FACTOR_ADDED"
        FACTOR_REMOVED = "FACTOR_REMOVED"
        CODES_RENEWED = "CODES_RENEWED"
        CODE_RECOVERED = "CODE_RECOVERED"
        PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105  a word of the log
        PASSWORD_RESET = "PASSWORD_RESET"  # noqa: S105
        RESET_ASKED = "RESET_ASKED"
        SESSIONS_ENDED = "SESSIONS_ENDED"

    at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=20, choices=Kind)
    user_id = models.BigIntegerField(null=True)
    tenant_id = models.BigIntegerField(null=True)
    email = models.CharField(max_length=254, blank=True)
    address = models.GenericIPAddressField(null=True)
    request = models.CharField(max_length=64, blank=True)
    path = models.CharField(max_length=500, blank=True)
    status = models.SmallIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.kind}"


class Tries(models.Model):
    """How often a person's password or code was wrong since it was last right, at signing in and at signing alike."""

    subject = models.CharField(max_length=60, primary_key=True)  # a person, or a digest of an address nobody has
    wrong = models.IntegerField()
    locked_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "tries"

    def __str__(self) -> str:
        return f"{self.wrong} of {self.subject}"


class DemoWorld(models.Model):
    """One row once the whole demo world is loaded."""

    loaded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"loaded at {self.loaded_at:%Y-%m-%d %H:%M}"
