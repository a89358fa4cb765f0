"""Facts from files into a ledger, offline: all of them or none."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from rich.console import Console
from rich.progress import open as open_with_progress
from thirdring_unit.core import wire

from thirdring_gateway.domain.facts import FactError, fact_of
from thirdring_gateway.ledger.append import Appender, Batch
from thirdring_gateway.ledger.database import complaints_told
from thirdring_gateway.trouble import Trouble

BATCH = 2_000
LINE_BYTES_MAX = 4 * wire.MAX_FACT_BYTES  # room for a hand that writes spaces


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of the lines of some files."""

    facts: int
    added: int
    contradicting: int


def load(paths: list[Path], progress: Console) -> Loaded:
    """Append the facts in JSON Lines files; on the first line that is not a fact, raise Trouble and keep nothing."""
    appender = Appender()
    facts = 0
    with complaints_told(), transaction.atomic():
        for path in paths:
            for batch in _batches(path, progress):
                facts += len(batch.facts)
                appender.append(batch)
    return Loaded(facts, appender.added, appender.contradicting)


def _batches(path: Path, progress: Console) -> Iterator[Batch]:
    batch = Batch(heard_ms=None)
    try:
        with open_with_progress(
            path, "rb", description=path.name, console=progress, disable=not progress.is_terminal, transient=True
        ) as file:
            for number, line in enumerate(iter(lambda: file.readline(LINE_BYTES_MAX), b""), start=1):
                if line.strip():
                    batch.facts.append(_fact(line.strip(), f"{path} line {number}"))
                if len(batch.facts) >= BATCH:
                    yield batch
                    batch = Batch(heard_ms=None)
    except OSError as error:
        raise Trouble(f"{path}: {error.strerror}; name a file of facts, one JSON object a line") from error
    yield batch


def _fact(line: bytes, where: str) -> tuple[dict[str, object], str]:
    try:
        fact = wire.decode_fact(line)
        fact_of(fact)
    except (wire.WireError, FactError) as error:
        raise Trouble(f"{where}: {error}; mend or remove that line, nothing was loaded") from error
    return fact, line.decode()
