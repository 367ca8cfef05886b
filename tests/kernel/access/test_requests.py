"""One request, one transaction, one scope; what a refusal leaves; how long a session lives."""

import time

import pytest
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import include, path

from oversight.kernel.access.scope import scope, told
from oversight.kernel.access.security import client_address
from oversight.kernel.database.roles import connection_as
from oversight.kernel.trail.change import change
from oversight.web import urls as product
from tests.cast import World, raw, sign_in
from tests.support.models import Memo


def write(request: HttpRequest) -> HttpResponse:
    with change(by=request.actor):
        Memo.objects.create(title="Written")
    return HttpResponse("written")


def write_then(request: HttpRequest, status: int) -> HttpResponse:
    with change(by=request.actor):
        Memo.objects.create(title="Written and refused")
    if status == 404:
        raise Http404
    if status == 500:
        raise ZeroDivisionError
    return HttpResponse("no", status=status)


def sneak(request: HttpRequest) -> HttpResponse:
    Memo.objects.create(title="Past the door")
    return HttpResponse("done")


def stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(iter(["rows"]))


def whoami(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.actor.name} {told() is not None}")


ROUTES = [
    path("write/", write),
    path("write/<int:status>/", write_then),
    path("sneak/", sneak),
    path("stream/", stream),
    path("whoami/", whoami),
]
urlpatterns = [path("<slug:sponsor>/try/", include((ROUTES, "workspace"))), *product.urlpatterns]
handler404, handler500 = product.handler404, product.handler500


@pytest.fixture(autouse=True)
def routes(settings) -> None:
    settings.ROOT_URLCONF = __name__


def memos(world: World) -> int:
    with scope(world.nina):
        return Memo.objects.count()


def logged() -> list[tuple]:
    """The security log, as the auditor reads it; the plain role cannot."""
    with connection_as("auditor") as auditor, auditor.cursor() as cursor:
        cursor.execute("SELECT kind, email, status FROM access_securityevent ORDER BY id")
        return cursor.fetchall()


@pytest.mark.requirement("ASVS-8.2.1")
def test_a_request_writes_and_its_answer_is_private(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    answer = client.get("/acme/try/write/")
    assert (answer.status_code, memos(world)) == (200, 1)
    assert answer["Cache-Control"] == "private, no-store"
    assert told() is None


@pytest.mark.parametrize("status", [400, 403, 404, 409, 500])
def test_a_refused_request_leaves_nothing(world: World, client: Client, status: int) -> None:
    client.raise_request_exception = False
    sign_in(client, world.nina)
    assert client.get(f"/acme/try/write/{status}/").status_code == status
    assert memos(world) == 0


def test_a_view_that_forgets_the_change_is_refused(world: World, client: Client) -> None:
    client.raise_request_exception = False
    sign_in(client, world.nina)
    assert client.get("/acme/try/sneak/").status_code == 500
    assert memos(world) == 0


def test_a_stream_would_leave_the_transaction_and_is_refused(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    with pytest.raises(RuntimeError, match="make a file by a job"):
        client.get("/acme/try/stream/")


def test_the_request_id_is_ours_to_choose(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    answers = [client.get("/acme/try/whoami/", headers={"X-Request-ID": "forged"}) for _ in range(2)]
    assert len({answer["X-Request-ID"] for answer in answers} - {"forged"}) == 2


def test_the_scope_costs_one_statement(world: World, client: Client, django_assert_num_queries) -> None:
    sign_in(client, world.nina)
    client.get("/acme/try/whoami/")
    with django_assert_num_queries(6) as asked:
        client.get("/acme/try/whoami/")
    # session, person, (savepoint of the test), enter, (release), (forget): outside a test the last three are a commit
    told_by = [query["sql"].split("(")[0][:40] for query in asked.captured_queries]
    assert sum("access.enter" in query["sql"] for query in asked.captured_queries) == 1, told_by


@pytest.mark.requirement("ASVS-7.1.3", "ASVS-7.2.1", "ASVS-7.2.2")
def test_refusals_and_sign_ins_are_logged(lasting_world: World, client: Client) -> None:
    client.post("/accounts/login/", {"login": "nina@example.com", "password": "wrong"})
    sign_in(client, lasting_world.nina)
    client.get("/acme/try/write/403/")
    client.get("/rival/cdmos/")
    client.post("/accounts/logout/")
    assert logged() == [
        ("SIGN_IN_FAILED", "nina@example.com", None),
        ("SIGNED_IN", "nina@example.com", None),
        ("DENIED", "", 403),
        ("DENIED", "", 404),
        ("SIGNED_OUT", "nina@example.com", None),
    ]


def age(client: Client, **seconds: int) -> None:
    session = client.session
    for key, back in seconds.items():
        session[key] = int(time.time()) - back
    session.save()


@pytest.mark.requirement("P11-200a1ii", "A11D-iam-lock", "ASVS-3.3.2")
@pytest.mark.parametrize(
    ("ages", "status"),
    [
        ({"seen_at": 14 * 60}, 200),
        ({"seen_at": 15 * 60 + 5}, 302),
        ({"signed_in_at": 12 * 3600 - 60}, 200),
        ({"signed_in_at": 12 * 3600 + 5}, 302),
    ],
)
def test_a_session_ends_after_15_idle_minutes_and_after_12_hours(
    world: World, client: Client, ages: dict[str, int], status: int
) -> None:
    sign_in(client, world.nina)
    client.get("/acme/try/whoami/")
    age(client, **ages)
    answer = client.get("/acme/try/whoami/?tab=2")
    assert answer.status_code == status
    if status == 302:
        assert answer["Location"] == "/accounts/login/?next=/acme/try/whoami/%3Ftab%3D2"
        assert "You were signed out to protect your work" in client.get(answer["Location"]).content.decode()
        assert client.get("/acme/try/whoami/").status_code == 302


def test_being_active_keeps_the_session(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    client.get("/acme/try/whoami/")
    for _ in range(3):
        age(client, seen_at=10 * 60)
        assert client.get("/acme/try/whoami/").status_code == 200
        assert int(time.time()) - client.session["seen_at"] < 5


@pytest.mark.requirement("ASVS-7.1.4")
@pytest.mark.parametrize(
    ("trusted", "forwarded", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (1, "", "127.0.0.1"),
        (1, "nonsense", None),
    ],
)
def test_the_address_in_the_security_log_is_the_trusted_proxys_word(
    settings, rf, trusted: int, forwarded: str, address: str | None
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = trusted
    assert client_address(rf.get("/", headers={"X-Forwarded-For": forwarded})) == address


@pytest.mark.requirement("ASVS-7.3.3")
def test_the_application_only_adds_to_the_security_log(world: World) -> None:
    with pytest.raises(Exception, match="permission denied"):
        raw("SELECT kind FROM access_securityevent")
    assert connection.settings_dict["USER"] == "app"
