"""The sealed picture of an asset, to be shown beside its details."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from arp_core.digest import digest_file
from arp_core.errors import ArpError

if TYPE_CHECKING:
    from arp_core.verify import Verification

_ENDING = "_preview.png"


def of(found: Verification) -> Path | None:
    """Return the preview that the credential lists, if it stands there with the signed bytes, else None.

    Args:
        found: The verification of one file of the package; it says nothing of the preview yet.
    """
    from arp_core.verify.signed import read_signed

    if found.document is None or found.sidecar is None:
        return None
    try:
        signed = read_signed(found.document)
        listed = next((each for each in signed.files if each.path.endswith(_ENDING)), None)
        if listed is None:
            return None
        picture = found.sidecar.parent / listed.path
        return picture if digest_file(picture).sha256 == listed.sha256 else None
    except ArpError:  # absent or unreadable: no picture is shown, and a check of the package says why
        return None
