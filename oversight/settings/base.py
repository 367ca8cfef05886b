"""What holds everywhere. Secrets and addresses come from the environment, one database role per process."""

import os
from pathlib import Path

import dj_database_url

ROOT = Path(__file__).resolve().parents[2]

SECRET_KEY = os.environ.get("SECRET_KEY", "")
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("SECRET_KEY_FALLBACKS", "").split(",") if key]  # former ones
DEBUG = False
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if origin]
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
ROOT_URLCONF = "oversight.web.urls"
WSGI_APPLICATION = "oversight.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

INSTALLED_APPS = [
    "oversight.kernel.access",
    "oversight.kernel.trail",
    "oversight.kernel.outbox",
    "oversight.kernel.numbering",
    "oversight.kernel.esign",
    "oversight.kernel.clocks",
    "oversight.kernel.files",
    "oversight.kernel.comments",
    "oversight.kernel.records",
    "oversight.kernel.notifications",
    "oversight.kernel.search",
    "oversight.kernel.api",
    "oversight.kernel.components",
    "cdmos",
    "techtransfer",
    "batches",
    "quality",
    "oversight.web.today",
    "oversight.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "simple_history",
    "guardian",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "lucide",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "oversight.kernel.access.middleware.trace",
    "oversight.web.errors.at_the_right_time",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "oversight.kernel.access.sessions.SessionLimits",
    "oversight.kernel.access.middleware.ScopeMiddleware",
    "oversight.web.errors.in_words",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "oversight.web.navigation.page",
            ]
        },
    }
]

# One alias: the role is what the process signs in as. The web and the workers know `app`; a command that needs another
# duty takes the address of that role from ROLE_URLS (oversight/kernel/database/roles.py).
DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL", "postgres://app@127.0.0.1:5432/oversight"),
        engine="oversight.kernel.database",
        conn_max_age=60,
        conn_health_checks=True,
    )
    | {"OPTIONS": {"connect_timeout": 5}}
}
ROLE_URLS = {
    role: os.environ.get(f"{role.upper()}_URL", "")
    for role in ("owner", "sealer", "relay", "auditor", "backup", "loader", "superuser")
}
SEAL_KEY_FILE = os.environ.get("SEAL_KEY_FILE", "")
SEAL_LOG = os.environ.get("SEAL_LOG", "")
DEMO = os.environ.get("OVERSIGHT_DEMO") == "1"

FILES_ROOT = Path(os.environ.get("DATA_DIR") or ROOT / ".data") / "files"
FILES_MAX_BYTES = 25 * 1024 * 1024
FILES_PER_RECORD = 200
FILE_SCANNER = os.environ.get("FILE_SCANNER", "")  # dotted path of a callable: a path in, "CLEAN" or else a word out
FILE_UPLOAD_HANDLERS = [
    "oversight.kernel.files.receiving.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Mail goes out by SMTP where EMAIL_HOST names a server, else to the console.
# Where people find us, for links in mail and calendars: never taken from a request, whose host its sender names.
PUBLIC_URL = os.environ.get("PUBLIC_URL", "http://localhost:8000").rstrip("/")
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT") or 587)
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = (os.environ.get("EMAIL_SECURITY") or "starttls") == "starttls"
EMAIL_USE_SSL = os.environ.get("EMAIL_SECURITY") == "tls"
EMAIL_TIMEOUT = 10
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_SUBJECT_PREFIX = ""
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM") or "Oversight <oversight@localhost>"

REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ALLAUTH_TRUSTED_PROXY_COUNT = 0  # whose word of the caller's address is taken: nobody's
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ANONYMOUS_USER_NAME = None  # guardian's: nobody acts without a name
GUARDIAN_USER_OBJ_PERMS_MODEL = "access.Grant"
ACCOUNT_ADAPTER = "oversight.web.accounts.signin.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
# Each person's tries are counted by oversight/kernel/access/tries.py; these keep one network from trying everybody.
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {
    "login": "60/m/ip",
    "login_failed": "30/m/ip",
    "reset_password": "20/m/ip,3/h/key",  # letters to one address
}
MFA_RATE_LIMITS: dict[str, str] | bool = {"webauthn_login": "60/m/ip"}
MFA_ADAPTER = "oversight.web.accounts.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TRUST_ENABLED = True  # a device may be remembered …
MFA_TRUST_COOKIE_AGE = 12 * 60 * 60  # … as long as a session may last
SECOND_FACTOR_URL = "account_factor_asked"  # where a sponsor's door leads who must have a second factor and has none

# Signed out after 15 minutes without activity and 12 hours after signing in.
SESSION_IDLE_SECONDS = 15 * 60
SESSION_ABSOLUTE_SECONDS = 12 * 60 * 60
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "oversight.web.errors.csrf_failed"

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "staticfiles"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Only the key at the door speaks for a caller (oversight/kernel/access/middleware.py); views read JSON themselves.
REST_FRAMEWORK: dict[str, object] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Oversight",
    "DESCRIPTION": "The system of record with which a biopharma sponsor governs its CDMOs.",
    "VERSION": "1",
    "APPEND_COMPONENTS": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    "COMPONENT_SPLIT_PATCH": False,  # the reason is required there, too
    "ENFORCE_NON_BLANK_FIELDS": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,  # the codes are listed already
    "POSTPROCESSING_HOOKS": [],  # choices stay where they are: enums of two kinds would fight for one name
}

SIMPLE_HISTORY_DATE_INDEX = False  # the guards make the indexes that history is read by

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"fontTools": {"level": "WARNING"}},  # it tells of every table of every font that it cuts
}
