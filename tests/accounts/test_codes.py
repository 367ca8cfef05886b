"""One-time codes: taken into use, asked for at signing in and at signing, each good once."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import connection
from django.test import Client

from oversight.kernel.access import codes
from oversight.kernel.access.models import User
from oversight.kernel.access.scope import scope
from oversight.kernel.access.secrecy import Unreadable, conceal, reveal
from oversight.kernel.esign import Method, NotProven, Proof, prove
from oversight.kernel.trail.change import change
from tests.cast import PASSWORD, World, raw, sign_in
from tests.web.reading import beside, words

from .acting import CODE, LOGIN, code_of, enrol, security_log, user_of

pytestmark = pytest.mark.django_db
APP, SHEET, FILE = (f"/accounts/second-factor/{page}/" for page in ("app", "codes", "codes/file"))
USED = "This code is not right, or was used already. Wait for the next one, then try again."


@pytest.fixture
def nina(lasting_world: World, client: Client) -> Client:
    sign_in(client, lasting_world.nina)
    return client


def secret_on(page: str) -> str:
    return re.search(r'id="secret"[^>]*>([A-Z2-7 ]+)<', page)[1].replace(" ", "")


def half_way(world: World) -> Client:
    """Nina, who has given her password and not her code."""
    client = Client()
    answer = client.post(LOGIN, {"login": "nina@example.com", "password": PASSWORD})
    assert answer["Location"] == CODE
    return client


def test_nina_takes_an_app_into_use_and_gets_ten_codes_once(nina: Client, lasting_world: World) -> None:
    page = nina.get(APP).content.decode()
    secret = secret_on(page)
    assert "<svg" in page and "data:" not in page
    assert secret_on(nina.get(APP).content.decode()) == secret
    answer = nina.post(APP, {"code": code_of(secret), "password": PASSWORD})
    assert answer["Location"] == SHEET
    shown = re.findall(r"<code>(\d{4} \d{4})</code>", nina.get(SHEET).content.decode())
    assert len(set(shown)) == 10
    saved = nina.get(FILE)
    assert saved["Content-Disposition"] == 'attachment; filename="oversight-recovery-codes.txt"'
    assert saved.content.decode().split("\r\n")[4:-1] == shown
    session = nina.session
    session["recovery_codes_shown_until"] -= 601
    session.save()
    assert re.findall(r"<code>(\d{4} \d{4})</code>", nina.get(SHEET).content.decode()) == []
    assert nina.get(FILE).status_code == 404
    assert [(kind, who) for kind, who, *_ in security_log("FACTOR_ADDED")] == [
        ("FACTOR_ADDED", lasting_world.nina.user)
    ]
    assert nina.get(APP)["Location"] == "/accounts/second-factor/"


def test_a_wrong_code_or_password_takes_nothing_into_use(nina: Client, lasting_world: World) -> None:
    secret = secret_on(nina.get(APP).content.decode())
    answers = [
        nina.post(APP, {"code": "4821", "password": PASSWORD}),
        nina.post(APP, {"code": "12345x", "password": PASSWORD}),
        nina.post(APP, {"code": code_of(secret, periods=9), "password": PASSWORD}),
        nina.post(APP, {"code": code_of(secret), "password": "wrong"}),
    ]
    assert [answer.status_code for answer in answers] == [422] * 4
    assert beside(answers[0], "code") == "The code has 6 digits. You entered 4."
    assert beside(answers[2], "code") == "This is not what the app should show. Check the time of your phone."
    assert beside(answers[3], "password") == "This is not your password."
    assert b'value="4821"' in answers[0].content
    assert not Authenticator.objects.exists()


def test_the_code_is_asked_for_after_the_password(lasting_world: World) -> None:
    secret = enrol(lasting_world.nina)
    client = half_way(lasting_world)
    assert "Your password for nina@example.com is right." in words(client.get(CODE))
    assert client.get("/acme/cdmos/").status_code == 302
    short = client.post(CODE, {"code": "4821"})
    assert (short.status_code, beside(short, "code")) == (422, "The code has 6 digits. You entered 4.")
    assert b'value="4821"' in short.content
    answer = client.post(CODE, {"code": code_of(secret)})
    assert (answer.status_code, client.get("/acme/cdmos/").status_code) == (302, 200)


@pytest.mark.requirement("ASVS-2.8.4")
def test_the_same_code_twice_is_refused_at_signing_in(lasting_world: World) -> None:
    secret = enrol(lasting_world.nina)
    code = code_of(secret)
    first, second = half_way(lasting_world), half_way(lasting_world)
    assert first.post(CODE, {"code": code}).status_code == 302
    again = second.post(CODE, {"code": code})
    assert (again.status_code, beside(again, "code")) == (422, USED)
    assert second.get("/acme/cdmos/").status_code == 302
    older = second.post(CODE, {"code": code_of(secret, periods=-1)})
    assert beside(older, "code") == USED


@pytest.mark.requirement("ASVS-2.8.4")
def test_of_twenty_with_the_same_code_at_once_one_comes_in(lasting_world: World) -> None:
    secret = enrol(lasting_world.nina)
    app, code, start = codes.enrolled(lasting_world.nina.user), code_of(secret), Barrier(20)

    def one(number: int) -> bool:
        start.wait(timeout=60)
        try:
            with connection.cursor() as cursor:
                return codes.take(app, code, cursor)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        assert sorted(pool.map(one, range(20))) == [False] * 19 + [True]


@pytest.mark.requirement("ASVS-2.8.1")
def test_a_code_of_the_period_before_or_after_counts_and_no_other(lasting_world: World) -> None:
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    now = 1_800_000_015.0
    period = int(now) // 30
    shown = {shift: codes.format_hotp_value(codes.hotp_value(secret, period + shift)) for shift in range(-2, 3)}
    told = {shift: codes.matching_period(secret, code, now=now) for shift, code in shown.items()}
    assert told == {-2: None, -1: period - 1, 0: period, 1: period + 1, 2: None}
    assert codes.matching_period(secret, "", now=now) is None
    assert codes.matching_period(secret, "١٢٣٤٥٦", now=now) is None


@pytest.mark.requirement("ASVS-2.6.1")
def test_a_recovery_code_signs_in_once(lasting_world: World) -> None:
    enrol(lasting_world.nina)
    code, *_ = RecoveryCodes.activate(user_of(lasting_world.nina)).get_unused_codes()
    assert half_way(lasting_world).post(CODE, {"code": f"{code[:4]} {code[4:]}"}).status_code == 302
    again = half_way(lasting_world).post(CODE, {"code": code})
    assert (again.status_code, beside(again, "code")) == (422, USED)
    assert len(security_log("CODE_RECOVERED")) == 1


def test_a_remembered_device_is_not_asked_for_twelve_hours_and_a_new_password_forgets_it(lasting_world: World) -> None:
    secret = enrol(lasting_world.nina)
    client = half_way(lasting_world)
    answer = client.post(CODE, {"code": code_of(secret), "remember": "on"})
    assert answer.cookies["mfa_trusted"]["max-age"] == 12 * 60 * 60
    client.post("/accounts/logout/")
    credentials = {"login": "nina@example.com", "password": PASSWORD}
    assert client.post(LOGIN, credentials)["Location"] == "/"
    client.post("/accounts/logout/")
    nina = user_of(lasting_world.nina)
    nina.set_password("another good sentence")
    nina.save(update_fields=["password"])
    assert client.post(LOGIN, credentials | {"password": "another good sentence"})["Location"] == CODE


def test_signing_in_as_somebody_else_is_possible_half_way(lasting_world: World) -> None:
    enrol(lasting_world.nina)
    client = half_way(lasting_world)
    assert client.get(LOGIN)["Location"] == CODE
    assert client.post(CODE, {"do": "leave"})["Location"] == LOGIN
    sign_in(client, lasting_world.omar)


def test_a_person_switched_off_half_way_does_not_come_in(lasting_world: World) -> None:
    secret = enrol(lasting_world.nina)
    client = half_way(lasting_world)
    with change(by=lasting_world.adam, reason="Left"):
        User.objects.filter(pk=lasting_world.nina.user).update(is_active=False)
    client.post(CODE, {"code": code_of(secret)})
    assert client.get("/acme/cdmos/").status_code == 302


@pytest.mark.requirement("P11-200a1i")
def test_who_has_an_app_signs_with_a_code_and_each_counts_once(lasting_world: World) -> None:
    nina, secret = lasting_world.nina, enrol(lasting_world.nina)
    code = code_of(secret)

    def signed(otp: str) -> str:
        try:
            with scope(nina):
                return prove(nina, Proof(PASSWORD, otp=otp))
        except NotProven as refusal:
            return f"{refusal.field}: {refusal}"

    assert signed("") == "otp: Sign with the 6 digits from your authenticator, too."
    assert signed("000000" if code != "000000" else "111111") == (
        "otp: This code is not right, or was used already. Four tries are left."
    )
    assert signed(code) is Method.PASSWORD_TOTP
    assert signed(code) == "otp: This code is not right, or was used already. Four tries are left."
    again = half_way(lasting_world).post(CODE, {"code": code})
    assert beside(again, "code") == USED


@pytest.mark.requirement("P11-300c", "ASVS-2.8.6")
def test_the_app_is_removed_with_the_password_and_the_recovery_codes_go_too(nina: Client, lasting_world: World) -> None:
    enrol(lasting_world.nina)
    RecoveryCodes.activate(user_of(lasting_world.nina))
    assert nina.post(f"{APP}remove/", {"password": "wrong"}).status_code == 422
    assert Authenticator.objects.count() == 2
    assert nina.post(f"{APP}remove/", {"password": PASSWORD})["Location"] == "/accounts/second-factor/"
    assert not Authenticator.objects.exists()
    assert len(security_log("FACTOR_REMOVED")) == 1


@pytest.mark.requirement("P11-300c")
def test_new_recovery_codes_end_the_old_ones(nina: Client, lasting_world: World) -> None:
    enrol(lasting_world.nina)
    old = RecoveryCodes.activate(user_of(lasting_world.nina)).get_unused_codes()
    assert nina.post(SHEET, {"password": ""}).status_code == 422
    assert nina.post(SHEET, {"password": PASSWORD})["Location"] == SHEET
    shown = [code.replace(" ", "") for code in re.findall(r"<code>([\d ]+)</code>", nina.get(SHEET).content.decode())]
    assert (len(shown), set(shown) & set(old)) == (10, set())
    assert half_way(lasting_world).post(CODE, {"code": old[0]}).status_code == 422


@pytest.mark.requirement("ASVS-2.8.2", "ASVS-6.2.1")
def test_secrets_are_encrypted_where_they_lie(lasting_world: World, settings) -> None:
    secret = enrol(lasting_world.nina)
    ((kept,),) = raw("SELECT data::text FROM mfa_authenticator")
    assert secret not in kept
    concealed = codes.enrolled(lasting_world.nina.user).data["secret"]
    assert reveal(concealed) == secret
    assert conceal(secret) != conceal(secret)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the next key", [settings.SECRET_KEY]
    assert reveal(concealed) == secret
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(Unreadable):
        reveal(concealed)
    with pytest.raises(Unreadable):
        reveal(secret)
