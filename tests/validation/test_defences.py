"""What answers, cookies and settings promise to a browser, held to the clauses of ASVS that ask for it."""

import re

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from oversight.runtime.processes import ROOT
from oversight.settings import base, prod
from tests.api.calling import key_of
from tests.cast import PASSWORD, World

PRODUCT = ("oversight", "cdmos", "techtransfer", "batches", "quality")


@pytest.mark.requirement("P11-30", "ASVS-3.4.1", "ASVS-3.4.4", "ASVS-9.1.1", "ASVS-14.4.5")
def test_in_production_everything_travels_by_tls() -> None:
    assert prod.SECURE_SSL_REDIRECT is True and prod.SECURE_REDIRECT_EXEMPT == [r"^healthz$"]
    assert (prod.SECURE_HSTS_SECONDS, prod.SECURE_HSTS_INCLUDE_SUBDOMAINS) == (31_536_000, True)
    assert (prod.SESSION_COOKIE_SECURE, prod.CSRF_COOKIE_SECURE, prod.MFA_TRUST_COOKIE_SECURE) == (True, True, True)
    names = (prod.SESSION_COOKIE_NAME, prod.CSRF_COOKIE_NAME, prod.MFA_TRUST_COOKIE_NAME)
    assert all(name.startswith("__Host-") for name in names)
    assert not hasattr(prod, "SESSION_COOKIE_DOMAIN") and not hasattr(prod, "CSRF_COOKIE_DOMAIN")


@pytest.mark.requirement("ASVS-14.3.2")
def test_in_production_nothing_is_shown_of_the_inside() -> None:
    assert (prod.DEBUG, base.DEBUG) == (False, False)
    assert not [app for app in prod.INSTALLED_APPS if "debug" in app]


@pytest.mark.requirement("ASVS-3.1.1", "ASVS-3.2.3", "ASVS-3.4.2", "ASVS-3.4.3")
@pytest.mark.django_db
def test_sessions_travel_in_a_cookie_that_scripts_cannot_read(world: World, client: Client) -> None:
    answer = _sign_in(client, world)
    cookie = answer.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["domain"], cookie["path"]) == (True, "Lax", "", "/")
    assert cookie.value not in answer.headers["Location"]
    assert base.CSRF_COOKIE_HTTPONLY is True and base.CSRF_COOKIE_SAMESITE == "Lax"


@pytest.mark.requirement("ASVS-3.2.1")
@pytest.mark.django_db
def test_signing_in_makes_a_new_session(world: World, client: Client) -> None:
    client.session.save()
    client.get("/accounts/login/")
    first = _sign_in(client, world).cookies["sessionid"].value
    other = Client()
    assert _sign_in(other, world).cookies["sessionid"].value != first
    planted = Client()
    planted.cookies["sessionid"] = "a" * 32
    assert _sign_in(planted, world).cookies["sessionid"].value != "a" * 32


@pytest.mark.requirement("ASVS-14.4.1", "ASVS-14.4.4", "ASVS-14.4.6", "ASVS-14.4.7", "ASVS-14.5.3")
@pytest.mark.django_db
def test_every_answer_says_what_it_is(world: World, client: Client) -> None:
    anonymous = [client.get(path) for path in ("/accounts/login/", "/api/v1/docs/", "/nowhere/")]
    _sign_in(client, world)
    for answer in (*anonymous, client.get("/acme/"), client.get("/help/"), client.get("/acme/deviations/0/")):
        assert answer["Content-Type"] == "text/html; charset=utf-8"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        assert answer["Referrer-Policy"] == "same-origin"
        assert not [header for header in answer.headers if header.startswith("Access-Control-")]
    refused = client.get("/api/v1/acme/deviations/", headers={"Origin": "https://elsewhere.example"})
    assert refused["Content-Type"].startswith("application/") and "json" in refused["Content-Type"]
    assert not [header for header in refused.headers if header.startswith("Access-Control-")]


@pytest.mark.requirement("ASVS-14.3.3")
@pytest.mark.django_db
def test_answers_name_no_software(world: World, client: Client) -> None:
    _sign_in(client, world)
    for path in ("/accounts/login/", "/acme/", "/api/v1/schema/", "/healthz", "/acme/deviations/0/"):
        answer = client.get(path)
        assert "Server" not in answer.headers and "X-Powered-By" not in answer.headers
        assert not re.search(rb"(Django|gunicorn|PostgreSQL|Python)[/ ]\d", answer.content)


@pytest.mark.requirement("ASVS-2.1.9", "ASVS-2.1.10")
def test_passwords_are_asked_for_length_and_nothing_else() -> None:
    rules = {each["NAME"].rpartition(".")[2]: each.get("OPTIONS", {}) for each in base.AUTH_PASSWORD_VALIDATORS}
    assert rules == {
        "MinimumLengthValidator": {"min_length": 12},
        "CommonPasswordValidator": {},
        "UserAttributeSimilarityValidator": {},
    }


@pytest.mark.requirement("ASVS-2.1.7")
def test_a_widely_known_password_is_refused() -> None:
    with pytest.raises(ValidationError, match="too common"):
        validate_password("1qaz2wsx3edc")
    validate_password("correct horse battery staple")


@pytest.mark.requirement("ASVS-4.3.2")
@pytest.mark.django_db
def test_out_of_reach_are_files_by_their_path(world: World, client: Client) -> None:
    _sign_in(client, world)
    for path in (
        "/files/",
        "/media/",
        "/static/",
        "/static/css/",
        "/static/../manage.py",
        "/.data/files/",
        "/.git/HEAD",
    ):
        assert client.get(path).status_code == 404, path


@pytest.mark.requirement("ASVS-8.3.1", "ASVS-13.1.3")
@pytest.mark.django_db
def test_a_key_in_an_address_opens_nothing(world: World, client: Client) -> None:
    key = key_of(world.nina)
    for name in ("key", "api_key", "token", "access_token", "authorization"):
        assert client.get(f"/api/v1/acme/cdmos/?{name}={key}").status_code == 401
    assert client.get("/api/v1/acme/cdmos/", headers={"Authorization": f"Bearer {key}"}).status_code == 200


@pytest.mark.requirement("ASVS-2.4.1")
def test_passwords_are_kept_by_a_slow_hash_with_salt(settings) -> None:
    assert not hasattr(prod, "PASSWORD_HASHERS"), "those of Django, the first of which makes new ones"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    first, second = (make_password("correct horse battery") for _ in range(2))
    assert first != second
    hasher = identify_hasher(first)
    assert hasher.algorithm == "pbkdf2_sha256" and hasher.decode(first)["iterations"] >= 600_000


@pytest.mark.requirement("ASVS-2.2.2")
def test_only_strong_factors_are_taken() -> None:
    assert base.MFA_SUPPORTED_TYPES == ["totp", "webauthn", "recovery_codes"]


@pytest.mark.requirement("ASVS-2.1.11")
@pytest.mark.django_db
def test_a_password_manager_may_fill_the_form(client: Client) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert 'autocomplete="current-password"' in page and "onpaste" not in page
    scripts = [path.read_text() for path in sorted((ROOT / "static" / "js").rglob("*.js"))]
    assert scripts and not [text for text in scripts if re.search(r"""["']paste["']""", text)]


@pytest.mark.requirement("ASVS-5.2.4", "ASVS-5.5.3")
def test_nothing_is_run_that_somebody_typed() -> None:
    dangerous = re.compile(
        r"(?<![\w.])(eval|exec)\(|pickle\.loads?\(|\byaml\.(unsafe_)?load\(|shell=True|mark_safe\(request"
    )
    files = [path for part in PRODUCT for path in (ROOT / part).rglob("*.py")]
    assert len(files) > 300
    assert [str(path.relative_to(ROOT)) for path in files if dangerous.search(path.read_text())] == []


def _sign_in(client: Client, world: World):
    return client.post("/accounts/login/", {"login": "nina@example.com", "password": PASSWORD})
