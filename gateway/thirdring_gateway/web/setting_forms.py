"""The forms of the branch's settings: what a person types, and what is stored."""

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thirdring_gateway.branch import store
from thirdring_gateway.branch.hours import HoursError, parse_days, parse_hours, written_days, written_hours
from thirdring_gateway.domain.figures import Rate
from thirdring_gateway.domain.kpis import KPIS
from thirdring_gateway.domain.scope import joined
from thirdring_gateway.domain.settings import BranchSettings, Tier
from thirdring_gateway.web import words

SECOND_MS, MINUTE_MS = 1000, 60_000
HOUR_TEXT_LENGTH, DAYS_TEXT_LENGTH = 80, 8000
WEEKDAY_FIELDS = tuple(f"day_{place}" for place in range(7))
TIER_NUMBERS = (1, 2, 3)


class HoursForm(forms.Form):
    """Time zone, the week's opening hours, and single days."""

    zone = forms.CharField(label=gettext_lazy("Time zone"), max_length=64)
    days = forms.CharField(
        label=gettext_lazy("Holidays and made-up working days"),
        required=False,
        max_length=DAYS_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One line each: 2026-10-01..2026-10-07 closed, or 2026-10-10 09:00-17:30. They win over the weekdays."
        ),
    )

    def __init__(self, data: QueryDict | None, branch: BranchSettings) -> None:
        hours, closed = branch.hours, _("closed")
        initial = {"zone": hours.zone, "days": written_days(hours.days, closed)}
        initial |= {name: written_hours(hours.week[place], closed) for place, name in enumerate(WEEKDAY_FIELDS)}
        super().__init__(data, initial=initial)
        for name, title in zip(WEEKDAY_FIELDS, words.weekdays(), strict=True):
            self.fields[name] = forms.CharField(label=title, required=False, max_length=HOUR_TEXT_LENGTH)
        self.order_fields(["zone", *WEEKDAY_FIELDS, "days"])

    def clean_zone(self) -> str:
        """Check that the time zone exists."""
        zone = str(self.cleaned_data["zone"])
        try:
            return ZoneInfo(zone).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise forms.ValidationError(
                _("There is no such time zone. Examples: Asia/Shanghai, Europe/Berlin.")
            ) from None

    def clean(self) -> dict[str, Any]:
        """Understand the hours, or say which part was not understood."""
        given = super().clean() or {}
        for name in (*WEEKDAY_FIELDS, "days"):
            try:
                given[name] = (parse_days if name == "days" else parse_hours)(given.get(name, ""))
            except HoursError as error:
                self.add_error(name, _("Not understood: %(what)s") % {"what": error.what})
        return given

    def values(self) -> dict[str, Any]:
        """Return what is stored."""
        given = self.cleaned_data
        week = [[list(period) for period in given[name]] for name in WEEKDAY_FIELDS]
        days = {day: [list(period) for period in periods] for day, periods in given["days"].items()}
        return {store.ZONE: given["zone"], store.WEEK: week, store.DAYS: days}


class LimitsForm(forms.Form):
    """Limits, VIP tiers and targets."""

    timely_rings = forms.IntegerField(
        label=gettext_lazy("Answer within this many rings (R01)"), min_value=1, max_value=20
    )
    hold_limit_s = forms.IntegerField(
        label=gettext_lazy("Longest hold that passes, in seconds (R04)"), min_value=1, max_value=3600
    )
    short_s = forms.IntegerField(
        label=gettext_lazy("A missed call counts as offered from this many seconds of ringing"),
        min_value=0,
        max_value=120,
    )
    near_percent = forms.IntegerField(
        label=gettext_lazy("The VIP light warns at this share of the limit, in per cent (R16)"),
        min_value=1,
        max_value=100,
    )
    satisfied_score = forms.IntegerField(
        label=gettext_lazy("A rating counts as satisfied from this score (R19)"), min_value=1, max_value=5
    )
    coverage_percent = forms.IntegerField(
        label=gettext_lazy("A desk is compared from this coverage, in per cent"), min_value=0, max_value=100
    )

    def __init__(self, data: QueryDict | None, branch: BranchSettings, now_ms: int) -> None:
        self.branch, self.now_ms = branch, now_ms
        initial = {name: getattr(branch, name) for name in store.WHOLE}
        initial |= {"hold_limit_s": branch.hold_limit_ms // SECOND_MS, "short_s": branch.short_ms // SECOND_MS}
        initial |= {tier_field(n): minutes_of(branch, n, now_ms) for n in TIER_NUMBERS}
        initial |= {target_field(key): target for key, target in branch.targets_percent.items()}
        super().__init__(data, initial=initial)
        for n in TIER_NUMBERS:
            label = _("VIP tier %(n)d: longest wait that passes, in minutes") % {"n": n}
            self.fields[tier_field(n)] = forms.IntegerField(label=label, min_value=1, max_value=600, required=False)
        for key, title in target_titles(branch):
            label = _("Target for: %(title)s, in per cent") % {"title": title}
            self.fields[target_field(key)] = forms.IntegerField(label=label, min_value=0, max_value=100, required=False)

    def values(self) -> dict[str, Any]:
        """Return what is stored."""
        given = self.cleaned_data
        numbers = {name: given[name] for name in store.WHOLE if name in given}
        targets = {key: given[target_field(key)] for key, _title in target_titles(self.branch)}
        return numbers | {
            "hold_limit_ms": given["hold_limit_s"] * SECOND_MS,
            "short_ms": given["short_s"] * SECOND_MS,
            store.TARGETS: {key: target for key, target in targets.items() if target is not None},
            store.TIERS: [[tier.tier, tier.limit_ms, tier.since_ms] for tier in self.tiers()],
        }

    def tiers(self) -> list[Tier]:
        """Return the tiers with a new entry for each changed limit: who came before keeps the limit of then."""
        changed = []
        for n in TIER_NUMBERS:
            minutes = self.cleaned_data[tier_field(n)]
            if minutes and minutes != minutes_of(self.branch, n, self.now_ms):
                changed.append(Tier(n, minutes * MINUTE_MS, self.now_ms))
        return [*self.branch.tiers, *changed]


SETTING_TITLES: dict[str, Promise] = {
    store.ZONE: gettext_lazy("Time zone"),
    store.WEEK: gettext_lazy("Opening hours of the week, in minutes since midnight"),
    store.DAYS: gettext_lazy("Holidays and made-up working days"),
    store.TIERS: gettext_lazy("VIP limits: tier, milliseconds, in force since"),
    store.TARGETS: gettext_lazy("Targets, in per cent"),
    "timely_rings": gettext_lazy("Answer within this many rings (R01)"),
    "hold_limit_ms": gettext_lazy("Longest hold that passes, in milliseconds (R04)"),
    "short_ms": gettext_lazy("A missed call counts as offered from this many milliseconds of ringing"),
    "near_percent": gettext_lazy("The VIP light warns at this share of the limit, in per cent (R16)"),
    "satisfied_score": gettext_lazy("A rating counts as satisfied from this score (R19)"),
    "coverage_percent": gettext_lazy("A desk is compared from this coverage, in per cent"),
    "report_plans": gettext_lazy("Scheduled reports"),
    "mail_server": gettext_lazy("Mail server"),
    "mail_password": gettext_lazy("Password of the mail server"),
}
"""The stored settings in words, for the record of changes."""


def tier_field(n: int) -> str:
    """Return the name of a tier's field."""
    return f"tier_{n}"


def target_field(key: str) -> str:
    """Return the name of a target's field."""
    return f"target_{key}"


def minutes_of(branch: BranchSettings, tier: int, now_ms: int) -> int | None:
    """Return a tier's limit as it is now, None for a tier that nobody set."""
    limit_ms = branch.vip_limit_ms(tier, now_ms)
    return None if limit_ms is None else limit_ms // MINUTE_MS


def target_titles(branch: BranchSettings) -> list[tuple[str, str]]:
    """Return the indicators that can have a target: the rates."""
    nothing = joined([], branch)
    return [(kpi.key, words.about(kpi).title) for kpi in KPIS if isinstance(kpi.compute(nothing), Rate)]
