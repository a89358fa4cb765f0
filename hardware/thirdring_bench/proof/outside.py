"""What stands at the terminals: exchange, ringing, phone, and what the wires pick up; as SPICE lines."""

from collections.abc import Iterable, Sequence

PHONE_ON_HOOK = ("Rbell phone_a bell 7k", "Cbell bell line_b 1u")
_CONTACT = ".model contact SW(vt=0.5 vh=0.1 ron=1 roff=100meg)"
_EDGE_S = 1e-4


def gate(name: str, closed: Iterable[tuple[float, float]]) -> str:
    """A control voltage `name` of 1 in each (from, to) second, else 0."""
    points = ["0 0"]
    for start, end in closed:
        points += [f"{start:.6f} 0", f"{start + _EDGE_S:.6f} 1", f"{end:.6f} 1", f"{end + _EDGE_S:.6f} 0"]
    return f"V{name} {name} 0 pwl({' '.join(points)})"


def ringing(
    vrms: float, hertz: float, bursts: Sequence[tuple[float, float]], battery_v: float = 52, feed_ohm: float = 50
) -> tuple[str, ...]:
    """Ringing on top of the battery at the terminals, from a source of `feed_ohm`."""
    return (
        gate("cadence", bursts),
        f"Vtone tone 0 sin(0 {vrms * 2**0.5:.6g} {hertz:g})",
        f"Bexchange exchange line_b V={battery_v:g}+v(cadence)*v(tone)",
        f"Rexchange exchange line_a {feed_ohm:g}",
    )


def exchange(battery_v: float = 56) -> tuple[str, ...]:
    """An old exchange's feed: battery, bridge resistance and relay inductance."""
    return (f"Vexchange exchange line_b {battery_v:g}", "Rexchange exchange feed 400", "Lexchange feed line_a 0.5")


def phone(off_hook: Sequence[tuple[float, float]]) -> tuple[str, ...]:
    """A phone with its bell, off-hook in each (from, to) second."""
    return (gate("hook", off_hook), "Shook phone_a set hook 0 contact", "Rset set line_b 200", _CONTACT, *PHONE_ON_HOOK)


def dialled_zeros() -> list[tuple[float, float]]:
    """Off-hook times of a phone that dials two zeros: 10 a second with breaks of 67 ms, then 20 a second of 33 ms."""
    closed, at = [(0.05, 0.3)], 0.3
    for period_s, break_s in ((0.1, 0.067), (0.05, 0.033)):
        for _ in range(10):
            closed.append((at + break_s, at + period_s))
            at += period_s
        start, _ = closed.pop()
        at += 0.6  # the pause before the next digit
        closed.append((start, at))
    return closed


def tones(*parts: tuple[float, float], battery_v: float = 52) -> tuple[str, ...]:
    """Sinusoids (volt peak, hertz) in series with the line, on-hook: the case in which the ring detector sees most."""
    between = [f"tone{number}" for number in range(len(parts))]
    lines = [f"Vbattery tone0 line_b {battery_v:g}"]
    for number, (volts, hertz) in enumerate(parts):
        end = between[number + 1] if number + 1 < len(parts) else "exchange"
        lines.append(f"Vtone{number} {end} tone{number} sin(0 {volts:g} {hertz:g})")
    return (*lines, "Rexchange exchange line_a 50", *PHONE_ON_HOOK)


def surge(peak_v: float, phone_ohm: float) -> tuple[str, ...]:
    """A 10/700 µs surge across the pair from a 40 Ω generator; `phone_ohm` stands where the phone is."""
    wave = f"exp(0 {peak_v * 1.02:g} 10u 3u 30u 1010u)"
    return (f"Vsurge exchange line_b {wave}", "Rexchange exchange line_a 40", f"Rset phone_a line_b {phone_ohm:g}")
