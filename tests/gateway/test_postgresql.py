"""The same ledger on a real PostgreSQL server, started for these tests; skipped where no server is installed."""

import json
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections
from thirdring_gateway.ledger import tables
from thirdring_gateway.ledger.append import Appender
from thirdring_gateway.ledger.database import open_database
from thirdring_gateway.trouble import Trouble

from tests.gateway.conftest import free_port
from tests.gateway.test_ledger import DAY, HEARD_MS, acked, batch, beat, fact, report_now, report_of

FOLDERS = os.pathsep.join(map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)))
SERVER = shutil.which("postgres", path=FOLDERS) or shutil.which("postgres")
pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(SERVER is None, reason="no PostgreSQL server: install the package postgresql to run these"),
]


def as_server(command: list[str]) -> list[str]:
    """Return the command for a user who may run a PostgreSQL server: anybody but root."""
    return (
        ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *command] if os.geteuid() == 0 else command
    )


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    assert SERVER
    tools = Path(SERVER).resolve().parent
    with tempfile.TemporaryDirectory(prefix="thirdring-pg-") as folder:
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        data, port = f"{folder}/data", free_port()
        create = [str(tools / "initdb"), "-D", data, "-U", "thirdring", "-A", "trust", "--no-sync", "-E", "UTF8"]
        subprocess.run(as_server(create), check=True, capture_output=True, cwd=folder)
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
        control = [str(tools / "pg_ctl"), "-D", data, "-w", "-l", f"{folder}/log", "-o", options]
        subprocess.run(as_server([*control, "start"]), check=True, capture_output=True, cwd=folder)
        yield f"postgresql://thirdring@127.0.0.1:{port}/postgres"
        connections.close_all()
        subprocess.run(as_server([*control, "-m", "immediate", "stop"]), check=True, capture_output=True, cwd=folder)


@pytest.fixture
def ledger(server: str) -> Iterator[None]:
    open_database(server)
    call_command("flush", verbosity=0, interactive=False)
    yield
    connections.close_all()


@pytest.mark.usefixtures("ledger")
def test_the_report_is_the_same_to_the_byte_as_with_sqlite(server: str, tmp_path: Path) -> None:
    told = list(reversed(DAY))
    appender = Appender()
    for first in range(0, len(told), 40):
        appender.append(batch(*told[first : first + 60]))
        report_now()
    assert json.loads(report_now())["kpis"]["timely_answer"]["n"] == 16
    of_postgresql = report_now()
    assert server
    assert report_of([DAY], tmp_path) == of_postgresql


@pytest.mark.usefixtures("ledger")
def test_acknowledgements_gaps_and_clocks_are_the_same() -> None:
    appender = Appender()
    assert acked(appender.append(batch(fact(1), fact(3)))) == {1: 1}
    assert acked(appender.append(batch(fact(3), fact(2), beats=(beat(9_000, 1, oldest=1),)))) == {1: 3}
    appender.append(batch(beats=(beat(8_000, 1, oldest=4),)))
    sample = tables.ClockSample.objects.get()
    assert (sample.up_ms, sample.heard_ms) == (9_000, HEARD_MS)
    assert (tables.Fact.objects.count(), appender.added) == (3, 3)


def test_a_server_that_does_not_answer_is_told_in_one_line() -> None:
    with pytest.raises(Trouble, match="ledger postgresql://") as trouble:
        open_database(f"postgresql://nobody:s3cret@127.0.0.1:{free_port()}/none")
    assert "s3cret" not in str(trouble.value)
    assert "\n" not in str(trouble.value)
    connections.close_all()
