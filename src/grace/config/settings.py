"""The one settings file. Values come from the environment, read by typed readers; a wrong value stops the start."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

SECRET_KEY = os.environ.get("GRACE_SECRET_KEY", "only-until-the-ground-is-laid")
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.Officer"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "grace.custody",
    "grace.accounts",
    "grace.evidence",
    "grace.intake",
    "grace.referrals",
    "grace.matching",
    "grace.priority",
    "grace.casework",
    "grace.pipeline",
    "grace.web",
    "grace.api",
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("PGDATABASE", "grace"),
        "HOST": os.environ.get("PGHOST", ""),
        "USER": os.environ.get("PGUSER", ""),
        "PASSWORD": os.environ.get("PGPASSWORD", ""),
        "PORT": os.environ.get("PGPORT", ""),
    }
}

# The vault and the present agency key; the other keys beside it are known too.
_DEVELOPMENT = Path(tempfile.gettempdir()) / f"grace-development-{os.getuid()}"
GRACE_VAULT_PATH = os.environ.get("GRACE_VAULT", str(_DEVELOPMENT / "vault"))
GRACE_AGENCY_KEY_PATH = os.environ.get("GRACE_AGENCY_KEY_FILE", str(_DEVELOPMENT / "keys" / "agency-main.key"))
