"""The WSGI entry: everything that a request needs is loaded before the first one comes, and before the server forks.

What is loaded stays as long as the process: the garbage collector is told so, since each full pass over it stopped one request in
thirty for a tenth of a second.
"""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "grace.config.settings")
application = get_wsgi_application()
reverse("queue")  # loads every screen
gc.collect()
gc.freeze()
