"""Scheduled reports: their plans, the mail server, and what became of each report."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thirdring_gateway.accounts.models import Person
from thirdring_gateway.accounts.records import note_change
from thirdring_gateway.accounts.roles import Ability
from thirdring_gateway.branch import store as branch_store
from thirdring_gateway.sending import store
from thirdring_gateway.sending.mail import Letter, MailError, opened, send
from thirdring_gateway.sending.models import Delivery
from thirdring_gateway.sending.plan import next_due_ms
from thirdring_gateway.sending.words import FAILURES
from thirdring_gateway.sending.work import again
from thirdring_gateway.web import numbers, site, words
from thirdring_gateway.web.asking import now_ms
from thirdring_gateway.web.gate import needs
from thirdring_gateway.web.paging import PAGE_ROWS, paged
from thirdring_gateway.web.period import KINDS
from thirdring_gateway.web.sending_forms import PlansForm, ServerForm, TrialForm
from thirdring_gateway.web.views.settings import may, tabs

PASSWORD_CHANGED = "mail_password"  # noqa: S105 -- what the record of changes calls it


@needs(Ability.CHANGE_SETTINGS)
def plans(request: HttpRequest) -> HttpResponse:
    """Show or change which reports are made by themselves."""
    known, branch = store.plans(), numbers.settings()
    form = PlansForm(request.POST or None, known, numbers.now_ms())
    if request.method == "POST" and form.is_valid():
        keep(request, {store.PLANS: {kind: plan.as_dict() for kind, plan in known.items()}}, form.values())
        return HttpResponseRedirect(f"{request.path}?saved=1")
    zone = branch.hours.zone
    context = {
        "form": form,
        "next": {kind: words.moment(next_due_ms(plan, numbers.now_ms(), zone), zone) for kind, plan in known.items()},
        "folder": site.composed.folder,
        "has_server": bool(store.server().host),
    }
    return render(request, "web/plans.html", tabs(request, "plans") | context)


@needs(Ability.CHANGE_SETTINGS)
def mail(request: HttpRequest) -> HttpResponse:
    """Show or change the mail server."""
    known, state_dir = store.server(), site.composed.state_dir
    form = ServerForm(request.POST or None, known, has_password=bool(store.password(state_dir)))
    if request.method == "POST" and form.is_valid():
        keep(request, {store.SERVER: known.as_dict()}, form.values(), form.new_password())
        return HttpResponseRedirect(f"{request.path}?saved=1")
    return mail_page(request, form, TrialForm(), {})


@needs(Ability.CHANGE_SETTINGS)
@require_POST
def test_mail(request: HttpRequest) -> HttpResponse:
    """Send a test mail with what is stored, and say what became of it."""
    server, secret = store.server(), store.password(site.composed.state_dir)
    test, outcome = TrialForm(request.POST), {}
    if test.is_valid():
        to = test.cleaned_data["to"]
        letter = Letter(
            f"thirdring-test-{now_ms()}", _("Thirdring: a test mail"), _("Mail from the gateway arrives.") + "\n"
        )
        try:
            with opened(server, secret) as connection:
                send(connection, server, letter, to)
        except MailError as error:
            outcome = {"failure": FAILURES[error.failure], "detail": error.detail}
        else:
            outcome = {"sent_to": to}
    return mail_page(request, ServerForm(None, server, has_password=bool(secret)), test, outcome)


def mail_page(request: HttpRequest, form: ServerForm, test: TrialForm, outcome: dict[str, Any]) -> HttpResponse:
    """Show the page of the mail server."""
    context = {"form": form, "test": test, "has_server": bool(store.server().host)} | outcome
    return render(request, "web/mail.html", tabs(request, "mail") | context)


@transaction.atomic
def keep(request: HttpRequest, before: dict[str, Any], after: dict[str, Any], secret: str | None = None) -> None:
    """Store and record what changed; of a password, only that it changed."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    for key, value in after.items():
        if value != before[key]:
            branch_store.save(key, value)
            note_change(request.user, key, before[key], value, now_ms())
    if secret is not None and secret != store.password(site.composed.state_dir):
        store.keep_password(site.composed.state_dir, secret)
        note_change(request.user, PASSWORD_CHANGED, None, _("changed") if secret else _("removed"), now_ms())


@needs(Ability.READ_RECORDS)
def sent(request: HttpRequest) -> HttpResponse:
    """Show what became of the scheduled reports, the latest first."""
    found = Delivery.objects.order_by("-due_ms", "kind")
    window = paged(request.GET.get("page", ""), found.count())
    rows = [
        (delivery, KINDS[delivery.kind], words.days(delivery.first, delivery.last), FAILURES.get(delivery.failure))
        for delivery in found[window.first : window.first + PAGE_ROWS]
    ]
    context = {
        "rows": rows,
        "page": window.page,
        "pages": window.pages,
        "here_tab": "sent",
        "may_see_sent": True,
        "may_change": may(request, Ability.CHANGE_SETTINGS),
        "folder": site.composed.folder,
        "zone": numbers.settings().hours.zone,
    }
    return render(request, "web/sent.html", context)


@needs(Ability.READ_RECORDS, shows_people=True)
def sent_file(_request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """Send a file of a scheduled report."""
    delivery = get_object_or_404(Delivery, pk=pk)
    path = site.composed.folder / name
    if name not in delivery.files or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)


@needs(Ability.CHANGE_SETTINGS)
@require_POST
def send_again(_request: HttpRequest, pk: int) -> HttpResponse:
    """Let a report that failed be tried at once."""
    again(get_object_or_404(Delivery, pk=pk, done_ms=None))
    return HttpResponseRedirect(reverse("sent"))


def unsent() -> int:
    """Count the reports that have failed so far."""
    return Delivery.objects.filter(done_ms=None).exclude(failure="").count()
