"""The suite: the database is made by the owner from a prepared template; every test runs as the plain role."""

from .base import *  # noqa: F403
from .base import DATABASES, INSTALLED_APPS, STORAGES

INSTALLED_APPS = ["tests.support", *INSTALLED_APPS]  # first: its `flush` empties an append-only database
DATABASES["default"]["TEST"] = {"TEMPLATE": "oversight_template"}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
SECRET_KEY = "only for tests, never for a person's data"  # noqa: S105
