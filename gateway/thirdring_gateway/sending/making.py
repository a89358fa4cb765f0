"""Making the files of a scheduled report: each whole or not at all, and never a second time over the first."""

from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _

from thirdring_gateway.domain.kpis import KPIS
from thirdring_gateway.domain.settings import BranchSettings
from thirdring_gateway.files import make_folder, write_whole
from thirdring_gateway.sending.mail import Letter
from thirdring_gateway.sending.models import Delivery
from thirdring_gateway.sending.plan import Plan
from thirdring_gateway.web import reading, words
from thirdring_gateway.web.cards import card
from thirdring_gateway.web.files.formats import FORMATS, REPORT, file_name
from thirdring_gateway.web.files.report import PeriodReport, period_report
from thirdring_gateway.web.period import CUSTOM, KINDS, Period

FOR_OWNER_AND_GROUP = 0o640
SAID = ("timely_answer", "reach", "hold_over_limit", "vip_over_limit", "satisfaction", "coverage")
"""What the mail itself says, for whoever reads it on a phone."""


def report_of(branch: BranchSettings, delivery: Delivery, now_ms: int) -> PeriodReport:
    """Return the numbers of a delivery's period."""
    period = Period(CUSTOM, delivery.first, delivery.last, branch.hours.zone)
    return period_report(branch, period, tuple(reading.units(branch.branch)), now_ms)


def make(plan: Plan, report: PeriodReport, folder: Path) -> list[str]:
    """Write the files of a report into the folder and return their names; what is there already stays as it is."""
    make_folder(folder)
    names = []
    for language in plan.languages:
        with translation.override(language):
            for form in plan.formats:
                path = folder / file_name(REPORT, report, language, form)
                if not path.exists():
                    write_whole(path, FORMATS[form].write(report), FOR_OWNER_AND_GROUP)
                names.append(path.name)
    return list(dict.fromkeys(names))


def letter(delivery: Delivery, report: PeriodReport, language: str, folder: Path) -> Letter:
    """Return the mail of a report, in one language; the files go along."""
    with translation.override(language):
        subject = f"{KINDS[delivery.kind]}: {report.branch.branch}, {report.said}"
        lines = [subject, ""]
        for kpi in KPIS:
            if kpi.key in SAID:
                one = card(kpi, report.material.figures[kpi.key], None, report.branch, "")
                counted = f"{words.whole(one.k)}/{words.whole(one.n)}"
                lines.append("  ".join(filter(None, [f"{one.title}: {one.value}", f"({counted})", one.state_words])))
        made = report.made
        lines += [
            "",
            _("Definitions, version") + f" {made['definitions']}",
            _("Digest of the data") + f" {made['digest']}",
        ]
        lines += ["", _("Sent by the branch's Thirdring gateway. A manager sets what is sent, under Settings.")]
    key = f"thirdring-{report.branch.branch}-{delivery.kind}-{delivery.first}"
    return Letter(key, subject, "\n".join(lines) + "\n", [folder / name for name in delivery.files])
