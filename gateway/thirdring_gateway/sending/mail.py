"""Mail through the server that a manager set, and what went wrong with it."""

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from thirdring_gateway.sending.models import TEXT_LENGTH
from thirdring_gateway.sending.store import NO_TLS, STARTTLS, TLS, Server

TIMEOUT_S = 20
TYPES = {
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
}


class Letter(NamedTuple):
    """A mail: the same `key` for the same letter, by which a mail program knows one that it has already."""

    key: str
    subject: str
    body: str
    files: Sequence[Path] = ()


class MailError(Exception):
    """Why a mail could not be sent: a key of `words.FAILURES`, and the server's own text.

    `is_address` is true when only this address is wrong, and others may be tried.
    """

    def __init__(self, failure: str, detail: str = "", *, is_address: bool = False) -> None:
        super().__init__(failure, detail)
        self.failure = failure
        self.detail = " ".join(detail.split())[:TEXT_LENGTH]
        self.is_address = is_address


@contextmanager
def opened(server: Server, password: str) -> Iterator[EmailBackend]:
    """Connect to the server and sign in; raises MailError."""
    if password and server.user and server.security == NO_TLS:
        raise MailError("password without TLS")
    connection = EmailBackend(
        host=server.host,
        port=server.port,
        username=server.user,
        password=password if server.user else "",
        use_tls=server.security == STARTTLS,
        use_ssl=server.security == TLS,
        timeout=TIMEOUT_S,
    )
    try:
        with told(server):
            connection.open()
        yield connection
    finally:
        connection.close()


def send(connection: EmailBackend, server: Server, letter: Letter, recipient: str) -> None:
    """Send a letter to one address; raises MailError."""
    domain = server.sender.rpartition("@")[2]
    headers = {"Message-ID": f"<{letter.key}@{domain}>", "Auto-Submitted": "auto-generated"}
    message = EmailMessage(letter.subject, letter.body, server.sender, [recipient], headers=headers)
    for path in letter.files:
        message.attach(path.name, path.read_bytes(), TYPES[path.suffix])
    with told(server):
        connection.send_messages([message])


@contextmanager
def told(server: Server) -> Iterator[None]:
    """Turn what a mail server or the way to it complains about into a MailError."""
    try:
        yield
    except (OSError, ValueError) as complaint:
        error = behind(complaint)
        failure, describe = next((word, describe) for kind, word, describe in FAILED if isinstance(error, kind))
        is_address = isinstance(error, smtplib.SMTPRecipientsRefused)
        raise MailError(failure, describe(error, f"{server.host}:{server.port}"), is_address=is_address) from error


def behind(error: Exception) -> Exception:
    """Return why a connection broke, where smtplib only says that it did."""
    cause = error.__context__
    return cause if isinstance(error, smtplib.SMTPServerDisconnected) and isinstance(cause, OSError) else error


def said(error: Any, _where: str) -> str:
    """Return what a server said."""
    code, text = error.smtp_code, error.smtp_error
    return f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"


def refused(error: Any, _where: str) -> str:
    """Return what a server said about the one recipient."""
    code, text = next(iter(error.recipients.values()))
    return f"{code} {text.decode(errors='replace')}"


FAILED: tuple[tuple[type[Exception], str, Callable[[Any, str], str]], ...] = (
    (smtplib.SMTPAuthenticationError, "sign-in refused", said),
    (smtplib.SMTPNotSupportedError, "not supported", lambda error, _where: str(error)),
    (smtplib.SMTPRecipientsRefused, "address refused", refused),
    (smtplib.SMTPResponseException, "refused", said),
    (smtplib.SMTPException, "hung up", lambda error, where: f"{where} {error}"),
    (socket.gaierror, "unknown host", lambda _error, where: where),
    (TimeoutError, "no answer", lambda _error, where: where),
    (ConnectionRefusedError, "no server", lambda _error, where: where),
    (ssl.SSLCertVerificationError, "not trusted", lambda error, where: f"{where} {error.verify_message}"),
    (ssl.SSLError, "no TLS", lambda error, where: f"{where} {error.reason}"),
    (OSError, "cannot connect", lambda error, where: f"{where} {error.strerror or error}"),
    (ValueError, "bad address", lambda error, _where: str(error)),
)
"""What can go wrong, the particular before the general, with the word for it and what a person is told besides."""
