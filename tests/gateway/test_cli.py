"""The commands as a person meets them: files in, numbers out, and one line when something is wrong."""

import json
import random
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from thirdring_gateway.cli import main

from tests.gateway.test_ledger import DAY

PERIOD = ("--from", "2026-11-02", "--to", "2026-11-03")


@pytest.fixture
def facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write(tmp_path / "facts.jsonl", [json.dumps(fact) for fact in DAY])


def write(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n")
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


def one_line(result: Result) -> str:
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("thirdring-gateway: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


def test_loading_twice_in_another_order_gives_the_same_bytes(facts: Path) -> None:
    assert run("load", facts, "--db", "one.db").exit_code == 0
    shuffled = [json.dumps(fact, indent=None, separators=(", ", " : ")) for fact in DAY]
    random.Random(7).shuffle(shuffled)  # noqa: S311 -- an order, no secret
    again = write(facts.with_name("again.jsonl"), shuffled)
    assert run("load", again, facts, again, "--db", "two.db").exit_code == 0
    one, two = (run("report", *PERIOD, "--format", "json", "--db", name).stdout for name in ("one.db", "two.db"))
    assert one == two
    assert json.loads(one)["kpis"]["timely_answer"]["n"] == 16


def test_the_text_report_fits_into_80_columns(facts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    run("load", facts, "--db", "one.db")
    text = run("report", *PERIOD, "--db", "one.db").stdout
    assert "10/16" in text
    assert "desk-08" in text
    assert max(map(len, text.splitlines())) <= 80
    assert "…" not in text


def test_one_desk_may_be_asked_for(facts: Path) -> None:
    run("load", facts, "--db", "one.db")
    made = json.loads(run("report", *PERIOD, "--desk", "desk-08", "--format", "json", "--db", "one.db").stdout)
    assert list(made["desks"]) == ["desk-08"]
    assert made["kpis"]["timely_answer"]["n"] == 8
    assert "desk-08" in one_line(run("report", *PERIOD, "--desk", "desk-99", "--db", "one.db"))


def test_every_format_is_written_by_the_same_command(facts: Path) -> None:
    run("load", facts, "--db", "one.db")
    begins = {"json": b"{", "csv": b"\xef\xbb\xbf", "xlsx": b"PK", "pdf": b"%PDF-", "html": b"<!doctype html>"}
    for form, start in begins.items():
        out = facts.with_name(f"report.{form}")
        assert run("report", *PERIOD, "--db", "one.db", "--format", form, "--out", out).exit_code == 0
        assert out.read_bytes().startswith(start)
    assert "接听及时率" in run("report", *PERIOD, "--db", "one.db", "--format", "html", "--language", "zh-CN").stdout


def test_a_file_of_unknown_kinds_and_fields_is_kept(facts: Path) -> None:
    strange = DAY[0] | {"seq": 900, "kind": "weather", "sunny": True}
    write(facts, [json.dumps(strange), json.dumps(DAY[1] | {"seq": 901, "colour": "red"})])
    assert run("load", facts, "--db", "one.db").exit_code == 0


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[]",
        '{"v":1}',
        json.dumps(DAY[1] | {"seq": -1}),
        json.dumps(DAY[1] | {"seq": "1"}),
        json.dumps(DAY[1] | {"kind": "answered", "wait_ms": "long"}),
        json.dumps(DAY[1] | {"unit": "Desk 7"}),
        json.dumps(DAY[1] | {"v": 2}),
        json.dumps(DAY[1] | {"more": "x" * 2000}),
        '{"v":1,"branch":"\\ud800"}',
    ],
)
def test_a_bad_line_is_named_and_nothing_is_loaded(facts: Path, line: str) -> None:
    write(facts, [*(json.dumps(fact) for fact in DAY[:5]), line])
    assert "facts.jsonl line 6: " in one_line(run("load", facts, "--db", "one.db"))
    assert "no facts" in one_line(run("report", *PERIOD, "--db", "one.db"))


@pytest.mark.usefixtures("facts")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("load", "nowhere.jsonl", "--db", "one.db"), "nowhere.jsonl"),
        (("load", "facts.jsonl", "--db", "no/folder/one.db"), "folder"),
        (("load", "facts.jsonl", "--db", "facts.jsonl"), "facts.jsonl"),
        (("report", *PERIOD, "--db", "nothing.db"), "nothing.db"),
        (("report", "--from", "yesterday", "--to", "2026-11-03", "--db", "full.db"), "yesterday"),
        (("report", "--from", "2026-11-03", "--to", "2026-11-03", "--db", "full.db"), "next day"),
        (("report", *PERIOD, "--db", "full.db", "--out", "no/folder/report.txt"), "report.txt"),
        (("report", *PERIOD, "--config", "none.toml"), "none.toml"),
        (
            ("report", "--from", "2026-11-02T09:00", "--to", "2026-11-03", "--db", "full.db", "--format", "pdf"),
            "whole days",
        ),
        (("report", *PERIOD, "--db", "full.db", "--format", "xlsx", "--out", "no/folder/report.xlsx"), "report.xlsx"),
    ],
)
def test_bad_input_is_one_line_that_says_what(arguments: tuple[str, ...], said: str) -> None:
    run("load", "facts.jsonl", "--db", "full.db")
    assert said in one_line(run(*arguments))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[branch", "not TOML"),
        ("[brach]", "did you mean `branch`"),
        ("[broker]\nprot = 1", "did you mean `port`"),
        ("[broker]\nport = 0", "port"),
        ('[broker]\nexternal = "yes"', "host:port"),
        ("[broker]\nlocal_port = 0", "local_port"),
        ('[broker]\npassword_port = "8884"', "password_port"),
        ('[branch]\nname = "B 12"', "name"),
        ("[units]\nDesk = {}", "Desk"),
        ("[units]\ngateway = {}", "gateway"),
        ("[units.desk-07.vip]\nlong_pres_ms = 5", "long_pres"),
        ("[targets]\ntimely = 90", "timely"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(facts: Path, text: str, said: str) -> None:
    (facts.parent / "gateway.toml").write_text(text + "\n")
    assert said in one_line(run("report", *PERIOD, "--db", "one.db"))


def test_targets_are_shown_with_a_mark_as_well_as_a_colour(facts: Path) -> None:
    (facts.parent / "gateway.toml").write_text("[targets]\ntimely_answer = 95\nreach = 90\n")
    run("load", facts, "--db", "one.db")
    text = run("report", *PERIOD, "--db", "one.db").stdout
    assert "95 % ✗" in text
    assert "90 % ✓" in text


def test_a_report_into_a_file_is_whole_or_not_there(facts: Path) -> None:
    run("load", facts, "--db", "one.db")
    assert run("report", *PERIOD, "--format", "json", "--db", "one.db", "--out", "r.json").stdout == ""
    assert json.loads((facts.parent / "r.json").read_text())["branch"] == "b12"
    assert [path.name for path in facts.parent.iterdir() if path.name.startswith(".r.json")] == []


def test_a_contradiction_is_told_when_loading_and_in_the_report(facts: Path) -> None:
    wiped = write(facts.with_name("wiped.jsonl"), [json.dumps(DAY[0] | {"epoch_ms": 1})])
    assert "contradict" in run("load", facts, wiped, "--db", "one.db").stderr
    assert "1 messages were not understood" in run("report", *PERIOD, "--db", "one.db").stdout


def test_a_ledger_that_cannot_be_written_is_told_in_one_line(facts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("load", facts, "--db", "one.db")
    monkeypatch.setattr("thirdring_gateway.ledger.database.PRAGMAS", "PRAGMA query_only=1")
    assert "readonly" in one_line(run("report", *PERIOD, "--db", "one.db"))
