"""The tables of what people enter: it stands beside the facts and never changes them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from thirdring_gateway.accounts.models import Person

UNIT_LENGTH, LINE_LENGTH, TEXT_LENGTH = 32, 100, 2000


class Matter(models.TextChoices):
    """What a customer's call is (R23)."""

    CONSULTATION = "consultation", _("Consultation")
    TRANSACTION = "transaction", _("Transaction")
    COMPLAINT = "complaint", _("Complaint")
    SUGGESTION = "suggestion", _("Suggestion")


class OfCall(models.Model):
    """What belongs to a call, by the key that its unit gave it."""

    unit = models.CharField(max_length=UNIT_LENGTH)
    boot = models.BigIntegerField()
    number = models.BigIntegerField()

    class Meta:
        abstract = True

    @property
    def call(self) -> str:
        """The call's key."""
        return f"{self.unit}/{self.boot}/{self.number}"


class CallRecord(OfCall):
    """The record of a call (R22): what the unit sensed is not repeated here."""

    start_ms = models.BigIntegerField()
    matter = models.CharField(_("Class"), max_length=16, choices=Matter.choices, blank=True)
    name = models.CharField(_("Name"), max_length=LINE_LENGTH, blank=True)
    contact = models.CharField(_("Contact"), max_length=LINE_LENGTH, blank=True)
    who = models.CharField(max_length=LINE_LENGTH, blank=True)  # the contact as it is compared
    business = models.CharField(_("Customer and business type"), max_length=LINE_LENGTH, blank=True)
    problem = models.TextField(_("Problem"), max_length=TEXT_LENGTH, blank=True)
    handling = models.TextField(_("Handling"), max_length=TEXT_LENGTH, blank=True)
    result = models.TextField(_("Result"), max_length=TEXT_LENGTH, blank=True)
    marks = models.CharField(_("Marks"), max_length=LINE_LENGTH, blank=True)
    resolved = models.BooleanField(_("Outcome"), null=True)
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Who sees to it")
    )
    due_ms = models.BigIntegerField(null=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    changed_ms = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["unit", "boot", "number"], name="one_record_of_call")]
        indexes: ClassVar = [
            models.Index(fields=["unit", "start_ms"], name="records_by_time"),
            models.Index(fields=["who", "start_ms"], name="records_by_contact", condition=~models.Q(who="")),
        ]

    @property
    def is_complaint(self) -> bool:
        """Whether somebody has to see to it by a time."""
        return self.matter == Matter.COMPLAINT


class Promise(OfCall):
    """A reply that was promised in a call by a time (R21); the first promise counts, so `due_ms` never changes."""

    what = models.CharField(max_length=LINE_LENGTH, blank=True)
    due_ms = models.BigIntegerField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_ms = models.BigIntegerField()
    done_ms = models.BigIntegerField(null=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["unit", "due_ms"], name="promises_by_time"),
            models.Index(fields=["unit", "boot", "number"], name="promises_of_call"),
        ]
