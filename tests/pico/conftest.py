from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pico.bench import Gateway, Pico, build


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("program"))


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    made = Gateway(tmp_path / "gateway", "desk-07", "desk-08")
    yield made
    made.close()


@pytest.fixture
def pico(tmp_path: Path, program: Path, gateway: Gateway) -> Iterator[Pico]:
    made = Pico(tmp_path / "pico", program)
    gateway.set_up(made)
    yield made
    made.kill()
