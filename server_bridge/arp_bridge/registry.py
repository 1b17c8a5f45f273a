"""The built-in capabilities as this home knows them: specification, measured fingerprint, filing."""

from __future__ import annotations

from pathlib import Path

from arp_bridge import capabilities
from arp_core.orchestrate import filing, fingerprint
from arp_core.orchestrate.capability import CapabilitySpec
from arp_core.orchestrate.filing import Filing
from arp_core.orchestrate.fingerprint import Fingerprint
from arp_core.station import Station

#: The folder that capabilities' ``code`` and ``weights`` are relative to.
PACKAGE = Path(__file__).parent


def measure(spec: CapabilitySpec) -> Fingerprint:
    """Return the fingerprint of a built-in capability's bytes as they are now."""
    return fingerprint.measure(spec, root=PACKAGE)


def file_built_ins(station: Station) -> dict[str, tuple[CapabilitySpec, Filing]]:
    """Return every built-in capability with its filing, signed and stored where it has none yet.

    A filing that stands is kept, whatever its state: a suspension survives.

    Raises:
        InputError: A stored filing is damaged, or a capability's code is absent.
        StorageError: A filing cannot be written.
    """
    found: dict[str, tuple[CapabilitySpec, Filing]] = {}
    for name in capabilities.CAPABILITIES:
        spec, _call = capabilities.load(name)
        found[name] = (spec, filing.file_capability(station, spec, fingerprint=measure(spec)))
    return found
