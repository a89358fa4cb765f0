"""The API: its description is OpenAPI and true, its answers are the pages' numbers, and tokens do what they say."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate
from thirdring_gateway.accounts import rates, tokens
from thirdring_gateway.accounts.models import Change, Person, Seen, Token
from thirdring_gateway.accounts.roles import Role
from thirdring_gateway.web import asking, bearer
from thirdring_gateway.web.api.endpoints import ENDPOINTS, Endpoint
from thirdring_gateway.web.kinds import KINDS

from tests.web.conftest import SignedIn
from tests.web.people import OWN_DESK, TOKENS
from tests.web.test_who_sees_what import address, by_browser, by_token, content

pytestmark = pytest.mark.usefixtures("branch")
MONTH = "?period=month"


def told(path: str, role: Role = Role.MANAGER) -> Any:
    answer = by_token(role)(path)
    assert answer.status_code == 200, (path, content(answer))
    return json.loads(content(answer).removeprefix("data: "))


def refused(path: str, role: Role = Role.MANAGER) -> tuple[int, str]:
    answer = by_token(role)(path)
    return answer.status_code, json.loads(content(answer))["error"]


def of_program(secret: str) -> HttpResponse:
    return Client().get("/api/v1/me", headers={"authorization": f"Bearer {secret}"})  # type: ignore[return-value]


# ---- its description


def test_the_description_is_openapi_and_names_every_address() -> None:
    description = told("/api/v1/openapi.json")
    validate(description)
    assert set(description["paths"]) == {endpoint.template for endpoint in ENDPOINTS}


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda each: each.name)
def test_every_answer_is_what_the_description_says_and_nothing_more(endpoint: Endpoint) -> None:
    manager = Person.objects.get(login="manager")
    Change.objects.create(at_ms=1, person=manager, what="x", old=None, new=[1])
    Seen.objects.create(at_ms=1, person=manager, page="/today", address="127.0.0.1")
    description = told("/api/v1/openapi.json")
    (content_type,) = description["paths"][endpoint.template]["get"]["responses"]["200"]["content"].values()
    schema = content_type["schema"] | {"components": description["components"]}
    asks = MONTH if any(each.name == "period" for each in endpoint.parameters) else ""
    answer = told(address(f"api-{endpoint.name}") + asks)
    OAS31Validator(schema).validate(answer)
    assert answer, "an empty answer proves nothing"
    assert not isinstance(answer, dict) or answer.get("rows") != []
    more = answer | {"more": 1} if isinstance(answer, dict) else [answer[0] | {"more": 1}]
    assert not OAS31Validator(schema).is_valid(more)


def test_the_help_page_tells_of_every_address_and_field(signed_in: SignedIn) -> None:
    page = signed_in("desk").get("/help/api").content.decode()
    for endpoint in ENDPOINTS:
        assert f"<code>GET {endpoint.template}</code>" in page
    for field in ("is_hold_over", "digest", "longest_hold_ms", "targets_percent", "interruptions"):
        assert f"<code>{field}</code>" in page


# ---- its numbers


def test_the_report_is_that_of_the_page_byte_for_byte() -> None:
    page = by_browser(Role.SUPERVISOR)(f"/reports{MONTH}&format=json")
    assert content(by_token(Role.SUPERVISOR)(f"/api/v1/report{MONTH}")) == content(page)


def test_the_summary_says_the_report_s_numbers_and_its_parts_add_up() -> None:
    summary, report = told(f"/api/v1/summary{MONTH}&kpi=reach"), told(f"/api/v1/report{MONTH}")
    assert (summary["kpis"], summary["desks"]) == (report["kpis"], report["desks"])
    for parts in (summary["days"], summary["hours"]):
        assert [sum(part[name] for part in parts) for name in "kn"] == [report["kpis"]["reach"][name] for name in "kn"]


@pytest.mark.parametrize("name", KINDS)
def test_a_list_holds_the_rows_of_the_page_s_file(name: str) -> None:
    rows = json.loads(content(by_browser(Role.MANAGER)(f"/{name}{MONTH}&format=json")))
    first = told(f"/api/v1/{name}{MONTH}")
    pages = [told(f"/api/v1/{name}{MONTH}&page={page}")["rows"] for page in range(1, first["pages"] + 1)]
    assert (first["count"], [row for page in pages for row in page]) == (len(rows), rows)


def test_a_call_tells_what_its_unit_told() -> None:
    call = told(f"/api/v1/calls/{OWN_DESK}/4/1")
    kinds = [event["kind"] for event in call["events"]]
    assert (kinds[0], kinds.count("ring"), kinds[-1]) == ("ring", call["rings"], "ended")
    assert call["events"][0]["at_ms"] == call["start_ms"]
    assert (call["voice"]["greeting_ms"], call["voice"]["caller_ms"] > 0) == (900, True)


def test_today_and_the_live_board_say_what_is_so_now() -> None:
    today, live = told("/api/v1/today"), told("/api/v1/live")
    assert [desk["state"] for desk in live["desks"]] == ["ringing", "held", "talking", "idle"]
    assert [desk["desk"] for desk in today["ringing"]] == ["desk-01"]
    assert [each["light"] for each in today["waiting"]] == ["over", "near"]
    assert told("/api/v1/live/stream")["desks"] == live["desks"]


# ---- wrong questions


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("calls?wich=late", "“wich”"),
        ("calls?which=lately", "“which” is one of"),
        ("calls?page=0", "“page”"),
        ("calls?page=x", "“page”"),
        ("summary?kpi=nonsense", "“kpi” is one of"),
        ("summary?from=yesterday", "2026-11-02"),
        ("summary?period=week&period=month", "twice"),
        ("today?period=week", "“period”"),
    ],
)
def test_a_wrong_question_is_refused_by_name(question: str, names: str) -> None:
    status, error = refused(f"/api/v1/{question}")
    assert status == 400
    assert names in error


def test_what_is_not_there_is_said_as_json() -> None:
    assert refused("/api/v1/nothing")[0] == 404
    assert refused("/api/v1/calls?desk=desk-99")[0] == 404
    assert refused("/api/v1/people", Role.SUPERVISOR)[0] == 403


# ---- tokens


def test_a_token_is_shown_once_and_only_its_digest_is_kept(signed_in: SignedIn) -> None:
    browser = signed_in("supervisor")
    page = browser.post("/me", {"name": "wall screen", "lasts": "30"}).content.decode()
    secret = page.split('id="secret"')[1].split('value="')[1].split('"')[0]
    assert json.loads(of_program(secret).content)["desks"] == [OWN_DESK]
    token = Token.objects.get(name="wall screen")
    assert secret not in {str(value) for value in vars(token).values()}
    assert secret not in browser.get("/me").content.decode()
    assert (token.expires_ms - token.made_ms, token.used_ms is not None) == (30 * tokens.DAY_MS, True)
    assert Change.objects.get().what == "token wall screen"


def test_a_revoked_token_opens_nothing_and_nobody_revokes_another_s(signed_in: SignedIn) -> None:
    secret = tokens.make(Person.objects.get(login="manager"), "mine", 1, asking.now_ms())
    pk = Token.objects.get(name="mine").pk
    assert of_program(secret).status_code == 200
    browser = signed_in("supervisor")
    assert browser.post(f"/me/tokens/{pk}/revoke").status_code == 404
    assert of_program(secret).status_code == 200
    Client.post(browser, "/sign-out")
    signed_in("manager").post(f"/me/tokens/{pk}/revoke")
    assert of_program(secret).status_code == 401


def test_a_token_ends_with_its_time_and_with_its_person() -> None:
    person, now = Person.objects.get(login="desk"), asking.now_ms()
    old = tokens.make(person, "old", 30, now - 30 * tokens.DAY_MS)
    new = tokens.make(person, "new", 30, now)
    assert [of_program(secret).status_code for secret in (old, new)] == [401, 200]
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert of_program(new).status_code == 401


def test_a_token_has_the_role_and_desks_that_its_person_has_now() -> None:
    Person.objects.filter(login="supervisor").update(desks=["desk-03"])
    assert [desk["desk"] for desk in told("/api/v1/live", Role.SUPERVISOR)["desks"]] == ["desk-03"]
    Person.objects.filter(login="supervisor").update(role=Role.FACILITIES)
    assert refused("/api/v1/today", Role.SUPERVISOR)[0] == 403


def test_a_stream_ends_with_its_token() -> None:
    request = Client().get("/api/v1/me", headers={"authorization": f"Bearer {TOKENS[Role.MANAGER]}"}).wsgi_request
    assert bearer.goes_on(request)
    Token.objects.all().delete()
    assert not bearer.goes_on(request)


def test_a_person_has_no_more_tokens_than_may_be_and_no_two_of_a_name(signed_in: SignedIn) -> None:
    browser = signed_in("facilities")
    assert 'role="alert"' in browser.post("/me", {"name": "of facilities", "lasts": "30"}).content.decode()
    for n in range(tokens.MOST_PER_PERSON):
        browser.post("/me", {"name": f"token {n}", "lasts": "90"})
    assert Token.objects.filter(person__login="facilities").count() == tokens.MOST_PER_PERSON


def test_who_asks_too_often_is_told_how_long_to_wait() -> None:
    answers = [by_token(Role.DESK)("/api/v1/me") for _ in range(70)]
    late = [answer for answer in answers if answer.status_code == 429]
    assert 0 < len(late) <= 10
    assert {int(answer.headers["Retry-After"]) for answer in late} == {1}
    assert by_token(Role.AUDITOR)("/api/v1/me").status_code == 200, "another's token is not held up"


def test_whoever_tries_tokens_has_to_wait_and_disturbs_nobody_s_sign_in() -> None:
    statuses = [of_program("thirdring_wrong").status_code for _ in range(25)]
    assert statuses == [401] * 20 + [429] * 5
    assert not Seen.objects.exists()
    assert Client().post("/sign-in", {"login": "manager", "password": "wrong"}).status_code == 403


@given(st.lists(st.integers(0, 3_000), max_size=200))
def test_an_allowance_lets_no_more_through_than_it_says(pauses_ms: list[int]) -> None:
    allowance, now, taken = rates.Allowance(5, 1_000), 0, []
    for pause_ms in pauses_ms:
        now += pause_ms
        wait_ms = allowance.wait_ms("x", now)
        assert allowance.take("x", now) == wait_ms
        if not wait_ms:
            taken.append(now)
        else:
            assert allowance.wait_ms("x", now + wait_ms) == 0
    for place, first in enumerate(taken):
        assert len([each for each in taken[place:] if each < first + 10_000]) <= 5 + 10


def test_an_allowance_remembers_only_so_many() -> None:
    allowance = rates.Allowance(1, 1_000_000)
    assert not any(allowance.take(str(n), 0) for n in range(rates.REMEMBERED_MAX + 1))
    assert (allowance.wait_ms("0", 0), allowance.wait_ms("1", 0)) == (0, 1_000_000)
