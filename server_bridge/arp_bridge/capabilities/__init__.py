"""The built-in capabilities: one name, one module, nothing scanned.

Importing this package loads nothing heavy; a module is imported when its
capability is first loaded, which the worker does, never the bridge's socket.
"""

from __future__ import annotations

import importlib
from typing import cast

from arp_core.errors import InputError
from arp_core.orchestrate.capability import CapabilityCallable, CapabilitySpec

#: Capability name -> module that holds ``SPEC`` and ``run``.
CAPABILITIES: dict[str, str] = {
    "image-intake": "arp_bridge.capabilities.intake",
    "foreground-mask": "arp_bridge.capabilities.mask",
    "silhouette-inflation": "arp_bridge.capabilities.inflate",
    "mesh-decimation": "arp_bridge.capabilities.decimate",
    "uv-unwrap": "arp_bridge.capabilities.unwrap",
    "texture-projection": "arp_bridge.capabilities.project",
    "scale-calibration": "arp_bridge.capabilities.scale",
    "asset-export": "arp_bridge.capabilities.export",
    "asset-quality": "arp_bridge.capabilities.quality",
    "labelled-thumbnail": "arp_bridge.capabilities.thumbnail",
}


def load(name: str) -> tuple[CapabilitySpec, CapabilityCallable]:
    """Return the specification and the callable of a built-in capability.

    Raises:
        InputError: ``capability_unknown`` when no built-in has this name.
    """
    path = CAPABILITIES.get(name)
    if path is None:
        raise InputError("capability_unknown", name=name, known=", ".join(CAPABILITIES))
    module = importlib.import_module(path)
    return cast(CapabilitySpec, module.SPEC), cast(CapabilityCallable, module.run)
