"""What people do with their own account in the browser: an app, a passkey, a forgotten password, sessions."""

import re

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from oversight.celery import app
from oversight.kernel.access.models import Policy
from oversight.kernel.access.scope import scope
from tests.accounts.acting import accepted_deviation, ask_second_factor, code_of, enrol
from tests.cast import PASSWORD, raw
from tests.journeys.test_every_page import look_closely

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def give_password(page: Page, name: str) -> None:
    page.goto("/accounts/login/")
    page.fill("#id_login", f"{name}@example.com")
    page.fill("#id_password", PASSWORD)
    page.click("button:text-is('Sign in')")


def leave(page: Page) -> None:
    page.goto("/accounts/")
    page.click("main button:has-text('Sign out')")
    expect(page.locator("[role=status]")).to_have_text("You are signed out.")


@pytest.mark.parametrize("script", [True, False])
def test_nina_sets_up_an_app_signs_in_with_it_and_signs_a_closure(visit, lasting_world, script):
    record = accepted_deviation(lasting_world)
    page = visit(lasting_world.nina, width=390, script=script)
    page.goto("/acme/cdmos/")
    page.click("button[aria-label='Open navigation']")
    page.click("a.person")
    page.click("a:has-text('Second factor')")
    page.click("a:has-text('Set up')")
    expect(page.locator("svg.qr")).to_be_visible()
    secret = page.locator("#secret").inner_text().replace(" ", "")
    page.fill("#id_code", "4821")
    page.fill("#id_password", PASSWORD)
    page.click("button:has-text('Take it into use')")
    expect(page.locator(".field__error")).to_have_text("The code has 6 digits. You entered 4.")
    page.fill("#id_code", code_of(secret, periods=-1))
    page.fill("#id_password", PASSWORD)
    page.click("button:has-text('Take it into use')")
    expect(page.locator(".codes li")).to_have_count(10)
    with page.expect_download() as download:
        page.click("a:has-text('Save as a text file')")
    assert download.value.suggested_filename == "oversight-recovery-codes.txt"
    leave(page)

    give_password(page, "nina")
    expect(page.locator("h1")).to_have_text("Confirm it is you")
    page.fill("#id_code", code_of(secret))
    page.click("button:has-text('Continue')")
    page.goto(f"/acme/deviations/{record.pk}/moves/close/")
    page.fill("#id_reason", "Reviewed")
    page.fill("#id_password", PASSWORD)
    page.fill("#id_otp", code_of(secret, periods=1))
    page.click("button:has-text('Sign: ')")
    expect(page.locator("main")).to_contain_text("password and one-time code")
    with scope(lasting_world.nina):
        assert raw("SELECT method FROM esign_signature") == [("PASSWORD_TOTP",)]


@pytest.mark.requirement("ASVS-2.3.2")
def test_omar_makes_a_passkey_and_signs_in_without_a_password(visit, lasting_world):
    page = visit(lasting_world.omar)
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto("/accounts/second-factor/")
    page.click("a:has-text('Add a passkey')")
    page.fill("#id_name", "Omar's laptop")
    page.fill("#id_password", PASSWORD)
    page.click("button:has-text('Continue')")
    page.click("button:has-text('Make the passkey')")
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto("/accounts/second-factor/")
    expect(page.locator("main")).to_contain_text("Omar's laptop")
    page.click("a:has-text('Rename')")
    page.fill("#id_name", "Work laptop")
    page.click("button:has-text('Save')")
    expect(page.locator("main")).to_contain_text("Work laptop")
    leave(page)

    page.click("button:has-text('Sign in with a passkey')")
    page.wait_for_url(lambda url: "/accounts/" not in url)
    leave(page)
    give_password(page, "omar")
    expect(page.locator("h1")).to_have_text("Confirm it is you")
    page.click("button:has-text('Use a passkey instead')")
    page.wait_for_url(lambda url: "/accounts/" not in url)

    page.goto("/accounts/second-factor/")
    page.click("a:has-text('Remove')")
    page.fill("#id_password", PASSWORD)
    page.click("button:has-text('Remove it')")
    expect(page.locator("main")).to_contain_text("You have none yet.")
    leave(page)
    page.click("button:has-text('Sign in with a passkey')")
    expect(page.locator(".notice[data-tone=danger]")).to_contain_text("The passkey was not accepted.")


def test_a_forgotten_password_is_set_anew_from_the_letter(visit, lasting_world, live_server, settings):
    settings.PUBLIC_URL = live_server.url
    app.conf.task_always_eager = True
    try:
        page = visit(None)
        page.goto("/accounts/login/")
        page.click("a:has-text('Password forgotten?')")
        page.fill("#id_address", "vera@example.com")
        page.click("button:has-text('Send the link')")
        expect(page.locator("h1")).to_have_text("Look into your mail")
        (letter,) = mail.outbox
        page.goto(re.search(r"http://[^/]+(/\S+)", letter.body)[1])
        page.fill("#id_new", "seven small boats at dawn")
        page.fill("#id_again", "seven small boats at dawn")
        page.click("button:has-text('Set the password')")
        expect(page.locator("[role=status]")).to_have_text("Your new password holds. Sign in with it.")
        page.fill("#id_login", "vera@example.com")
        page.fill("#id_password", "seven small boats at dawn")
        page.click("button:text-is('Sign in')")
        page.wait_for_url("**/acme/**")
        assert [each.subject for each in mail.outbox] == ["Set a new password", "Your password was changed"]
    finally:
        app.conf.task_always_eager = False


def test_a_session_elsewhere_is_ended_and_its_next_click_asks_to_sign_in(visit, lasting_world):
    here, elsewhere = visit(lasting_world.nina), visit(lasting_world.nina, width=390)
    here.goto("/accounts/sessions/")
    expect(here.locator(".rows li")).to_have_count(2)
    here.click(".rows button:has-text('End')")
    expect(here.locator("[role=status]")).to_have_text("One session was ended.")
    elsewhere.goto("/acme/cdmos/")
    expect(elsewhere.locator("h1")).to_have_text("Sign in")
    here.goto("/acme/cdmos/")
    expect(here.locator("h1")).to_have_text("CDMOs")


def test_a_sponsors_policy_leads_through_enrolment_back_to_work(visit, lasting_world):
    ask_second_factor(lasting_world.adam, Policy.SecondFactor.SIGNERS)
    page = visit(None)
    give_password(page, "nina")
    expect(page.locator("h1")).to_have_text("A second factor first")
    expect(page.locator("main")).to_contain_text("By the policy of Acme Therapeutics")
    page.click("a:has-text('An authenticator app')")
    secret = page.locator("#secret").inner_text().replace(" ", "")
    page.fill("#id_code", code_of(secret))
    page.fill("#id_password", PASSWORD)
    page.click("button:has-text('Take it into use')")
    page.click("a:has-text('Go on to Acme Therapeutics')")
    page.wait_for_url("**/acme/**")
    expect(page.locator("a.person")).to_contain_text("Nina Berg")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_the_account(visit, lasting_world, width, scheme):
    page = visit(lasting_world.vera, width=width, scheme=scheme)
    for path in (
        "/accounts/",
        "/accounts/password/",
        "/accounts/sessions/",
        "/accounts/second-factor/",
        "/accounts/second-factor/app/",
        "/accounts/second-factor/passkeys/new/",
    ):
        page.goto(path)
        look_closely(page, path)
    page.goto("/accounts/password/")
    page.click("button:has-text('Change it')")
    expect(page.locator("#errors")).to_be_focused()
    look_closely(page, "a refused password")
    page.goto("/accounts/second-factor/passkeys/new/")
    page.fill("#id_name", "A key with a rather long name that goes on and on")
    page.fill("#id_password", PASSWORD)
    page.click("button:has-text('Continue')")
    expect(page.locator("button:has-text('Make the passkey')")).to_be_visible()
    look_closely(page, "making a passkey")
    secret = enrol(lasting_world.vera)
    for path in (
        "/accounts/second-factor/",
        "/accounts/second-factor/app/remove/",
        "/accounts/second-factor/codes/",
    ):
        page.goto(path)
        look_closely(page, path)
    page.fill("#id_password", PASSWORD)
    page.click("button:has-text('Make new codes')")
    expect(page.locator(".codes li")).to_have_count(10)
    look_closely(page, "new codes")
    leave(page)
    ask_second_factor(lasting_world.adam, Policy.SecondFactor.EVERYBODY)
    give_password(page, "omar")
    page.wait_for_url("**/second-factor/asked/**")
    look_closely(page, "a second factor is asked for")
    leave(page)
    for path in ("/accounts/login/", "/accounts/password/forgotten/", "/accounts/password/new/?key=old"):
        page.goto(path)
        look_closely(page, path)
    page.goto("/accounts/password/forgotten/")
    page.click("button:has-text('Send the link')")
    expect(page.locator(".field__error")).to_have_text("Fill in your e-mail address.")
    look_closely(page, "no address")
    page.fill("#id_address", "vera@example.com")
    page.click("button:has-text('Send the link')")
    expect(page.locator("#id_address")).to_have_count(0)
    look_closely(page, "asked for")
    give_password(page, "vera")
    expect(page.locator("h1")).to_have_text("Confirm it is you")
    look_closely(page, "the code")
    page.fill("#id_code", "12")
    page.click("button:has-text('Continue')")
    expect(page.locator(".field__error")).to_have_text("The code has 6 digits. You entered 2.")
    look_closely(page, "a short code")
    page.fill("#id_code", code_of(secret))
    page.click("button:has-text('Continue')")
    page.wait_for_url("**/acme/**")
