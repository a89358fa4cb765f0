"""What the tests of scheduled reports share: a clock and a plan of their own, and servers to send through."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from thirdring_gateway.branch import store as branch_store
from thirdring_gateway.sending import store
from thirdring_gateway.sending.mail import Letter
from thirdring_gateway.sending.models import Delivery
from thirdring_gateway.sending.plan import MINUTE_MS, Plan
from thirdring_gateway.sending.store import NO_TLS, STARTTLS, Server
from thirdring_gateway.sending.work import Office

from tests.web import made_up
from tests.web.post_office import USER

ZONE = made_up.ZONE
WORKING_WEEK = [[[540, 1050]]] * 5 + [[], []]
LETTER = Letter("key-1", "日报: b12", "及时率 9/10\n")


def at(text: str) -> int:
    """Return a moment of the branch's wall clock."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)).timestamp() * 1000)


class OwnClock:
    """A clock that a test sets."""

    def __init__(self, text: str) -> None:
        self.time = at(text)

    def now_ms(self) -> int:
        return self.time

    def wait_s(self, moment_ms: int) -> float:
        return (moment_ms - self.time) / 1000


def plain(port: int) -> Server:
    return Server("127.0.0.1", port, NO_TLS, sender="gateway@b12.example")


def secured(port: int, security: str = STARTTLS) -> Server:
    return Server("127.0.0.1", port, security, USER, "gateway@b12.example")


def begin(**changed: Any) -> None:
    daily = Plan("day", at("2026-11-20T12:00"), formats=["csv"], languages=["zh-hans"])
    branch_store.save(store.PLANS, {"day": daily.as_dict() | changed})


def use(port: int) -> None:
    branch_store.save(store.SERVER, plain(port).as_dict())


def fridays() -> Delivery:
    """Return what became of Friday's report."""
    return Delivery.objects.get(first=date(2026, 11, 20))


def later(office: Office, minutes: int) -> None:
    assert isinstance(office.clock, OwnClock)
    office.clock.time += minutes * MINUTE_MS
