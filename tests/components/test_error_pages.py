"""Every page for what went wrong says what one can do next, and one of them works when all else fails."""

import pytest
from django.template import loader
from django.test import RequestFactory

from oversight.web import errors
from tests.cast import sign_in
from tests.web.reading import words


@pytest.mark.requirement("ASVS-7.4.1")
@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "405", "429", "500"])
def test_each_says_what_happened_and_what_to_do(name):
    page = loader.render_to_string(f"{name}.html")
    assert page.count("<h1") == 1
    assert page.count("<h2") == 1
    assert "What you can do" in page
    assert page.count("<li>") in (1, 2, 3)
    assert 'href="/"' in page
    assert "Nothing was changed." in page
    assert " style=" not in page


@pytest.mark.django_db
def test_the_address_of_a_form_opened_like_a_page_leads_to_what_it_belongs_to(world, client):
    sign_in(client, world.nina)
    answer = client.get("/acme/audit-trail/export/")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "This page cannot be opened by its address" in words(answer)
    assert 'href="/acme/audit-trail/"' in answer.content.decode()


@pytest.mark.django_db
def test_a_program_is_answered_as_before(world, client):
    answer = client.post("/api/v1/schema/")
    assert answer.status_code == 405
    assert b"<h1" not in answer.content


@pytest.mark.requirement("ASVS-7.4.3")
def test_a_broken_template_does_not_break_the_page_for_it(monkeypatch, caplog):
    def fail(*args: object) -> str:
        raise ValueError("Missing staticfiles manifest entry")

    monkeypatch.setattr(loader, "render_to_string", fail)
    answer = errors.broken(RequestFactory().get("/acme/"))
    assert answer.status_code == 500
    assert "Something broke on our side" in words(answer)
    assert "The page for a failure failed itself" in caplog.text
