"""The settings that are kept at the broker for the units: their own, and the limits that a manager has changed."""

from collections.abc import Iterable, Mapping
from typing import Any
from zlib import crc32

from thirdring_unit.core import wire

from thirdring_gateway.config import Config
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.link import Retained

Sections = dict[str, dict[str, Any]]
LIMITS = (
    ("timely_rings", "light", "rings_limit"),
    ("hold_limit_ms", "hold", "limit_ms"),
    ("near_percent", "vip", "near_percent"),
)
"""A setting of the branch, and the unit's setting that means the same: the lights at the desk follow it."""


def pushed(config: Config, branch: BranchSettings, now_ms: int, enrolled: Iterable[str] = ()) -> list[Retained]:
    """Return what every unit is told, empty where there is nothing to tell: `rev` changes with the content."""
    limits = limits_of(branch, now_ms)
    messages = []
    for unit, own in {**{unit: {} for unit in enrolled}, **config.units}.items():
        sections = merged(limits, own)
        fields = {"rev": crc32(wire.canonical(sections).encode()), "settings": sections}
        payload = wire.encode("config", fields) if sections else b""
        messages.append(Retained(wire.topic(branch.branch, unit, "config"), payload))
    return messages


def limits_of(branch: BranchSettings, now_ms: int) -> Sections:
    """Return the limits that differ from the shipped ones, in the words of a unit's settings."""
    shipped = BranchSettings()
    sections: Sections = {}
    for name, section, key in LIMITS:
        if getattr(branch, name) != getattr(shipped, name):
            sections.setdefault(section, {})[key] = getattr(branch, name)
    if branch.tiers != shipped.tiers:
        limits = {tier.tier: branch.vip_limit_ms(tier.tier, now_ms) for tier in branch.tiers}
        known = {str(tier): limit_ms for tier, limit_ms in limits.items() if limit_ms is not None}
        if known:
            sections.setdefault("vip", {})["tiers"] = known
    return sections


def merged(limits: Sections, own: Mapping[str, Mapping[str, Any]]) -> Sections:
    """Return both, where a unit's own setting wins over the branch's."""
    return {name: {**limits.get(name, {}), **own.get(name, {})} for name in {**limits, **own}}
