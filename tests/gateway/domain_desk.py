"""A desk in words: facts as its unit would tell them, for the tests of the domain."""

from dataclasses import dataclass, field

from hypothesis import strategies as st
from thirdring_gateway.domain.calls import Records, finish, project
from thirdring_gateway.domain.clock import Sample, Timeline, timelines
from thirdring_gateway.domain.facts import Fact, fact_of
from thirdring_gateway.domain.report import DeskData, Question, report
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.domain.sums import SumsRow, by_hour, sums_of

MONDAY_9_MS = 1_793_581_200_000  # 2026-11-02T09:00:00+08:00
DAY_MS = 86_400_000
SECOND = 1_000
MINUTE = 60 * SECOND


@dataclass
class Desk:
    """A unit that counts its facts; its first boot begins on a Monday at nine."""

    unit: str = "desk-07"
    boot: int = 1
    seq: int = 0
    facts: list[Fact] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=lambda: [Sample(1, 0, MONDAY_9_MS, "replay")])

    def tell(self, up_ms: int, kind: str, **data: object) -> None:
        self.seq += 1
        envelope = {"v": 1, "branch": "b12", "unit": self.unit, "boot": self.boot, "seq": self.seq, "up_ms": up_ms}
        self.facts.append(fact_of(envelope | {"kind": kind} | data))

    def restart(self, epoch_ms: int | None) -> None:
        """Begin the next boot, which knows the time or does not."""
        self.boot, self.seq = self.boot + 1, 0
        if epoch_ms is not None:
            self.samples.append(Sample(self.boot, 0, epoch_ms, "replay"))

    def answer(self, up_ms: int, call: int, rings: int | None = 1, wait_ms: int = 2_000) -> None:
        """A call that starts to ring at `up_ms` and is answered."""
        self.tell(up_ms, "ring", call=call, n=1)
        self.tell(up_ms + wait_ms, "answered", call=call, rings=rings, rings_completed=rings, wait_ms=wait_ms)

    def miss(self, up_ms: int, call: int, wait_ms: int | None, rings: int = 1) -> None:
        """A call that nobody answers."""
        self.tell(up_ms, "ring", call=call, n=1)
        self.tell(up_ms + (wait_ms or 0), "missed", call=call, rings=rings, wait_ms=wait_ms)

    def end(self, up_ms: int, call: int, by: str = "caller", **heard: object) -> None:
        self.tell(up_ms, "ended", call=call, by=by, why="test", **heard)

    def hold(self, up_ms: int, call: int, held_ms: int) -> None:
        self.tell(up_ms, "held", call=call, how="key")
        self.tell(up_ms + held_ms, "resumed", call=call, held_ms=held_ms)

    def clocks(self) -> dict[int, Timeline]:
        return timelines(self.samples)

    def records(self) -> Records:
        found = project(self.facts, self.clocks())
        return Records(tuple(finish(found.calls)), found.visits, found.marks)

    def rows(self, zone: str = "Asia/Shanghai") -> list[SumsRow]:
        return [sums_of(hour).row() for hour in by_hour(self.records(), zone).values()]

    def evidence(self) -> list[tuple[int, int]]:
        clocks = self.clocks()
        spans = []
        for boot in sorted({fact.boot for fact in self.facts} & set(clocks)):
            ups = [fact.up_ms for fact in self.facts if fact.boot == boot]
            first, last = clocks[boot].epoch_ms(min(ups)), clocks[boot].epoch_ms(max(ups))
            if first is not None and last is not None:
                spans.append((first, last))
        return spans


MONDAY = Question(MONDAY_9_MS - 9 * 60 * MINUTE, MONDAY_9_MS + 15 * 60 * MINUTE)


def day_report(*desks: Desk, settings: BranchSettings | None = None) -> dict[str, object]:
    """The report of the Monday."""
    data = {desk.unit: DeskData(desk.rows(), desk.evidence()) for desk in desks}
    return report(MONDAY, settings or BranchSettings("b12"), data)


def listed(desk: Desk, name: str, settings: BranchSettings | None = None) -> list[dict[str, object]]:
    """One list of the Monday."""
    lists = day_report(desk, settings=settings)["lists"]
    assert isinstance(lists, dict)
    rows = lists[name]
    assert isinstance(rows, list)
    return rows


def kpi(desk: Desk, name: str, settings: BranchSettings | None = None) -> dict[str, object]:
    """One KPI of the Monday."""
    kpis = day_report(desk, settings=settings)["kpis"]
    assert isinstance(kpis, dict)
    value = kpis[name]
    assert isinstance(value, dict)
    return value


# ---- any day at all

small = st.integers(0, 5)
spans = st.integers(0, 100_000)
bodies = st.one_of(
    st.fixed_dictionaries({"kind": st.just("ring"), "call": st.integers(1, 4), "n": small}),
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["answered", "missed"]),
            "call": st.integers(1, 4),
            "rings": st.none() | small,
            "wait_ms": st.none() | spans,
        }
    ),
    st.fixed_dictionaries(
        {"kind": st.sampled_from(["held", "resumed", "flashed", "dialled"]), "call": st.integers(1, 4)}
    ),
    st.fixed_dictionaries(
        {"kind": st.just("ended"), "call": st.integers(1, 4), "by": st.sampled_from(["caller", "agent", "unknown"])}
    ),
    st.fixed_dictionaries({"kind": st.just("vip_in"), "ticket": st.sampled_from(["1.1", "1.2"]), "tier": small}),
    st.fixed_dictionaries(
        {"kind": st.sampled_from(["vip_served", "vip_left"]), "ticket": st.none() | st.sampled_from(["1.1", "1.2"])}
    ),
    st.fixed_dictionaries({"kind": st.just("rated"), "score": st.integers(1, 5), "call": st.none() | st.just(1)}),
    st.fixed_dictionaries({"kind": st.just("service"), "began": st.booleans()}),
)


@st.composite
def days(draw: st.DrawFn) -> Desk:
    """A desk that tells anything at all, over up to three boots."""
    desk = Desk()
    for body in draw(st.lists(bodies, max_size=30)):
        if draw(st.integers(0, 9)) == 0 and desk.boot < 3:
            desk.restart(draw(st.none() | st.integers(MONDAY_9_MS, MONDAY_9_MS + 60 * MINUTE)))
        fields = dict(body)
        desk.tell(draw(spans), str(fields.pop("kind")), **fields)
    return desk
