"""Private files and folders: readable by their owner only, written whole or not at all."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path

from grace.host.errors import WrongSetting


def private_folder(folder: Path) -> Path:
    """The folder, made with mode 0700 where it is missing. Refuses one that is a link or another user's."""
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.mkdir(exist_ok=True, mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise WrongSetting(f"{folder} is not a folder of our own.", remedy="Remove it, or set GRACE_HOME to another folder.")
    if stat.S_IMODE(found.st_mode) & 0o077:
        folder.chmod(0o700)
    return folder


def keep(file: Path, make: Callable[[], bytes]) -> bytes:
    """The bytes of a private file; where it is missing it is made once, whole, with mode 0600, also with several starters."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        private_folder(file.parent)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(make())
        stream.flush()
        os.fsync(descriptor)
    try:
        os.link(draft, file)  # unlike a rename, a link never replaces what another starter made meanwhile
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    sync(file.parent)
    return file.read_bytes()


def sync(path: Path) -> None:
    """Let the disk have what was written to a file, or which names stand in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(file: Path) -> bytes:
    """The bytes of a private file, or nothing where it is missing."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""
