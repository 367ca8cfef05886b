"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from oversight.celery import app as celery_app

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oversight.settings.prod")

application = get_wsgi_application()

__all__ = ["application", "celery_app"]
