"""Every GRACE_… environment variable, declared once: name, type, default, meaning, and whether it is a secret.

A secret may also be given as ``GRACE_…_FILE``, the path of a file that holds it. A variable that starts with ``GRACE_``
and is not declared here stops the start, so that a misspelt setting is never silently ignored.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from grace.host.errors import WrongSetting

T = TypeVar("T")

PREFIX = "GRACE_"
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})


def text(raw: str) -> str:
    """Any text."""
    return raw


def switch(raw: str) -> bool:
    """Yes or no."""
    word = raw.strip().lower()
    if word not in _TRUE | _FALSE:
        raise ValueError("write yes or no")
    return word in _TRUE


def path(raw: str) -> Path:
    """A path; ``~`` is the home folder, and a relative path starts at the present folder."""
    return Path(raw).expanduser().absolute()


def path_or_none(raw: str) -> Path | None:
    """A path, or nothing."""
    return path(raw) if raw else None


def name(raw: str) -> str:
    """A short name: lower-case letters, digits, hyphens."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,31}", raw):
        raise ValueError("write lower-case letters, digits and hyphens, 32 at most")
    return raw


def ledger_origin(raw: str) -> str:
    """A host name, in lower case."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{0,126}", raw):
        raise ValueError("write lower-case letters, digits, dots and hyphens")
    return raw


def words(raw: str) -> tuple[str, ...]:
    """A list with commas between."""
    return tuple(word.strip() for word in raw.split(",") if word.strip())


def whole(least: int, most: int) -> Callable[[str], int]:
    """A whole number within limits, both included."""

    def read_whole(raw: str) -> int:
        if not raw.strip().isdecimal() or not least <= int(raw) <= most:
            raise ValueError(f"write a whole number from {least} to {most}")
        return int(raw)

    read_whole.__doc__ = f"A whole number, {least} to {most}."
    return read_whole


def seconds(least: float, most: float) -> Callable[[str], float]:
    """A number of seconds within limits, both included."""

    def read_seconds(raw: str) -> float:
        try:
            number = float(raw)
        except ValueError:
            number = float("nan")
        if not least <= number <= most:
            raise ValueError(f"write a number of seconds from {least:g} to {most:g}")
        return number

    read_seconds.__doc__ = f"Seconds, {least:g} to {most:g}."
    return read_seconds


def one_of(*choices: str) -> Callable[[str], str]:
    """One of a few words."""

    def read_choice(raw: str) -> str:
        if raw not in choices:
            raise ValueError(f"write one of {', '.join(choices)}")
        return raw

    read_choice.__doc__ = f"One of {', '.join(choices)}."
    return read_choice


def postgres_url(raw: str) -> str:
    """A PostgreSQL address, or nothing."""
    if raw and not raw.startswith(("postgresql://", "postgres://")):
        raise ValueError("write postgresql://user:password@host:port/database")
    return raw


def is_webhook(raw: str) -> bool:
    """Whether an address may be posted to: https, or http on this machine itself."""
    try:
        parts = urlsplit(raw)
        parts.port  # noqa: B018 - reading it checks it
    except ValueError:
        return False
    is_here = parts.hostname in {"127.0.0.1", "::1", "localhost"}
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and is_here))


def webhook(raw: str) -> str:
    """An https address, an http address on this machine itself, or nothing."""
    if raw and not is_webhook(raw):
        raise ValueError("write an address that begins with https://, or one on this machine itself")
    return raw


def state(raw: str) -> str:
    """A state's two-letter ISO code, in capitals, or nothing."""
    if raw and not re.fullmatch(r"[A-Z]{2}", raw):
        raise ValueError("write two capital letters, such as DE")
    return raw


def _variable(read: Callable[[str], T], default: str, meaning: str, *, secret: bool = False) -> T:
    """One declaration; ``default`` is written as an operator would write it, ``{home}`` standing for GRACE_HOME."""
    declared: T = field(metadata={"read": read, "default": default, "meaning": meaning, "secret": secret})
    return declared


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The values of all variables. The attribute ``home`` is the variable ``GRACE_HOME``, and so on."""

    home: Path = _variable(path, "~/.grace", "The folder of this installation: database, vault, keys, logs.")
    production: bool = _variable(switch, "no", "Whether real referrals are worked on. `grace doctor` is stricter then.")
    host: str = _variable(
        text, "127.0.0.1", "The address that the web server listens on. Anything but loopback belongs behind a proxy that speaks TLS."
    )
    port: int = _variable(whole(0, 65535), "0", "The port of the web server; 0 takes 8000, or the next free one.")
    allowed_hosts: tuple[str, ...] = _variable(
        words, "localhost,127.0.0.1,[::1]", "The names under which browsers may reach this installation."
    )
    https: bool = _variable(
        switch, "no", "Whether browsers reach GRACE over TLS (by a proxy that sets X-Forwarded-Proto): secure cookies and HSTS."
    )
    database_url: str = _variable(
        postgres_url, "", "Your own PostgreSQL (15 or newer), as the role that runs. Empty: the embedded server in GRACE_HOME.", secret=True
    )
    database_owner_url: str = _variable(
        postgres_url,
        "",
        "The same database, as the role that owns it; only `grace migrate` uses it. Empty: the same as GRACE_DATABASE_URL.",
        secret=True,
    )
    postgres_user: str = _variable(
        text, "", "As root only: run the embedded server as this system user, in a folder of that user, rather than in a user namespace."
    )
    postgres_folder: Path = _variable(
        path, "/var/lib/grace", "As root with GRACE_POSTGRES_USER only: where that user's data folder is made."
    )
    keys: Path = _variable(path, "{home}/keys", "The folder of the keys; keep a tested copy of it in another place.")
    keys_copy: Path = _variable(
        path, "{home}/keys-copy-not-set", "Where the copy of the keys can be read, so that `grace doctor` can test it."
    )
    vault: Path = _variable(path, "{home}/vault", "The folder of the encrypted files.")
    static: Path = _variable(path, "{home}/static", "The folder that the web server's style sheets and scripts are collected into.")
    agency_key: str = _variable(name, "1", "The agency key that new files are sealed with: GRACE_KEYS/agency-<this>.key.")
    ledger_name: str = _variable(
        ledger_origin,
        "ledger.localhost",
        "The name in the ledger's signed checkpoints, such as ledger.agency.example: one for each installation, and never changed.",
    )
    secret_key: str = _variable(text, "", "Signs sessions. Empty: made on first start and kept among the keys.", secret=True)
    secret_key_fallbacks: tuple[str, ...] = _variable(
        words, "", "Earlier secret keys, with commas between: what was signed or sealed with them is still read.", secret=True
    )
    second_factor: bool = _variable(
        switch, "yes", "Whether opening files and administering wait for a second factor. Switch off only where another gate asks for one."
    )
    session_idle_minutes: int = _variable(whole(1, 240), "30", "After how many minutes without an act an officer is signed out.")
    session_hours: int = _variable(whole(1, 24), "12", "After how many hours an officer is signed out in any case.")
    trusted_proxies: tuple[str, ...] = _variable(
        words, "", "Addresses of proxies whose X-Forwarded-For is believed when failed sign-ins are counted by address."
    )
    metrics_token: str = _variable(text, "", "The bearer token for /metrics. Empty: only this machine itself may read them.", secret=True)
    web_workers: int = _variable(whole(1, 64), "2", "Processes of the web server.")
    web_threads: int = _variable(whole(1, 64), "4", "Threads of each process of the web server.")
    worker_jobs: int = _variable(whole(1, 64), "2", "Jobs that one worker runs at the same time.")
    decoding_strict: bool = _variable(
        switch,
        "no",
        "Whether nothing is decoded where one of the walls around decoding is missing (`grace doctor` lists them); else it goes on with the rest.",
    )
    video_jobs: int = _variable(
        whole(1, 64),
        "1",
        "Videos that all workers together look into at the same time. A video may take ten minutes: fewer than the jobs of all workers, so "
        "that nothing else waits.",
    )
    sequence_every: float = _variable(seconds(0.05, 1), "0.5", "How often new ledger entries are numbered and hashed.")
    largest_upload: int = _variable(whole(1, 4096), "64", "Megabytes that a request to the API may hold at most.")
    reporting_name: str = _variable(
        ledger_origin,
        "grace.localhost",
        "The name under which providers report to this installation, such as reports.agency.example: it numbers their reports, and is never "
        "changed.",
    )
    report_file_megabytes: int = _variable(whole(1, 16384), "16384", "Megabytes that a file of a provider's report may hold at most.")
    report_files: int = _variable(whole(1, 2000), "1000", "Files that a provider may put into one report.")
    open_reports: int = _variable(whole(1, 1_000_000), "1000", "Unfinished reports that a provider may have at the same time.")
    report_requests: int = _variable(whole(1, 100_000), "1200", "Requests a minute that a provider may send under one login.")
    alert_email: str = _variable(text, "", "The address that is told of an urgent referral, by its number only. Empty: nobody.")
    alert_webhook: str = _variable(
        webhook, "", "The address that an urgent referral is posted to, by its number only. Empty: none.", secret=True
    )
    watch: Path | None = _variable(
        path_or_none, "", "A folder from which `grace up` takes in what is copied there, for the unit GRACE_WATCH_UNIT. Empty: none."
    )
    watch_unit: str = _variable(text, "", "The short name of the unit that receives what comes by GRACE_WATCH.")
    passwords_file: Path | None = _variable(
        path_or_none, "", "A file of passwords, one a line, that are tried on encrypted ZIPs and PDFs. Empty: none are tried."
    )
    imap_host: str = _variable(text, "", "The mail server from whose mailbox `grace receive --imap` takes mails in. Empty: none.")
    imap_port: int = _variable(whole(1, 65535), "993", "The port of that mail server.")
    imap_tls: str = _variable(
        one_of("tls", "starttls", "no"), "tls", "How the connection to the mailbox is encrypted; `no` to this machine itself only."
    )
    imap_user: str = _variable(text, "", "The name to open the mailbox with.")
    imap_password: str = _variable(text, "", "The password to open the mailbox with.", secret=True)
    imap_folder: str = _variable(text, "INBOX", "The folder of the mailbox that mails are taken from.")
    imap_taken: str = _variable(
        text, "", "The folder that mails are moved to once they are taken in. Empty: they stay where they are, marked `$GraceTaken`."
    )
    imap_unit: str = _variable(text, "", "The short name of the unit that receives what comes by mail, under `grace up`.")
    imap_every: float = _variable(seconds(1, 3600), "60", "How often the mailbox is looked into.")
    networks: Path | None = _variable(
        path_or_none,
        "",
        "A CSV file of networks and the states that they are allocated in (network,state,kind), asked before the registries' data. Empty: none.",
    )
    mmdb: Path | None = _variable(
        path_or_none, "", "A country database in the MaxMind format that you have licensed; needs the extra `mmdb`. Empty: none."
    )
    list_secrets: Path = _variable(
        path, "{home}/keys/lists", "The folder of files NAME.secret, each holding name:password for a list that is fetched."
    )
    vics_categories: Path | None = _variable(
        path_or_none, "", "A JSON file of national VICS categories: what each number means, and its words. Empty: numbers as they are."
    )
    agency_name: str = _variable(text, "", "The name of this agency on the card that it gives to others, such as Example Police, Unit 7.")
    agency_state: str = _variable(state, "", "The state of this agency.")
    agency_address: str = _variable(
        webhook, "", "Where other installations reach this one, without a slash at its end. Empty: by file only, across an air gap."
    )
    exchange_key: str = _variable(
        name, "1", "The exchange key that signs what leaves and opens what comes: GRACE_KEYS/exchange-<this>.key."
    )
    exchange_unit: str = _variable(
        text, "", "The short name of the unit that receives what other agencies hand over. Empty: nothing is taken in."
    )
    exchange: Path = _variable(path, "{home}/exchange", "The folder where packages of other agencies lie, encrypted, until they are whole.")
    largest_package: int = _variable(whole(1, 65536), "4096", "Megabytes that a package of another agency may hold at most.")
    smtp_host: str = _variable(text, "localhost", "The mail server that alerts are handed to.")
    smtp_port: int = _variable(whole(1, 65535), "25", "The port of the mail server.")
    smtp_user: str = _variable(text, "", "The name to sign in to the mail server with. Empty: without signing in.")
    smtp_password: str = _variable(text, "", "The password to sign in to the mail server with.", secret=True)
    smtp_tls: str = _variable(one_of("no", "starttls", "tls"), "no", "How the connection to the mail server is encrypted.")
    smtp_from: str = _variable(text, "grace@localhost", "The address that alerts come from.")
    log_level: str = _variable(one_of("debug", "info", "warning", "error"), "info", "How much is logged.")
    language: str = _variable(text, "en", "The language for whoever has not chosen one (a two-letter code of an EU language).")


@dataclass(frozen=True, slots=True)
class Declaration:
    """One variable as the documentation shows it."""

    name: str
    takes: str
    default: str
    meaning: str
    secret: bool


def _name(variable: Field[Any]) -> str:
    return PREFIX + variable.name.upper()


def declarations() -> Iterator[Declaration]:
    """Every variable, in the order of declaration."""
    for variable in fields(Environment):
        facts = variable.metadata
        takes = (facts["read"].__doc__ or "").strip().rstrip(".")
        yield Declaration(_name(variable), takes, facts["default"], facts["meaning"], facts["secret"])


def read(environ: Mapping[str, str] | None = None) -> Environment:
    """The values of this process's environment, or of ``environ``. Raises :class:`WrongSetting` for the first wrong one."""
    source = os.environ if environ is None else environ
    _refuse_unknown(source)
    values: dict[str, Any] = {}
    for variable in fields(Environment):
        raw = _raw(variable, source)
        if raw is None:
            raw = variable.metadata["default"].replace("{home}", str(values.get("home", "")))
        try:
            values[variable.name] = variable.metadata["read"](raw)
        except ValueError as wrong:
            raise WrongSetting(f"{_name(variable)} cannot be used.", remedy=f"Please {wrong}.") from None
    return Environment(**values)


def _raw(variable: Field[Any], source: Mapping[str, str]) -> str | None:
    """The text of a variable; None where it is not set."""
    name = _name(variable)
    if not variable.metadata["secret"] or f"{name}_FILE" not in source:
        return source.get(name)
    if name in source:
        raise WrongSetting(f"{name} and {name}_FILE are both set.", remedy="Set one of them.")
    try:
        return Path(source[f"{name}_FILE"]).read_text(encoding="utf-8").strip()
    except OSError as failure:
        raise WrongSetting(
            f"The file of {name}_FILE cannot be read: {failure.strerror}.", remedy="Mend its path or its permissions."
        ) from None


@cache
def _known() -> frozenset[str]:
    plain = {declared.name for declared in declarations()}
    return frozenset(plain | {f"{declared.name}_FILE" for declared in declarations() if declared.secret})


def _refuse_unknown(source: Mapping[str, str]) -> None:
    for name in sorted(source):
        if name.startswith(PREFIX) and name not in _known():
            near = difflib.get_close_matches(name, _known(), n=1, cutoff=0.6)
            remedy = f"Did you mean {near[0]}?" if near else "docs/reference/settings.md lists every setting; unset this one."
            raise WrongSetting(f"There is no setting {name}.", remedy=remedy)
