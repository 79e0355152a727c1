"""A report of the invented world, before any format has a say; None means that the sender does not say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from grace.sdk.intake import Kind, Role
from grace.simulate.catalogue import Digests
from grace.simulate.names import Provider
from grace.simulate.people import Account, Capture
from grace.simulate.places import STATES
from grace.simulate.plan import Form
from grace.simulate.truth import FileTruth, Standing

# The schema's own constants, used as they stand.
POSSESSION = "Child Pornography (possession, manufacture, and distribution)"
ENTICEMENT = "Online Enticement of Children for Sexual Acts"
MOLESTATION = "Child Sexual Molestation"


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file as the report names it: ``content`` None where no bytes come along; ``digests`` as the sender gives them.

    ``tags``, ``file_id``, ``public``, ``category`` and ``part`` are what few senders state; the world leaves them out.
    """

    original_name: str
    digests: Digests
    content: bytes | None
    viewed: bool | None
    capture: Capture | None
    truth: FileTruth
    tags: tuple[str, ...] = ()
    file_id: str | None = None
    public: bool | None = None
    category: str | None = None
    part: str | None = None

    @property
    def relevance(self) -> str:
        """What the file is to the report, in the schema's words."""
        return self.part or ("Supplemental Reported" if self.name.endswith(".txt") else "Reported")

    @property
    def marks(self) -> tuple[str, ...]:
        """The sender's marks: those given, else that a file is everywhere."""
        return self.tags or (("viral",) if self.truth.standing is Standing.VIRAL else ())

    @property
    def uploaded_at(self) -> datetime | None:
        """When it was uploaded, where that is stated: at the use of the address that it came by."""
        return self.capture.at if self.capture else None

    @property
    def name(self) -> str:
        """The name inside the package."""
        return self.truth.name


@dataclass(frozen=True, slots=True)
class Referral:
    """One report from one sender about one incident; all times in UTC. ``named`` are the digests that formats with a choice give.

    ``side`` is the service of the accounts where it is not the provider's own; ``division`` is the one of the provider's services
    where the report came up, of a provider that has several.
    """

    number: int
    provider: Provider
    form: Form
    incident_type: str
    incident_at: datetime
    received_at: datetime
    page: str
    text: str
    note: str | None = None
    escalation: str | None = None
    annotations: tuple[str, ...] = ()
    bundled: bool = False
    zoneless: bool = False
    accounts: tuple[Account, ...] = ()
    files: tuple[NamedFile, ...] = ()
    named: tuple[str, ...] = ("md5", "sha1", "pdq")
    side: str | None = None
    division: str | None = None

    @property
    def written_number(self) -> str | None:
        """The number where the document has a place for it: CyberTipline XML names it only beside its files."""
        return str(self.number) if self.form.is_lea or self.form is Form.GRACE_JSON or self.files else None

    @property
    def service(self) -> str:
        """The service at which the accounts stand."""
        return self.side or self.provider.name

    def by_role(self, *roles: Role) -> tuple[Account, ...]:
        """The accounts in these parts, in the order of the report."""
        return tuple(account for account in self.accounts if account.role in roles)

    def identifiers(self) -> tuple[tuple[Kind, str], ...]:
        """The identifiers of accounts, files and the page, in normal spellings, each once."""
        found = [pair for account in self.accounts for pair in account.identifiers()]
        found += [(Kind.IP, file.capture.ip) for file in self.files if file.capture]
        if self.shows_page:
            found.append((Kind.URL, self.page))
        return tuple(dict.fromkeys(found))

    @property
    def shows_page(self) -> bool:
        """True where the incident is one of a page."""
        return self.provider.incident == "web"

    def states(self) -> tuple[str, ...]:
        """The states concerned."""
        return _codes(self.accounts)

    def states_stated(self) -> tuple[str, ...]:
        """The states that an address, a location or a telephone number gives away."""
        return _codes(tuple(account for account in self.accounts if account.states_its_place))

    def places(self) -> tuple[tuple[Role, str], ...]:
        """Where the persons are, each with its part, as far as the report gives it away, by networks too."""
        return tuple(sorted({(account.role, STATES[account.state].code) for account in self.accounts if account.gives_its_place}))


def _codes(accounts: tuple[Account, ...]) -> tuple[str, ...]:
    return tuple(sorted({STATES[account.state].code for account in accounts}))
