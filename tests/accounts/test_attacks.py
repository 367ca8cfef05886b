"""Ways round the sign-in that were tried once: half a sign-in, a session out of the list, a damaged passkey."""

import json
from base64 import urlsafe_b64encode

import pytest
from django.test import Client

from oversight.web.accounts.links import reset_link
from tests.cast import PASSWORD, World, sign_in

from .acting import code_of, email_of, enrol, user_of

NEW = "another long sentence here"


@pytest.mark.parametrize("reset", [False, True])
def test_half_a_sign_in_ends_with_the_password_that_began_it(lasting_world: World, reset: bool) -> None:
    secret = enrol(lasting_world.nina)
    stranger = Client()
    stranger.post("/accounts/login/", {"login": email_of(lasting_world.nina), "password": PASSWORD})
    if reset:
        answer = Client().post(reset_link(user_of(lasting_world.nina)), {"new": NEW, "again": NEW})
        assert answer.status_code == 302
    stranger.post("/accounts/login/code/", {"code": code_of(secret)})
    assert stranger.get("/acme/").status_code == (302 if reset else 200)


def test_a_session_that_changed_the_password_is_still_ended_from_elsewhere(world: World, client: Client) -> None:
    sign_in(client, world.nina)
    answer = client.post("/accounts/password/", {"password": PASSWORD, "new": NEW, "again": NEW})
    assert answer.status_code == 302
    elsewhere = Client()
    elsewhere.post("/accounts/login/", {"login": email_of(world.nina), "password": NEW})
    elsewhere.post("/accounts/sessions/", {"end": "others"})
    assert (client.get("/acme/").status_code, elsewhere.get("/acme/").status_code) == (302, 200)


def test_a_damaged_passkey_is_refused_in_words(db: None, client: Client) -> None:
    client.get("/accounts/login/passkey/")
    said = urlsafe_b64encode(b'{"type":"webauthn.get","challenge":"AA","origin":"http://testserver"}').decode()
    nested = urlsafe_b64encode(b"\0" * 32 + bytes([0x80]) + b"\0" * 4 + b"\x81" * 7000).decode()
    response = {"clientDataJSON": said, "authenticatorData": nested, "signature": "AA", "userHandle": None}
    damaged = {"id": "AA", "rawId": "AA", "type": "public-key", "clientExtensionResults": {}, "response": response}
    for credential in (json.dumps(damaged), "[" * 15_000, '{"response": null}', "{}"):
        answer = client.post("/accounts/login/passkey/", {"credential": credential})
        assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/")
        assert "The passkey was not accepted." in client.get("/accounts/login/").content.decode()
