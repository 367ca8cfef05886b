"""What went wrong is said in words, in the house's look, without a query."""

import pytest
from django.test import Client, RequestFactory

from oversight.kernel.access.sponsors import found_sponsor
from oversight.kernel.trail.change import change
from oversight.roles import Role
from oversight.web import errors
from tests.cast import join, person, sign_in, system
from tests.web.reading import words


def test_no_error_page_asks_the_database(client):
    request = RequestFactory().get("/anything/?q=secret")
    for page, status in (
        (errors.malformed, 400),
        (errors.not_allowed, 403),
        (errors.csrf_failed, 403),
        (errors.not_found, 404),
        (errors.throttled, 429),
        (errors.broken, 500),
        (errors.wrong_time, 503),
    ):
        answer = page(request)
        assert answer.status_code == status
        assert "Nothing was changed." in words(answer)
        assert b"secret" not in answer.content
        assert b"<style" not in answer.content


@pytest.mark.requirement("ASVS-4.2.2")
@pytest.mark.django_db
def test_a_forged_form_is_refused_in_words(world):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/accounts/login/", {"login": "nina@example.com", "password": "x"})
    assert answer.status_code == 403
    assert "This form is too old" in words(answer)


@pytest.mark.django_db
def test_not_allowed_says_so(world, client):
    sign_in(client, world.vera)
    answer = client.get("/acme/cdmos/new/")
    assert answer.status_code == 403
    assert "Your role does not include this" in words(answer)


@pytest.mark.requirement("ASVS-5.3.3", "ASVS-10.3.2", "ASVS-14.4.3")
@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/acme/cdmos/", "/acme/cdmos/new/", "/portal/", "/"])
def test_every_page_has_the_strict_policy_and_no_inline_style_or_script(world, client, path):
    sign_in(client, world.nina)
    answer = client.get(path, follow=True)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    body = answer.content.decode()
    assert " style=" not in body
    assert "<style" not in body
    assert " onclick=" not in body
    assert body.count("<script") == body.count("<script src=")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_the_demo_says_that_it_is_one(world, client):
    sign_in(client, world.nina)
    assert "Demo world: invented data" not in words(client.get("/acme/cdmos/"))
    demo = found_sponsor(slug="demo", name="Demo Bio", is_demo=True)
    with change(by=system(demo), reason="Founded"):
        dora = join(demo, person("Dora Demo"), Role.VIEWER, demo.name)
    visitor = Client()
    sign_in(visitor, dora)
    for path in ("/demo/cdmos/", "/demo/sites/"):
        assert "Demo world: invented data" in words(visitor.get(path))
