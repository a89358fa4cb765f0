"""Documentation is tested: tables come from the code, and nothing that a user can type or read is left out."""

import re
from pathlib import Path

import click
import pytest
from thirdring_bench import cli as bench_cli
from thirdring_gateway import cli as gateway_cli
from thirdring_gateway.domain.facts import KINDS
from thirdring_unit import cli as unit_cli
from thirdring_unit.core import wire

from scripts.make_docs import PAGES

PROGRAMS: dict[str, click.Group] = {
    "thirdring-unit": unit_cli.cli,
    "thirdring-gateway": gateway_cli.main,
    "thirdring-bench": bench_cli.main,
}
ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


@pytest.mark.parametrize("name", PAGES)
def test_pages_made_from_the_code_are_not_stale(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), "run `make docs`"


def test_every_topic_is_described() -> None:
    page = (DOCS / "wire.md").read_text(encoding="utf-8")
    for tail in ("fact", *wire.TAILS):
        assert f"{tail}`" in page, tail


def test_every_fact_and_each_of_its_fields_is_described() -> None:
    rows = dict(
        re.findall(r"^\| (`.*?`(?:, `\w+`)*) \| (.*) \|$", (DOCS / "wire.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    described = {kind: text for kinds, text in rows.items() for kind in re.findall(r"`(\w+)`", kinds)}
    for kind, fields in KINDS.items():
        assert kind in described, kind
        missing = {name for name in fields if f"`{name}`" not in described[kind]}
        assert not missing, f"{kind}: {sorted(missing)}"


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_command_is_described_where_people_begin(program: str) -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in (ROOT / "README.md", *DOCS.rglob("*.md")))
    for command in PROGRAMS[program].commands:
        assert f"{program} {command}" in pages, command


def test_every_link_between_pages_leads_somewhere() -> None:
    for page in (*ROOT.glob("*.md"), *DOCS.rglob("*.md")):
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
