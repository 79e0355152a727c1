"""The mailbox at work: what waits is taken in, and put away after the commit; what cannot be fetched stays where it is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import click
from django.db import InterfaceError, OperationalError

from grace.cli.taking import BATCH, TOGETHER, Taking
from grace.intake.mailbox import MOST_BYTES, Account, Letter, Mailbox, MailboxAway, MailboxRefused, open_mailbox
from grace.pipeline.receive import Delivery, Intake, receive


def fetch_forever(intake: Intake, account: Account, every: float) -> None:
    """Take in what comes, until interrupted. A server or a database that is away is waited for."""
    click.echo(f"Looking into the mailbox at {account.host} every {every:g} s. Interrupt to stop.")
    told = ""
    while True:
        try:
            tell(look_once(intake, account))
            told = ""
        except (OperationalError, InterfaceError):
            told = _say("The database is away; waiting for it.", told)
        except (MailboxAway, MailboxRefused) as fault:
            told = _say(str(fault), told)
        time.sleep(every)


def tell(takings: Iterator[Taking]) -> None:
    """One line for each mail, by its document's id."""
    for taking in takings:
        click.echo(f"{taking.outcome}: {taking.why or f'document {taking.document_id}'}", err=taking.document_id is None)


def _say(news: str, told: str) -> str:
    """Say what is wrong once, and not at each look."""
    if news != told:
        click.echo(news, err=True)
    return news


def look_once(intake: Intake, account: Account) -> Iterator[Taking]:
    """Take in what waits now, batch by batch, each put away once it is committed.

    A crash between the two leaves mails where they were: they are recognised next time, and put away then.
    """
    with open_mailbox(account) as mailbox:
        batch: list[tuple[Letter, Delivery]] = []
        room = TOGETHER
        for letter in mailbox.waiting():
            if letter.size > MOST_BYTES:
                yield Taking(
                    Path(mailbox.name_of(letter)),
                    "unreachable",
                    why=f"{mailbox.name_of(letter)} is too large to fetch; it stays in the mailbox.",
                )
                continue
            if batch and (letter.size > room or len(batch) == BATCH):
                yield from _take_in(intake, mailbox, batch)
                batch, room = [], TOGETHER
            content = mailbox.fetch(letter)
            if content is not None:  # else somebody took it away meanwhile
                batch.append((letter, Delivery(mailbox.name_of(letter), content)))
                room -= len(content)
        yield from _take_in(intake, mailbox, batch)


def _take_in(intake: Intake, mailbox: Mailbox, batch: list[tuple[Letter, Delivery]]) -> Iterator[Taking]:
    if not batch:
        return
    receipts = receive(intake, [delivery for _, delivery in batch])
    mailbox.put_away([letter for letter, _ in batch])
    for receipt in receipts:
        yield Taking(Path(receipt.name), receipt.outcome.value, receipt.document_id)
