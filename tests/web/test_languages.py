"""Both languages are complete: every string is translated, and no page in Chinese speaks English."""

import gettext
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from thirdring_gateway.domain.kpis import KPIS
from thirdring_gateway.web import words
from thirdring_gateway.web.one_call import WHYS
from thirdring_unit.core import verdict

from tests.web.conftest import SignedIn
from tests.web.test_who_sees_what import PAGES, address

PACKAGE = Path(words.__file__).parents[1]
CATALOGUE = PACKAGE / "locale/zh_Hans/LC_MESSAGES"
ENGLISH_IN_CHINESE = re.compile(
    r"Thirdring|English|VIP|CSV|JSON|XLSX|HTML|PDF|KPI|Cookie|Asia/Shanghai|Europe/Berlin|Some \w+|desk-\d+|"
    r"level|R\d\d|k/n|[0-9a-f]{64}|(?:/|\?)[\w/?=&.-]+|person \w+|manager|supervisor|facilities|auditor|desk|OpenAPI|"
    r"STARTTLS|smtp.example.com|reports|Ctrl|Enter"
)
"""Names, file formats and examples that are the same in both languages, and what the test's people are called."""


def entries(text: str) -> dict[str, str]:
    """Return the messages of a .po file with their translations; a plural by its first form."""
    found = {}
    for block in text.split("\n\n"):
        message = re.search(r'^msgid ((?:".*"\n?)+)', block, re.MULTILINE)
        said = re.search(r'^msgstr(?:\[0\])? ((?:".*"\n?)+)', block, re.MULTILINE)
        if message and said and "#~" not in block:
            found[joined(message[1])] = "" if ", fuzzy" in block else joined(said[1])
    return found


def joined(quoted: str) -> str:
    parts = re.findall(r'"((?:[^"\\]|\\.)*)"', quoted)
    return "".join(parts).replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")


def test_every_string_of_the_program_is_translated(tmp_path: Path) -> None:
    copy = tmp_path / "thirdring_gateway"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    command = [sys.executable, "-m", "django", "makemessages", "-l", "zh_Hans", "--no-obsolete", "-v0"]
    subprocess.run(command, cwd=copy, check=True, env={"PATH": "/usr/bin:/bin"}, capture_output=True)
    used = entries((copy / "locale/zh_Hans/LC_MESSAGES/django.po").read_text())
    assert len(used) > 200
    assert not [message for message, said in used.items() if not said]


def test_the_compiled_catalogue_says_what_its_source_says() -> None:
    with (CATALOGUE / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message, said in entries((CATALOGUE / "django.po").read_text()).items():
        if message:
            assert said in (compiled.gettext(message), compiled.ngettext(message, message, 1)), message


def test_a_translation_keeps_every_placeholder() -> None:
    for message, said in entries((CATALOGUE / "django.po").read_text()).items():
        if message:
            names = [set(re.findall(r"%\((\w+)\)", text)) for text in (message, said)]
            assert names[0] == names[1], message


def visible(page: str) -> str:
    """Return what a page shows and what it reads out."""
    body = re.sub(r"<(script|style|textarea|code)\b.*?</\1>", " ", page, flags=re.DOTALL)
    spoken = " ".join(re.findall(r'(?:aria-label|title|placeholder)="([^"]*)"', body))
    return unescape(re.sub(r"<[^>]*>", " ", body) + spoken)


def test_no_page_in_chinese_speaks_english(signed_in: SignedIn) -> None:
    browser = signed_in("manager")
    browser.post("/language", {"language": "zh-hans"})
    for name in PAGES:
        answer = browser.get(address(name) + "?period=month")
        if answer.streaming or answer.status_code != 200:
            continue
        text = ENGLISH_IN_CHINESE.sub(" ", visible(answer.content.decode()))
        assert not re.findall(r"[A-Za-z]{4,}.*", text), name


def test_the_browser_s_language_decides_until_somebody_chooses(visitor: Client) -> None:
    assert 'lang="zh-CN"' in visitor.get("/sign-in", headers={"accept-language": "zh-CN,zh;q=0.9"}).content.decode()
    assert 'lang="en"' in visitor.get("/sign-in", headers={"accept-language": "de"}).content.decode()
    visitor.post("/language", {"language": "zh-hans"})
    assert 'lang="zh-CN"' in visitor.get("/sign-in", headers={"accept-language": "de"}).content.decode()


def test_a_person_s_language_goes_along_to_another_browser(signed_in: SignedIn) -> None:
    browser = signed_in("manager")
    browser.post("/language", {"language": "zh-hans"})
    browser.cookies.pop("django_language")
    assert 'lang="zh-CN"' in browser.get("/help", headers={"accept-language": "en"}).content.decode()


@pytest.mark.parametrize(("span_ms", "english", "chinese"), [
    (None, "–", "–"),
    (0, "0.0 s", "0.0秒"),
    (7_449, "7.4 s", "7.4秒"),
    (59_999, "59.9 s", "59.9秒"),
    (60_000, "1 min", "1分钟"),
    (75_400, "1 min 15 s", "1分15秒"),
    (3_600_000, "1 h 00 min", "1小时00分"),
])  # fmt: skip
def test_durations_are_said_in_words_and_never_rounded_up_over_a_limit(
    span_ms: int | None, english: str, chinese: str
) -> None:
    with translation.override("en"):
        assert words.duration(span_ms) == english
    with translation.override("zh-hans"):
        assert words.duration(span_ms) == chinese


def test_every_indicator_has_its_words_in_both_languages() -> None:
    for kpi in KPIS:
        assert all(re.search("[\u4e00-\u9fff]", text) for text in kpi.zh), kpi.key
        assert all(text and not re.search("[\u4e00-\u9fff]", text) for text in kpi.en), kpi.key


def test_every_reason_that_a_unit_gives_is_said_in_words() -> None:
    source = Path(verdict.__file__).read_text()
    body = source[source.index("def opened") :]
    reasons = set(re.findall(r'"((?:open loop|on-hook|call |flash|transfer|no |dialled)[^"]*)"', body))
    assert len(reasons) > 5
    assert reasons | set(verdict.CLEARING_TONES.values()) == set(WHYS)
