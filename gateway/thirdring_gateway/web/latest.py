"""The present moment, read from the ledger for what a person may see."""

from typing import NamedTuple

from django.db.models import Max

from thirdring_gateway.accounts.roles import Sight
from thirdring_gateway.branch import store
from thirdring_gateway.ledger.models import Fact
from thirdring_gateway.web import numbers, reading, site
from thirdring_gateway.web.numbers import Material
from thirdring_gateway.web.period import period_of
from thirdring_gateway.web.present import DeskNow, Line, desks_now, line_after


class Now(NamedTuple):
    """The desks at this moment, and today's numbers so far."""

    at_ms: int
    pace: int
    desks: list[DeskNow]
    material: Material


def mark() -> tuple[int, int]:
    """Return something that differs as soon as the ledger or the settings have something new."""
    return Fact.objects.aggregate(latest=Max("id"))["latest"] or 0, store.revision()


def now(sight: Sight) -> Now:
    """Return the present moment of the desks that `sight` allows."""
    branch, at_ms = numbers.settings(), numbers.now_ms()
    today = period_of({}, at_ms, branch.hours.zone, "today")
    material = numbers.material(branch, today, sight)
    heard_ms = reading.last_signs(branch.branch, material.desks)
    lines = {unit: line_of(lately) for unit, lately in reading.lately(branch.branch, material.desks).items()}
    desks = desks_now(material.desks, lines, heard_ms, branch, at_ms)
    return Now(at_ms, site.composed.pace, desks, material)


def line_of(lately: reading.Lately) -> tuple[Line, int | None]:
    """Return what a unit's line does, and the time of day since when."""
    line = line_after(lately.facts)
    return line, lately.clock.epoch_ms(line.since_up_ms) if lately.facts else None
