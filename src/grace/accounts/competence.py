"""What an officer reads and can do: stated by the officer or by whoever administers, asked by the queue when it gives work out.

Who states no language is asked for anything, so that nothing changes until somebody states one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf.locale import LANG_INFO
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grace.accounts.capabilities import Capability
from grace.accounts.models import Officer, Session
from grace.accounts.officers import held_for_change
from grace.accounts.viewer import Viewer
from grace.kernel.errors import Invalid

if TYPE_CHECKING:
    from django.db.models import QuerySet

MOST = 40
ON_DUTY = timedelta(hours=12)
"""Who used a session within this time is on duty; where nobody did, everybody counts who may decide."""
_BESIDE = {"mt": gettext_lazy("Maltese")}
"""Languages of the Union that the framework has no name for."""
_CODE = re.compile(r"[a-z]{2}")
_SKILL = re.compile(r"[^\x00-\x1f,;]{1,60}")


def language_name(code: str) -> str | Promise:
    """A language in words, in the reader's own; the code where it has none here."""
    known = LANG_INFO.get(code, {}).get("name")
    return _(known) if known else _BESIDE.get(code, code)


def read_languages(text: str) -> list[str]:
    """Codes of ISO 639-1 with commas or spaces between them, sorted. Raises :class:`Invalid` for anything else."""
    words = sorted({word.lower() for word in re.split(r"[\s,;]+", text) if word})
    wrong = next((word for word in words if not _CODE.fullmatch(word)), None)
    if wrong is not None or len(words) > MOST:
        raise Invalid(_("Languages are two letters each, such as de, en, ro."), remedy=_("Put a comma or a space between them."))
    return words


def read_skills(words: Iterable[str]) -> list[str]:
    """Names of skills, sorted, each once. Raises :class:`Invalid` for a name that is empty, too long or holds a comma."""
    found = sorted({word.strip() for word in words})
    if len(found) > MOST or any(not _SKILL.fullmatch(word) for word in found):
        raise Invalid(_("A skill is a short name without commas."))
    return found


def set_competence(viewer: Viewer, officer_id: UUID, languages: str, skills: Iterable[str] | None = None) -> Officer:
    """State what an officer reads, and can do where ``skills`` are given: the own, or as an administrator another's."""
    if viewer.via != "officer" or officer_id != viewer.officer_id:
        viewer.require(Capability.ADMINISTER)
    officer = held_for_change(officer_id)
    officer.languages = read_languages(languages)
    if skills is not None:
        officer.skills = read_skills(skills)
    officer.save(update_fields=["languages", "skills"])
    return officer


def of(officer_id: UUID) -> tuple[list[str], list[str]]:
    """The languages and the skills of an officer."""
    return Officer.objects.filter(id=officer_id).values_list("languages", "skills").first() or ([], [])


def on_duty(unit_id: UUID, now: datetime) -> Mapping[UUID, tuple[list[str], list[str]]]:
    """The languages and skills of each officer of a unit who decides and is on duty; nothing of this is shown by name."""
    able = Officer.objects.filter(unit_id=unit_id, is_active=True, locked_at=None, capabilities__contains=[Capability.DECIDE])
    here = able.filter(id__in=Session.objects.filter(officer__unit_id=unit_id, seen_at__gt=now - ON_DUTY).values("officer_id"))
    return _told(here) or _told(able)


def _told(officers: QuerySet[Officer]) -> dict[UUID, tuple[list[str], list[str]]]:
    return {officer: (languages, skills) for officer, languages, skills in officers.values_list("id", "languages", "skills")}
