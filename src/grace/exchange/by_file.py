"""The carrier across an air gap: the package becomes a file, written whole or not at all; its receipt comes back as a file."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from grace.exchange.carrier import Parcel
from grace.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class ByFile:
    """Writes parcels to one path."""

    path: Path

    def carry(self, parcel: Parcel) -> None:
        """Write the file; nothing comes back now. Raises :class:`Invalid` where a file is there already or cannot be written."""
        draft = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}.part")
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                for part in parcel.parts():
                    stream.write(part)
                stream.flush()
                os.fsync(descriptor)
            os.link(draft, self.path)  # unlike a rename, a link never replaces what is there
        except FileExistsError as fault:
            raise Invalid(f"There is a file {self.path.name} already.", remedy="Name another one.") from fault
        except OSError as fault:
            raise Invalid(
                f"{self.path.name} cannot be written ({fault.strerror}).", remedy="Mend its folder, or name another path."
            ) from fault
        finally:
            draft.unlink(missing_ok=True)
