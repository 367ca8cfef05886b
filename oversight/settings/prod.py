"""Behind a reverse proxy that terminates TLS (docker-compose.yml)."""

from .base import *  # noqa: F403

# One proxy stands before the web: the last address of X-Forwarded-For is the one that it saw, all others are claims.
ALLAUTH_TRUSTED_PROXY_COUNT = 1
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# Browsers' own lists take a whole domain for good, with all that its owner runs there: not ours to consent to.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrftoken"
MFA_TRUST_COOKIE_NAME = "__Host-trusted"
MFA_TRUST_COOKIE_SECURE = True
