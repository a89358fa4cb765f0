"""What all tests share: property tests have no deadline, for a busy machine is no bug, and print how to repeat them."""

from collections.abc import Iterator

import pytest
import structlog
import thirdring_gateway.ledger.tables  # noqa: F401 -- sets Django up
from django.db import connections
from hypothesis import settings

settings.register_profile("thirdring", deadline=None, print_blob=True)
settings.load_profile("thirdring")


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """Forget a log that a test has opened: its file is closed when the test is over."""
    yield
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def own_database() -> Iterator[None]:
    """Put the database back that was open before: the tests of one process share Django's connection."""
    before = connections.settings
    yield
    if connections.settings is not before:
        connections.close_all()
        connections.settings = before
        del connections["default"]
