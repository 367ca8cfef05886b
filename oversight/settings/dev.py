"""`dev.py up`: one machine, plain HTTP on the loopback address."""

from .base import *  # noqa: F403
from .base import STORAGES

WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None  # nothing is collected here: files are found where they lie
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"}}
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
