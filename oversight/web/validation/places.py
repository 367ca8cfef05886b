"""Where a requirement is met: pages that can be opened, commands that can be run, documents that can be read."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

COMMAND, DOCUMENT = "command:", "doc:"


@dataclass(frozen=True, slots=True)
class Place:
    """One place as people read it, with its address where they can be led there."""

    words: str
    address: str = ""


def place(named: str, *, sponsor: str = "", door: str = "") -> Place:
    """What `named` stands for; pages behind a door have an address for who may pass it."""
    if named.startswith(COMMAND):
        return Place(f"manage {named.removeprefix(COMMAND)}")
    if named.startswith(DOCUMENT):
        return Place(named.removeprefix(DOCUMENT))
    of, _, page = named.rpartition(":")
    words = page.replace("-", " ").replace("_", " ").capitalize()
    if not of:
        return Place(_WORDS.get(named, words), _address(named))
    leads = bool(sponsor) and of == door
    return Place(_WORDS.get(page, words), _address(named, sponsor=sponsor) if leads else "")


def _address(named: str, **keys: str) -> str:
    try:
        return reverse(named, kwargs=keys or None)
    except NoReverseMatch:  # it is about one record, and which one is not said here
        return ""


_WORDS = {
    "account": "Your account",
    "account_app": "Your account, authenticator app",
    "account_app_remove": "Your account, authenticator app",
    "account_codes": "Your account, recovery codes",
    "account_factors": "Your account, second factor",
    "account_login": "Sign in",
    "account_logout": "Sign out",
    "account_password": "Your account, password",
    "account_password_forgotten": "Forgotten password",
    "account_sessions": "Your account, sessions",
    "api-reference": "Reference of the API",
    "api-schema": "Schema of the API",
    "audit-trail-export": "Audit trail, export",
    "batches-list": "Batches",
    "deviations-list": "Deviations",
    "healthz": "Health of the service",
    "help-clocks": "Help, clocks",
    "help-signatures": "Help, signatures",
    "help-validation": "Help, validation",
    "home": "Home",
    "notice-preferences": "Notices, preferences",
    "programmes-list": "Programmes",
    "settings-access-review": "Settings, access review",
    "settings-keys": "Settings, keys",
    "settings-people": "Settings, people",
    "settings-person-add": "Settings, add a person",
    "settings-policy": "Settings, policy",
    "settings-second-factor": "Settings, second factor",
    "settings-webhooks": "Settings, webhooks",
}
