"""`dev.py up`: one machine, plain HTTP on the loopback address."""

import os
from pathlib import Path

from .base import *  # noqa: F403
from .base import EMAIL_HOST, STORAGES

WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None  # nothing is collected here: files are found where they lie
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"}}
if not EMAIL_HOST and os.environ.get("DATA_DIR"):  # each letter is a file that one can open
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = Path(os.environ["DATA_DIR"]) / "mail"
