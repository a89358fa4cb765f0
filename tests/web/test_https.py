"""HTTPS: the pages' own certificate, secure cookies, and a clear word where there is none."""

import ssl
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from thirdring_gateway.config import from_mapping
from thirdring_gateway.domain.settings import BranchSettings, SettingsError
from thirdring_gateway.ledger.database import open_database
from thirdring_gateway.trouble import Trouble
from thirdring_gateway.web.certificate import Certificate
from thirdring_gateway.web.process import Pages, Wanted

from tests.web.conftest import StandingClock
from tests.web.people import PASSWORD
from tests.web.post_office import certificate, free_port


def wanted(folder: Path, **changed: Any) -> Wanted:
    clock, database = StandingClock(), str(folder / "ledger.sqlite3")
    return Wanted(BranchSettings("b12"), clock, database, folder, "127.0.0.1", free_port())._replace(**changed)


@pytest.mark.slow
@pytest.mark.system
def test_the_pages_are_served_with_the_certificate_that_was_given(tmp_path: Path) -> None:
    certificate(tmp_path)
    open_database(str(tmp_path / "ledger.sqlite3"))
    asked = wanted(tmp_path, certificate=Certificate(tmp_path / "ca.pem", tmp_path / "key.pem"))
    assert asked.address.startswith("https://")
    with Pages(asked):
        trusting = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
        connection = HTTPSConnection("127.0.0.1", asked.port, context=trusting, timeout=60)
        connection.request("GET", "/sign-in")
        answer = connection.getresponse()
        answer.read()
        connection.close()
    assert answer.status == 200
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    cookies = answer.headers.get_all("Set-Cookie") or []
    assert cookies
    assert all("Secure" in cookie for cookie in cookies)


@pytest.mark.usefixtures("branch")
def test_cookies_are_secure_over_https_and_usable_over_plain_http() -> None:
    for is_secure in (True, False):
        answer = Client().post("/sign-in", {"login": "manager", "password": PASSWORD}, secure=is_secure)
        assert answer.status_code == 302
        assert bool(answer.cookies["sessionid"]["secure"]) == is_secure
        assert ("Strict-Transport-Security" in answer.headers) == is_secure


def test_plain_http_is_remarked_only_where_somebody_could_listen(tmp_path: Path) -> None:
    pair = Certificate(tmp_path / "a", tmp_path / "b")
    assert not wanted(tmp_path).is_open_to_listeners
    assert wanted(tmp_path, host="0.0.0.0").is_open_to_listeners  # noqa: S104 -- nothing listens
    assert not wanted(tmp_path, host="0.0.0.0", certificate=pair).is_open_to_listeners  # noqa: S104 -- nothing listens


def test_a_certificate_without_its_key_is_refused_by_name() -> None:
    assert from_mapping({"web": {"certificate": "a.pem", "key": "b.pem"}}).web_certificate == Certificate(
        Path("a.pem"), Path("b.pem")
    )
    assert from_mapping({}).web_certificate is None
    for half in ({"certificate": "a.pem"}, {"key": "b.pem"}):
        with pytest.raises(SettingsError, match="belong together"):
            from_mapping({"web": half})
    with pytest.raises(SettingsError, match="certificate"):
        from_mapping({"web": {"certificate": 5, "key": "b.pem"}})


def test_files_that_are_no_certificate_are_told_before_anything_starts(tmp_path: Path) -> None:
    certificate(tmp_path)
    (tmp_path / "text").write_text("no certificate")
    chain, key, text = (tmp_path / name for name in ("ca.pem", "key.pem", "text"))
    for wrong in (Certificate(tmp_path / "nothing", key), Certificate(text, key), Certificate(chain, text)):
        with pytest.raises(Trouble, match=r"\[web\]") as told:
            Pages(wanted(tmp_path, certificate=wrong))
        assert "\n" not in str(told.value)
