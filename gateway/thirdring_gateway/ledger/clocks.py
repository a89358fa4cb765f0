"""The time of day of a unit's boots, computed from the samples that the ledger keeps."""

from collections.abc import Iterator, Mapping

from thirdring_gateway.domain.clock import NO_TIME, Sample, Timeline, timeline
from thirdring_gateway.ledger import tables
from thirdring_gateway.ledger.facts import understood


class Clocks(Mapping[int, Timeline]):
    """The timelines of one unit by boot number, each read when it is first asked for."""

    def __init__(self, unit_id: int) -> None:
        self._boots = tables.Boot.objects.filter(unit_id=unit_id)
        self._known: dict[int, Timeline] = {}

    def __getitem__(self, number: int) -> Timeline:
        if number not in self._known:
            anchors = self._boots.filter(number=number).values_list("anchors", flat=True).first()
            self._known[number] = _timeline(anchors) if anchors else NO_TIME
        return self._known[number]

    def __iter__(self) -> Iterator[int]:
        return iter(self._boots.values_list("number", flat=True))

    def __len__(self) -> int:
        return self._boots.count()

    def refresh(self) -> list[tuple[int, int]]:
        """Compute anew what changed; return the boots that now tell another time, each with the `up_ms` from which."""
        changes = []
        for boot in self._boots.filter(clock_changed=True):
            before, now = _timeline(boot.anchors), timeline(samples(boot))
            self._known[boot.number] = now
            self._boots.filter(pk=boot.pk).update(clock_changed=False, anchors=now.anchors)
            since_up_ms = now.differs_from(before)
            if since_up_ms is not None:
                changes.append((boot.number, since_up_ms))
        return changes


def samples(boot: tables.Boot) -> Iterator[Sample]:
    """Yield all that is known about the time of day of `boot`: beats that were heard, and `clock` facts."""
    heard = tables.ClockSample.objects.filter(boot=boot).values_list("up_ms", "heard_ms")
    for up_ms, heard_ms in heard:
        yield Sample(boot.number, up_ms, heard_ms, "beat")
    told = tables.Fact.objects.filter(boot=boot, kind="clock").values_list("body", flat=True)
    for fact in understood(told):
        yield Sample(boot.number, fact.up_ms, fact.integer("epoch_ms") or 0, fact.text("source") or "")


def _timeline(anchors: list[list[int]]) -> Timeline:
    return Timeline(tuple((up_ms, offset_ms) for up_ms, offset_ms in anchors))
