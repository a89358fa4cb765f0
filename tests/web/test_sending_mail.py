"""Mail with reports: it arrives, travels encrypted, and every way in which it fails has its words."""

import socket
from pathlib import Path
from typing import Any

import pytest
from thirdring_gateway.sending import mail
from thirdring_gateway.sending.mail import FAILED, Letter, MailError, send
from thirdring_gateway.sending.store import NO_TLS, STARTTLS, TLS, Server
from thirdring_gateway.sending.words import FAILURES

from tests.web.post_office import PASSWORD, PostOffice, certificate, free_port, knows, opened
from tests.web.sending import LETTER, plain, secured


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A certificate that this machine trusts."""
    context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return context


def sent(server: Server, password: str = "", letter: Letter = LETTER, to: str = "boss@b12.example") -> None:
    with mail.opened(server, password) as connection:
        send(connection, server, letter, to)


def failure_of(server: Server, password: str = "") -> MailError:
    with pytest.raises(MailError) as told:
        sent(server, password)
    assert told.value.failure in FAILURES
    assert "\n" not in told.value.detail
    if password:
        assert password not in str(told.value)
    return told.value


@pytest.mark.parametrize("security", [STARTTLS, TLS])
def test_a_letter_arrives_over_tls_with_its_chinese_and_its_files(tmp_path: Path, trusted: Any, security: str) -> None:
    (tmp_path / "report-zh.pdf").write_bytes(b"%PDF-\x00\xff")
    office, from_the_first_byte = PostOffice(), security == TLS
    options: dict[str, Any] = {"auth_required": not from_the_first_byte, "auth_require_tls": not from_the_first_byte}
    options |= {"ssl_context": trusted} if from_the_first_byte else {"tls_context": trusted, "require_starttls": True}
    with opened(office, authenticator=knows, **options) as port:
        sent(secured(port, security), PASSWORD, LETTER._replace(files=[tmp_path / "report-zh.pdf"]))
    ((address, letter),) = office.letters
    assert (address, letter["Subject"], letter["Message-ID"]) == (
        "boss@b12.example",
        "日报: b12",
        "<key-1@b12.example>",
    )
    body = letter.get_body()
    assert body is not None
    assert "及时率 9/10" in body.get_content()
    ((name, content),) = [(part.get_filename(), part.get_content()) for part in letter.iter_attachments()]
    assert (name, content) == ("report-zh.pdf", b"%PDF-\x00\xff")


def test_a_wrong_password_is_said_and_not_told(trusted: Any) -> None:
    with opened(PostOffice(), authenticator=knows, auth_required=True, tls_context=trusted) as port:
        assert failure_of(secured(port), "a wrong secret").failure == "sign-in refused"


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    with opened(PostOffice(), authenticator=knows, tls_context=certificate(tmp_path)) as port:
        assert failure_of(secured(port), PASSWORD).failure == "not trusted"


def test_what_the_server_cannot_do_is_said() -> None:
    with opened(PostOffice()) as port:
        assert failure_of(secured(port)).failure == "not supported"  # no STARTTLS
        assert failure_of(secured(port, TLS)).failure == "no TLS"


def test_a_password_never_travels_without_encryption() -> None:
    office = PostOffice()
    with opened(office, authenticator=knows, auth_require_tls=False) as port:
        assert failure_of(secured(port, NO_TLS), PASSWORD).failure == "password without TLS"
    assert not office.letters


def test_a_host_that_is_dead_unknown_or_silent_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "TIMEOUT_S", 0.2)
    assert failure_of(plain(free_port())).failure == "no server"
    assert failure_of(Server("mail.invalid", 25, NO_TLS, sender="a@b.example")).failure == "unknown host"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert failure_of(plain(silent.getsockname()[1])).failure == "no answer"


def test_a_refused_address_a_refused_mail_and_a_lost_connection_are_told_apart() -> None:
    office = PostOffice(refused={"boss@b12.example"})
    with opened(office) as port:
        refused = failure_of(plain(port))
        assert (refused.failure, refused.is_address, refused.detail) == ("address refused", True, "550 no such mailbox")
        office.refused.clear()
        office.answer = "554 looks like spam"
        assert failure_of(plain(port)).detail == "554 looks like spam"
        office.hangs_up_after = 0
        assert failure_of(plain(port)).failure == "hung up"


def test_every_failure_has_its_words() -> None:
    assert {word for _, word, _ in FAILED} | {
        "password without TLS",
        "no mail server",
        "not made",
        "unfinished",
    } == set(FAILURES)
