"""A branch with people for the tests of the pages."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from thirdring_gateway.accounts import rates
from thirdring_gateway.accounts.roles import Role
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.ledger.database import open_database
from thirdring_gateway.web import bearer, site

from tests.web import made_up
from tests.web.people import PASSWORD, ROLES, person

SignedIn = Callable[[str], Client]


class StandingClock:
    """A clock that stands still at the made-up branch's present moment."""

    def now_ms(self) -> int:
        return made_up.NOW_MS

    def wait_s(self, moment_ms: int) -> float:
        return max(0, moment_ms - made_up.NOW_MS) / 1000


@pytest.fixture(scope="session")
def made_branch(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Three desks over three days, two of them today in the middle of something."""
    open_database(str(tmp_path_factory.mktemp("web") / "ledger.sqlite3"))
    settings.SECRET_KEY = "a key for tests and for nothing else, long enough"  # noqa: S105 -- signs nothing real
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # tests sign in many times
    site.composed = site.Composed(BranchSettings(branch=made_up.BRANCH), StandingClock())
    units = list(made_up.branch(desks=4, days=4, calls=9))
    made_up.present([unit for unit in units if unit.began_ms > made_up.MIDNIGHT_MS])
    made_up.store(units)
    people = {role: person(role) for role in ROLES}
    made_up.enter(units, people[Role.DESK])


@pytest.fixture(autouse=True)
def fresh_allowances(monkeypatch: pytest.MonkeyPatch) -> None:
    """What programs may ask is counted anew in each test: by a clock that stands still, no allowance comes back."""
    monkeypatch.setattr(bearer, "ASKED", rates.Allowance(60, 500))
    monkeypatch.setattr(bearer, "FAILED", rates.Allowance(20, 15_000))


@pytest.fixture
def branch(made_branch: None) -> Iterator[None]:  # noqa: ARG001 -- it fills the database
    """The made-up branch; what a test changes is undone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def visitor(branch: None) -> Client:  # noqa: ARG001 -- the pages need it
    """A browser in which nobody is signed in."""
    return Client()


@pytest.fixture
def signed_in(visitor: Client) -> SignedIn:
    """Return a function that signs a role in."""

    def sign_in(role: str) -> Client:
        answer = visitor.post("/sign-in", {"login": role, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()
        return visitor

    return sign_in
