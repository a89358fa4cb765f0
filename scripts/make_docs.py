"""Writes what is made from tables in the code: pages under docs/, and pin modules. A test fails when one is stale."""

from collections.abc import Callable
from pathlib import Path

import thirdring_gateway.ledger.tables  # noqa: F401 -- sets Django up, before the API is imported
from thirdring_bench import pages as hardware
from thirdring_bench import pins
from thirdring_gateway import config
from thirdring_gateway.domain import kpis
from thirdring_gateway.domain import settings as branch
from thirdring_gateway.web.api.manual import manual
from thirdring_unit.core import callstate, parsing
from thirdring_unit.settings_help import purposes

DOCS = Path(__file__).parent.parent / "docs"
UNITS_WORDS = """\
Settings that are pushed to a unit, by the sections of [its own file](settings.md):
`desk-07 = { vip = { long_press_ms = 1500 } }`. A running gateway takes changes here at once, all others at its next
start. Who may connect is not said here: [units are enrolled](enrolment.md). With an external broker, the gateway's own
passwords are in `secrets/gateway` and `secrets/gateway-lights` of the state folder.
"""
BRANCH_WORDS = """\
[branch] has `name` and `zone`; the rest is what managers decide. Percentages of [targets] go by the names of the
[KPIs](kpis.md).
"""
MADE = "<!-- Made by `make docs` from {}. Change it there. -->\n\n"


EVENTS = {
    "ring": "a ring began: one cycle of the cadence, however many bursts it has",
    "quit": "ringing ended without an answer: no ring for one and a half cycles",
    "heard": "ringing ended, and somebody spoke: an answer, where no loop is wired to tell it",
    "stuck": "the ring input never ceases: what seemed to ring may have been no call",
    "lift": "off-hook: loop current for `answer_ms` while nothing rings",
    "hang": "on-hook: the loop stays open for longer than any flash or open loop",
    "tap": "a lone loop break as short as a dial pulse: a flash, where nobody dials",
    "flash": "a loop break in the country's flash window",
    "open": "an open loop that returned: the far end cleared",
    "hold": "the caller waits, known by key, flash, music or silence",
    "resume": "the caller waits no more",
}


def states() -> str:
    """Return the page that draws the phone line's table of states."""
    rows = [f"    {state} --> {then}: {event}" for (state, event), (then, _) in callstate.TABLE.items()]
    return "\n".join(
        [
            "# The phone line\n",
            MADE.format("`core/callstate.py`")
            + "What the line does with each event; an event that is not drawn changes"
            " nothing.\n",
            "```mermaid",
            "stateDiagram-v2",
            "    [*] --> idle",
            "    [*] --> taken: off-hook at the start",
            *rows,
            "```\n",
            "| event | meaning |",
            "|---|---|",
            *(f"| `{event}` | {EVENTS[event]} |" for event in sorted({event for _, event in callstate.TABLE})),
            "",
        ]
    )


def unit_settings() -> str:
    """Return the page of a unit's settings."""
    lines = [
        "# Settings of a unit: `unit.toml`\n",
        MADE.format("`core/parsing.py` and `settings_help.py`")
        + "Only `branch`, `id` and `country` must be given. Times are whole milliseconds."
        " An unknown key is refused by name, with a suggestion.",
    ]
    for section in parsing.TABLE:
        lines += [f"\n## [{section}]\n", "| key | default | allowed | what it is for |", "|---|---|---|---|"]
        for (key, default, rule), purpose in zip(parsing.rows(section), purposes(section).values(), strict=True):
            lines.append(f"| `{key}` | {shown_default(default)} | {shown_rule(rule, default)} | {purpose} |")
    return "\n".join(lines) + "\n"


def shown_default(default: object) -> str:
    """Return a default as a technician would type it."""
    if default is None:
        return "must be given"
    if default is parsing.COUNTRY:
        return "the country's"
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, dict):
        return "`{ " + ", ".join(f"{tier} = {limit_ms}" for tier, limit_ms in default.items()) + " }`"
    return "all" if isinstance(default, tuple) else "empty" if default == "" else str(default)


def shown_rule(rule: object, default: object) -> str:
    """Return what a setting may be."""
    if rule == "name":
        return "1–32 of a–z, 0–9, -"
    if rule == "tiers":
        return "tiers 1–9: milliseconds"
    if isinstance(rule, tuple):
        return f"{rule[0]}–{rule[1]}" if isinstance(rule[0], int) else ", ".join(rule)
    return "true, false" if isinstance(default, bool) else "text"


def definitions() -> str:
    """Return the page of KPI definitions, in English and Chinese."""
    lines = [
        "# KPIs 指标定义\n",
        MADE.format("`domain/kpis.py`")
        + f"Definitions, version {kpis.VERSION}. A rate is shown with k, n and its Wilson"
        " 95 % interval; without a denominator it is “–”.\n\n"
        "To add one (R33): write one function from `Scope` to `Rate` or `Spread` under `@kpi(...)`, with its words in"
        " both languages, add its name to `KPIS`, and run `make docs`. Reports, pages and this list then have it; what"
        " the function may read is in `domain/scope.py`.",
    ]
    for kpi in kpis.KPIS:
        lines.append(f"\n## `{kpi.key}` {kpi.en.title} {kpi.zh.title}\n\n{', '.join(kpi.rules)}\n")
        lines += [f"- {kpi.en.formula}. {kpi.en.edges}", f"- {kpi.zh.formula}。{kpi.zh.edges}"]
    return "\n".join(lines) + "\n"


def gateway_settings() -> str:
    """Return the page of a gateway's settings."""
    lines = [
        "# Settings of the gateway: `gateway.toml`\n",
        MADE.format("`config.py` and `domain/settings.py`")
        + "Everything may be left out. An unknown key is refused by name, with a suggestion.\n",
        "| section | key | default | what it is for |",
        "|---|---|---|---|",
        *(f"| [{of}] | `{key}` | {shown_default(default)} | {words} |" for of, key, default, words in config.TABLE),
        "\n## [units]\n",
        UNITS_WORDS,
        "## The branch\n",
        BRANCH_WORDS,
        "| section | key | default | allowed |",
        "|---|---|---|---|",
        *(
            f"| [limits] | `{key}` | {getattr(branch.BranchSettings(), key)} | {low}–{high} |"
            for key, (low, high) in branch.LIMITS.items()
        ),
        "\n```toml",
        str(branch.__doc__).partition(":\n\n")[2].replace("\n    ", "\n").strip(),
        "```",
    ]
    return "\n".join(lines) + "\n"


API_WORDS = """\
Everything that the pages show, as JSON, for programs that you trust with what you may see. It only reads.

Make a token on your own page (your name, at the top) and send it with every request:

    curl -H "Authorization: Bearer thirdring_…" http://127.0.0.1:8080/api/v1/today

A token has the role and the desks that its person has at that moment. It is kept as a digest, ends by itself, by
hand, or with the person's leave to sign in, and may ask sixty times at once and twice a second. Requests for data
about people are recorded with the token's name. What is wrong with a question is said in one line: `{"error": "…"}`
with 400, 401, 403, 404, 405 or 429.

`/api/v1/openapi.json` describes all of it in OpenAPI 3.1, the gateway's own page *Help, API* in words, in English and
Chinese. Moments are milliseconds since 1970 in UTC, durations milliseconds; null is not known or not monitored. A
figure has `k`, `n`, `rate`, `low` and `high`, or `count`, `total_ms`, `mean_ms`, `median_ms`, `p90_ms` and `max_ms`,
as the [KPIs](kpis.md) define them.
"""


def api() -> str:
    """Return the page of the API's addresses."""
    rows = []
    for entry in manual():
        asks = ", ".join(f"`{field.name}`" for field in entry.parameters)
        rows.append(f"| `{entry.address}` | {asks} | {entry.about} |")
    table = "\n".join(["| GET | may be asked | what |", "|---|---|---|", *rows])
    return f"# The API\n\n{MADE.format('`web/api/endpoints.py`')}{API_WORDS}\n{table}\n"


# By place below docs/.
PAGES: dict[str, Callable[[], str]] = {
    "states.md": states,
    "settings.md": unit_settings,
    "kpis.md": definitions,
    "gateway.md": gateway_settings,
    "api.md": api,
    "hardware/pins.md": hardware.pins_page,
    "hardware/parts.md": hardware.parts_page,
    "hardware/requirements.md": hardware.requirements_page,
    "hardware/cost.md": hardware.cost_page,
    "../firmware/thirdring_unit/pi/pins.py": lambda: pins.pi_module(pins.load_pins()),
    "../firmware/thirdring_unit/pico/pins.py": lambda: pins.pico_module(pins.load_pins()),
}


def main() -> None:
    """Write every page."""
    DOCS.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (DOCS / name).parent.mkdir(exist_ok=True)
        (DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
