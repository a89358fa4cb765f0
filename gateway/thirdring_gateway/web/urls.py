"""The pages and where they are. `tests/web` walks this table: every page says who may open it."""

from django.urls import path

from thirdring_gateway.web.api import views as api
from thirdring_gateway.web.assets import asset
from thirdring_gateway.web.kinds import KINDS
from thirdring_gateway.web.views import lists, live, me, paper, people, records, sending, settings, sign_in, summary

handler403 = "thirdring_gateway.web.views.refused.forbidden"
handler404 = "thirdring_gateway.web.views.refused.missing"
handler500 = "thirdring_gateway.web.views.refused.broken"

urlpatterns = [
    path("", live.first, name="first"),
    path("today", live.today, name="today"),
    path("today/stream", live.today_stream, name="today-stream"),
    path("live", live.board, name="live"),
    path("live/stream", live.board_stream, name="live-stream"),
    path("summary", summary.summary, name="summary"),
    *(path(name, lists.view_of(kind), name=name) for name, kind in KINDS.items()),
    path("calls/<str:unit>/<int:boot>/<int:number>", records.call, name="call"),
    path("calls/<str:unit>/<int:boot>/<int:number>/form", records.filled_form, name="filled-form"),
    path("records/form", records.blank_form, name="blank-form"),
    path("callbacks/<int:pk>/done", records.done, name="callback-done"),
    path("reports", paper.report, name="reports"),
    path("reports/brief", paper.brief, name="brief"),
    path("reports/log", paper.log, name="log"),
    path("reports/sent", sending.sent, name="sent"),
    path("reports/sent/<int:pk>/again", sending.send_again, name="send-again"),
    path("reports/sent/<int:pk>/<str:name>", sending.sent_file, name="sent-file"),
    path("settings", settings.hours, name="settings"),
    path("settings/limits", settings.limits, name="limits"),
    path("settings/desks", settings.desks, name="desks"),
    path("settings/reports", sending.plans, name="plans"),
    path("settings/mail", sending.mail, name="mail"),
    path("settings/mail/test", sending.test_mail, name="test-mail"),
    path("settings/people", people.people, name="people"),
    path("settings/people/new", people.person, name="new-person"),
    path("settings/people/<int:pk>", people.person, name="person"),
    path("settings/people/<int:pk>/link", people.link, name="person-link"),
    path("settings/changes", people.changes, name="changes"),
    path("settings/seen", people.seen, name="seen"),
    path("help", summary.definitions, name="help"),
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("welcome/<str:token>", sign_in.welcome, name="welcome"),
    path("language", sign_in.language, name="language"),
    path("me", me.me, name="me"),
    path("me/tokens/<int:pk>/revoke", me.revoke, name="revoke-token"),
    path("help/api", me.api_help, name="api-help"),
    *api.patterns(),
    path("assets/<str:digest>/<str:name>", asset, name="asset"),
]
