"""The tables about people. No password is ever shipped, printed or mailed: a person sets it by a one-time link."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from thirdring_gateway.accounts.roles import ABILITIES, Ability, Role, Sight, sight_of

TEXT_LENGTH = 200
LOGIN_LENGTH = 64
login_characters = RegexValidator(r"^[\w.@+-]+\Z", _("Letters, digits and . @ + - _ are allowed."))


class People(BaseUserManager["Person"]):
    """All people, and the way in for Django's own sign-in."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Return the person who signs in as `username`, upper or lower case."""
        return self.get(login__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who may sign in."""

    login = models.CharField(_("Sign-in name"), max_length=LOGIN_LENGTH, unique=True, validators=[login_characters])
    name = models.CharField(_("Name"), max_length=LOGIN_LENGTH)
    role = models.CharField(_("Role"), max_length=16, choices=Role.choices, default=Role.DESK)
    desks: "models.JSONField[list[str], list[str]]" = models.JSONField(_("Desks"), default=list, blank=True)
    language = models.CharField(_("Language"), max_length=8, blank=True)
    is_active = models.BooleanField(_("May sign in"), default=True)

    objects: ClassVar[People] = People()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    def can(self, ability: Ability) -> bool:
        """Tell whether the person's role has `ability`."""
        return self.is_active and ability in ABILITIES[Role(self.role)]

    @property
    def sight(self) -> Sight:
        """The desks that the person may see."""
        return sight_of(self.role, self.desks)


class Invitation(models.Model):
    """A one-time link: for a person to set a password, or, without a person, for the first manager."""

    person = models.ForeignKey(Person, models.CASCADE, null=True)
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the token: the link itself is not kept
    expires_ms = models.BigIntegerField()


class Token(models.Model):
    """What a program shows to read as a person."""

    person = models.ForeignKey(Person, models.CASCADE)
    name = models.CharField(max_length=LOGIN_LENGTH)
    digest = models.CharField(max_length=64, unique=True)  # SHA-256: the token itself is not kept
    made_ms = models.BigIntegerField()
    expires_ms = models.BigIntegerField()
    used_ms = models.BigIntegerField(null=True)


class FailedSignIn(models.Model):
    """A sign-in that failed, for as long as it matters for throttling."""

    login = models.CharField(max_length=LOGIN_LENGTH)
    address = models.CharField(max_length=64)
    at_ms = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["address", "at_ms"], name="failed_by_address")]


class Seen(models.Model):
    """Who saw which data about people, and when (R26)."""

    at_ms = models.BigIntegerField()
    person = models.ForeignKey(Person, models.PROTECT)
    page = models.CharField(max_length=TEXT_LENGTH)
    address = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["at_ms"], name="seen_by_time")]


class Change(models.Model):
    """Who changed a setting, when, from what to what. Rows are added and never changed.

    No person: it was done at the gateway's own command line.
    """

    at_ms = models.BigIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, null=True)
    what = models.CharField(max_length=TEXT_LENGTH)
    old: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    new: "models.JSONField[Any, Any]" = models.JSONField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["at_ms"], name="changed_by_time")]
