"""What stands around every page: the navigation that the person may use, and the languages."""

from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thirdring_gateway.accounts.models import Person
from thirdring_gateway.accounts.roles import Ability

OWN_NAMES = {"zh-hans": "中文", "en": "English"}


class Entry(NamedTuple):
    """A page of the navigation."""

    url: str
    title: Promise
    needs: Ability | None


NAVIGATION = (
    Entry("today", _("Today"), Ability.NUMBERS),
    Entry("live", _("Live board"), Ability.LIVE),
    Entry("summary", _("Summary"), Ability.NUMBERS),
    Entry("calls", _("Calls"), Ability.NUMBERS),
    Entry("callbacks", _("Callbacks"), Ability.NUMBERS),
    Entry("records", _("Records"), Ability.NUMBERS),
    Entry("reports", _("Reports"), Ability.NUMBERS),
    Entry("settings", _("Settings"), Ability.READ_SETTINGS),
    Entry("help", _("Help"), None),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return what the frame of a page needs."""
    person = getattr(request, "user", None)
    entries = []
    if isinstance(person, Person):
        entries = [entry for entry in NAVIGATION if entry.needs is None or person.can(entry.needs)]
    match = getattr(request, "resolver_match", None)
    return {
        "person": person if isinstance(person, Person) else None,
        "navigation": entries,
        "here": match.url_name if match else "",
        "languages": [(code, OWN_NAMES[code]) for code, _title in settings.LANGUAGES],
    }
