"""Django's settings: what the ledger and the pages need; the composed program fills in database, key and hosts."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "thirdring_gateway.ledger",
    "thirdring_gateway.branch",
    "thirdring_gateway.accounts",
    "thirdring_gateway.identities",
    "thirdring_gateway.sending",
    "thirdring_gateway.entered",
    "thirdring_gateway.web",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ---- people
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
# scrypt is memory-hard, and ten times as fast on a Pi as the iterations that PBKDF2 needs for the same safety
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
_VALIDATION = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": _VALIDATION + "MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": _VALIDATION + "CommonPasswordValidator"},
    {"NAME": _VALIDATION + "UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("login", "name")}},
]
SESSION_COOKIE_AGE = 12 * 3600  # a working day; two idle hours end it earlier
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "thirdring_gateway.web.views.refused.csrf"

# ---- pages
ROOT_URLCONF = "thirdring_gateway.web.urls"
APPEND_SLASH = False
MIDDLEWARE = [
    "thirdring_gateway.web.gate.headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "thirdring_gateway.web.gate.Gate",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "thirdring_gateway.web.frame.frame",
            ],
            "builtins": ["django.templatetags.i18n", "thirdring_gateway.web.templatetags.show"],
        },
    }
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 262_144  # no form of ours is longer

# ---- language and time
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # moments are stored as milliseconds and shown in the branch's own zone
LANGUAGE_CODE = "en"
LOCALE_PATHS = [Path(__file__).parent / "locale"]
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
