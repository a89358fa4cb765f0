"""A unit's identity file: read with care, written whole, and never shown."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from thirdring_unit.core.settings import Settings
from thirdring_unit.drivers.credentials import Credentials, credentials_of, why_refused
from thirdring_unit.errors import UserError
from thirdring_unit.identity import Identity, parsed, read, text_of, write
from thirdring_unit.settings_help import parse

SECRET = "not for other eyes"  # noqa: S105 -- of nobody
SMALL = Identity("b12", "desk-07", "127.0.0.1", 1883, password=SECRET)
FULL = Identity("b12", "desk-07", "192.168.7.1", 8883, ca="an authority", cert="a name", key=SECRET, first_boot=3000)


def settings(unit: str = "desk-07", **link: Any) -> Settings:
    return parse({"unit": {"branch": "b12", "id": unit}, "line": {"country": "CN"}, "link": link})


@pytest.mark.parametrize("identity", [SMALL, FULL, FULL._replace(host="fd00::7")])
def test_what_is_written_is_read_again(tmp_path: Path, identity: Identity) -> None:
    write(tmp_path / "identity.json", identity)
    assert read(tmp_path / "identity.json") == identity


def test_the_file_is_what_the_contract_says() -> None:
    assert json.loads(text_of(FULL)) == {
        "v": 1,
        "branch": "b12",
        "unit": "desk-07",
        "broker": "192.168.7.1:8883",
        "ca": "an authority",
        "cert": "a name",
        "key": SECRET,
        "first_boot": 3000,
    }


def test_a_file_is_readable_by_its_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write(tmp_path / "identity.json", SMALL)
    finally:
        os.umask(before)
    assert (tmp_path / "identity.json").stat().st_mode & 0o777 == 0o600


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "identity.json"
    for mode in (0o640, 0o604, 0o660):
        write(path, SMALL)
        path.chmod(mode)
        with pytest.raises(UserError, match=r"identity\.json: others may read this secret: run `chmod 600"):
            read(path)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"v": 2}, "not of version 1"),
        ({"branch": None}, "a field is no text"),
        ({"unit": "../desk"}, "`unit` is missing or no name"),
        ({"broker": "gateway"}, "not host:port"),
        ({"broker": "gateway:99999"}, "not host:port"),
        ({"key": ""}, "a field is no text"),
        ({"password": "word"}, "either `cert` and `key`, or `password`"),
        ({"first_boot": True}, "no number from 1"),
        ({"first_boot": 0}, "no number from 1"),
    ],
)
def test_a_file_that_says_something_else_is_refused_in_one_line_without_its_secrets(
    tmp_path: Path, change: dict[str, object], complaint: str
) -> None:
    path = tmp_path / "identity.json"
    write(path, FULL)
    path.write_text(json.dumps(json.loads(text_of(FULL)) | change))
    with pytest.raises(UserError, match=r"is no identity of a unit") as refusal:
        read(path)
    assert complaint in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert SECRET not in str(refusal.value)


def test_what_is_no_file_of_ours_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "identity.json"
    for content in (b"", b"[]", b"\xff\xfe", text_of(FULL).encode()[:-20]):
        path.write_bytes(content)
        path.chmod(0o600)
        with pytest.raises(UserError, match=r"identity\.json"):
            read(path)
    with pytest.raises(UserError, match="there is no such file"):
        read(tmp_path / "nothing.json")


def test_a_password_never_crosses_a_network_in_the_clear() -> None:
    with pytest.raises(ValueError, match="`ca` is missing"):
        parsed(json.loads(text_of(SMALL._replace(host="192.168.7.1"))))
    assert parsed(json.loads(text_of(SMALL._replace(host="localhost")))).ca is None


def test_an_identity_shows_no_secret_in_a_log() -> None:
    assert SECRET not in f"{SMALL} {SMALL!r} {[FULL]}"


def test_another_units_identity_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "identity.json", SMALL)
    with pytest.raises(UserError, match="is the identity of b12/desk-07, but this is b12/desk-08"):
        Credentials(tmp_path / "identity.json", settings("desk-08"))


def test_certificates_that_are_none_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "identity.json", FULL)
    with pytest.raises(UserError, match="`ca` is no certificate"):
        Credentials(tmp_path / "identity.json", settings())


def test_the_settings_name_a_file_in_the_units_own_folder(tmp_path: Path) -> None:
    write(tmp_path / "mine.json", SMALL)
    found = credentials_of(settings(identity_file="mine.json"), tmp_path)
    assert found.identity == SMALL


def test_boots_are_numbered_from_where_the_gateway_says(tmp_path: Path) -> None:
    write(tmp_path / "identity.json", SMALL._replace(first_boot=3000))
    own = settings()
    credentials_of(own, Path("/nowhere"), tmp_path / "identity.json")
    assert own.first_boot == 3000


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("[SSL: SSLV3_ALERT_CERTIFICATE_EXPIRED] sslv3 alert certificate expired (_ssl.c:2580)", "has ended"),
        ("failed to receive on socket: sslv3 alert certificate revoked (_ssl.c:2580)", "is revoked"),
        ("[SSL: TLSV1_ALERT_UNKNOWN_CA] tlsv1 alert unknown ca (_ssl.c:2580)", "another authority"),
        ("EOF occurred in violation of protocol (_ssl.c:2427)", "still enrolled there?"),
        ("certificate verify failed: self-signed certificate in chain (_ssl.c:1006)", "not this branch's"),
        ("[Errno 111] Connection refused", "[Errno 111] Connection refused"),
    ],
)
def test_a_refusal_is_told_in_words_of_the_one_who_can_mend_it(error: str, words: str) -> None:
    assert words in why_refused(error)
