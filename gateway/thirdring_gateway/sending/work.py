"""One round of the reporting: note what has become due, make it, bring it to where it belongs, note what went wrong."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import structlog
from django.db import transaction

from thirdring_gateway.branch import store as branch_store
from thirdring_gateway.clock import Clock
from thirdring_gateway.domain.hours import Period as Span
from thirdring_gateway.domain.hours import merged, overlap
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.ledger import read
from thirdring_gateway.sending import making, store
from thirdring_gateway.sending.mail import MailError, opened, send
from thirdring_gateway.sending.models import TEXT_LENGTH, Delivery
from thirdring_gateway.sending.plan import Plan, due, due_ms, may_try, pause_ms
from thirdring_gateway.trouble import Trouble
from thirdring_gateway.web.files.report import PeriodReport
from thirdring_gateway.web.period import Period

log = structlog.get_logger()


@dataclass(frozen=True)
class Office:
    """Where the reporting works: the branch as configured, its clock, the state folder and the reports' folder."""

    branch: BranchSettings
    clock: Clock
    state_dir: Path
    folder: Path

    def settings(self) -> BranchSettings:
        """Return the branch's settings as they are now."""
        return branch_store.load(self.branch)


def is_anything_to_do(office: Office) -> bool:
    """Tell whether a round would have work: something is due, or may be tried again."""
    return any(new_periods(office).values()) or bool(open_deliveries(store.plans(), office.clock.now_ms()))


def work(office: Office) -> None:
    """Do a round; an attempt is noted before it begins, so that one that kills this program is not repeated at once."""
    plans = store.plans()
    for kind, periods in new_periods(office).items():
        for period in periods:
            note_due(plans[kind], period)
    for delivery in open_deliveries(plans, office.clock.now_ms()):
        if not attempt(office, plans[delivery.kind], delivery):
            break  # the mail server is away: it will be for the others too


def new_periods(office: Office) -> dict[str, list[Period]]:
    """Return the periods that have become due and are not noted, by kind."""
    branch, now_ms = office.settings(), office.clock.now_ms()
    zone = branch.hours.zone

    @cache
    def signs_of_life() -> list[Span]:
        return merged(span for spans in read.evidence(branch.branch, None).values() for span in spans)

    def is_open(period: Period) -> bool:
        return bool(branch.hours.open_periods(period.from_ms, period.to_ms))

    def was_heard(period: Period) -> bool:
        return bool(overlap(signs_of_life(), [(period.from_ms, period.to_ms)]))

    return {
        kind: due(plan, now_ms, zone, known(kind), is_open, was_heard)
        for kind, plan in store.plans().items()
        if plan.since_ms <= now_ms
    }


def known(kind: str) -> set[date]:
    """Return the first days of the periods that are noted already."""
    return set(Delivery.objects.filter(kind=kind).values_list("first", flat=True))


def note_due(plan: Plan, period: Period) -> None:
    """Note that the report of a period is due; to note it twice changes nothing."""
    Delivery.objects.get_or_create(
        kind=plan.kind,
        first=period.first,
        defaults={"last": period.last, "due_ms": due_ms(plan, period), "recipients": list(plan.recipients)},
    )


def open_deliveries(kinds: Iterable[str], now_ms: int) -> list[Delivery]:
    """Return what is not done and may be tried now, the oldest first."""
    waiting = Delivery.objects.filter(kind__in=list(kinds), done_ms=None, has_given_up=False).order_by("due_ms", "kind")
    return [delivery for delivery in waiting if may_try(delivery.next_ms, now_ms)]


def attempt(office: Office, plan: Plan, delivery: Delivery) -> bool:
    """Try to make and bring one report; return False when it is no use to try others now."""
    began(delivery, office.clock.now_ms())
    try:
        branch = office.settings()
        report = making.report_of(branch, delivery, office.clock.now_ms())
        delivery.files = making.make(plan, report, office.folder)
        delivery.made_ms = delivery.made_ms or office.clock.now_ms()
        delivery.save()
        bring(office, plan, delivery, report)
    except MailError as error:
        failed(delivery, error.failure, error.detail)
        return error.is_address
    except (Trouble, OSError) as error:
        failed(delivery, "not made", str(error))
        return True
    delivery.failure, delivery.detail, delivery.done_ms = "", "", office.clock.now_ms()
    delivery.has_given_up = False
    delivery.save()
    log.info("report sent", kind=delivery.kind, first=str(delivery.first), files=len(delivery.files))
    return True


@transaction.atomic
def began(delivery: Delivery, now_ms: int) -> None:
    """Count an attempt and plan the next one, as if this one were to fail."""
    delivery.attempts += 1
    pause = pause_ms(delivery.attempts)
    delivery.has_given_up = pause is None
    delivery.next_ms = now_ms + (pause or 0)
    delivery.failure = delivery.failure or "unfinished"
    delivery.save()


def failed(delivery: Delivery, failure: str, detail: str) -> None:
    """Note why an attempt failed."""
    delivery.failure, delivery.detail = failure, detail[:TEXT_LENGTH]
    delivery.save()
    log.warning("report not sent", kind=delivery.kind, first=str(delivery.first), why=failure, detail=detail)


def bring(office: Office, plan: Plan, delivery: Delivery, report: PeriodReport) -> None:
    """Mail the files to everybody who does not have them yet; raises MailError after the last one who can have them."""
    left = [each for each in delivery.recipients if each not in delivery.mailed_to]
    if not left:
        return
    server = store.server()
    if not server.host:
        raise MailError("no mail server")
    letter = making.letter(delivery, report, plan.languages[0], office.folder)
    wrong: MailError | None = None
    with opened(server, store.password(office.state_dir)) as connection:
        for recipient in left:
            try:
                send(connection, server, letter, recipient)
            except MailError as error:
                if not error.is_address:
                    raise
                wrong = MailError(error.failure, f"{recipient}: {error.detail}", is_address=True)
            else:
                delivery.mailed_to = [*delivery.mailed_to, recipient]
                delivery.save()
    if wrong:
        raise wrong


def again(delivery: Delivery) -> None:
    """Let a report that was given up, or waits, be tried at once."""
    delivery.attempts, delivery.next_ms, delivery.has_given_up = 0, 0, False
    delivery.save()
