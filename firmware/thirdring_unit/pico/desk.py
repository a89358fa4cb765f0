"""A desk's loop on the Pico: edges in their order, what the gateway says, what is due; then lights and watchdog."""

from thirdring_unit.core.course import Course
from thirdring_unit.core.unit import Unit
from thirdring_unit.pico.board import Board
from thirdring_unit.pico.capture import Inputs
from thirdring_unit.pico.forget import forget
from thirdring_unit.pico.starts import Starts
from thirdring_unit.pico.uplink import Uplink

TURN_MS = 20  # the loop looks after everything at least so often
MINUTE_MS = 60_000  # lost edges are told at most so often, and what a push of settings needed is let go of
LINK_LOST_MS = 6 * 3_600_000  # without a link for so long, the unit starts anew: the last resort against a hung radio
QUIET_MS = 600_000  # but not while the desk is in use


class Desk:
    """A unit between its inputs, its link and its lights."""

    def __init__(self, unit: Unit, board: Board, inputs: Inputs, uplink: Uplink, starts: Starts) -> None:
        self._unit = unit
        self._course = Course(unit)
        self._board = board
        self._time = board.time
        self._inputs = inputs
        self._uplink = uplink
        self._starts = starts
        self._is_up = False
        self._up_until_ms = self._edge_ms = 0  # when the link, and an input, were last alive
        self._lost = 0  # edges that are not told yet
        self._losing = False
        self._trouble = ""  # with the link's own certificate, as last told
        self._minute_due_ms = MINUTE_MS
        unit.start(board.time.now_ms(), inputs.active())

    def run(self) -> str:
        """Be a desk until a new start is needed; return the word for the reason."""
        while not self._is_cut_off():
            self.turn()
        return "link"

    def turn(self) -> None:
        """Do everything that is due once, and wait a moment."""
        up_ms = self._time.now_ms()
        self._take_edges()
        self._let_pass(up_ms)
        self._exchange(up_ms)
        self._look_for_losses(up_ms)
        if up_ms >= self._minute_due_ms:
            self._minute_due_ms = up_ms + MINUTE_MS
            self._tell_losses(up_ms)
            self._tell_trouble(up_ms)
            forget()
        self._starts.settle(up_ms)
        self._board.watchdog.feed()
        self._uplink.wait(min(TURN_MS, max(0, self._unit.next_ms(up_ms) - up_ms)))

    def _take_edges(self) -> None:
        edge = self._inputs.take()
        while edge is not None:
            ticks, name, is_active = edge
            self._edge_ms = self._time.at_ms(ticks)
            self._let_pass(self._edge_ms)
            self._unit.edge(self._course.now_ms, name, is_active)
            self._let_out()
            edge = self._inputs.take()

    def _let_pass(self, up_ms: int) -> None:
        while self._course.step(up_ms):
            self._let_out()

    def _let_out(self) -> None:
        now_ms = self._course.now_ms
        self._board.lights.show(*self._unit.lights(now_ms))
        for message in self._unit.outgoing(now_ms):
            self._uplink.publish(now_ms, message)

    def _exchange(self, up_ms: int) -> None:
        received = self._uplink.step(up_ms)
        if self._uplink.is_up != self._is_up:  # first: what the broker kept for us comes with the news that it is up
            self._is_up = self._uplink.is_up
            self._unit.link(up_ms, self._is_up)
        for tail, payload in received:
            self._unit.receive(up_ms, tail, payload)
        if self._is_up:
            self._up_until_ms = up_ms

    def _look_for_losses(self, up_ms: int) -> None:
        """Count the edges that were lost, and take the inputs as they are now."""
        lost = self._inputs.lost()
        if lost:
            self._lost += lost
            for name, is_active in self._inputs.levels():
                self._unit.edge(up_ms, name, is_active)

    def _tell_losses(self, up_ms: int) -> None:
        """Say how many edges were lost in the last minute, and when none were any more."""
        if self._lost or self._losing:
            self._losing = self._lost > 0
            self._unit.fault(up_ms, "edges", self._losing, f"{self._lost} edges were lost")
            self._lost = 0

    def _tell_trouble(self, up_ms: int) -> None:
        """Say that a renewed certificate is not used: somebody has to come before the old one ends."""
        if self._uplink.trouble != self._trouble:
            self._trouble = self._uplink.trouble
            self._unit.fault(up_ms, "identity", bool(self._trouble), self._trouble)

    def _is_cut_off(self) -> bool:
        now_ms = self._course.now_ms
        return now_ms - self._up_until_ms > LINK_LOST_MS and now_ms - self._edge_ms > QUIET_MS
