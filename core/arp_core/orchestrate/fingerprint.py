"""The algorithm fingerprint: one digest over code, weights, configuration and tools.

Measured here from the bytes that would run. A fingerprint that a remote
service merely states is "declared" and never counts as measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

from arp_core import canonical
from arp_core.digest import digest_bytes, digest_file
from arp_core.errors import InputError
from arp_core.orchestrate.capability import CapabilitySpec, Port


@dataclass(frozen=True)
class Fingerprint:
    """What a capability is made of; ``digest`` covers all of it."""

    kind: Literal["measured", "declared"]
    code: dict[str, str]
    weights: dict[str, str]
    configuration: str
    tools: dict[str, str]

    @property
    def sha256(self) -> bytes:
        """The 32-byte digest over the canonical form."""
        return digest_bytes(canonical.canonicalize(self._body())).sha256

    @property
    def digest(self) -> str:
        """``digestMultibase`` over the canonical form."""
        return digest_bytes(canonical.canonicalize(self._body())).multibase

    def _body(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "code": self.code,
            "weights": self.weights,
            "configuration": self.configuration,
            "tools": self.tools,
        }

    def to_json(self) -> dict[str, Any]:
        """Return the fingerprint with its digest, as it stands in a filing."""
        return {**self._body(), "digest": self.digest}


def measure(spec: CapabilitySpec, *, root: Path) -> Fingerprint:
    """Return the fingerprint of the capability whose files stand under ``root``.

    Args:
        spec: Its ``code`` and ``weights`` name files relative to ``root``;
            weights that are absent are recorded as absent, because a capability
            may run without them in another mode. ``tools`` are distributions.
        root: The package folder that holds the capability.

    Raises:
        InputError: ``capability_code_absent`` when a named code file is missing.
    """
    code: dict[str, str] = {}
    for name in spec.code:
        path = root / name
        if not path.is_file():
            raise InputError("capability_code_absent", name=spec.name, file=name)
        code[name] = digest_file(path).multibase
    weights = {
        name: digest_file(root / name).multibase if (root / name).is_file() else "absent" for name in spec.weights
    }
    return Fingerprint(
        kind="measured",
        code=code,
        weights=weights,
        configuration=digest_bytes(canonical.canonicalize(interface(spec))).multibase,
        tools={name: _version(name) for name in spec.tools},
    )


def interface(spec: CapabilitySpec) -> dict[str, Any]:
    """Return the specification sheet's machine-readable part, as JSON."""
    return {
        "name": spec.name,
        "version": spec.version,
        "sourceType": spec.source_type,
        "reproducibility": spec.reproducibility,
        "usesSeed": spec.uses_seed,
        "licence": spec.licence,
        "tier": spec.tier,
        "inputs": [_port(port) for port in spec.inputs],
        "outputs": [_port(port) for port in spec.outputs],
        "parameters": [
            {
                "name": item.name,
                "type": item.type,
                "default": item.default,
                "minimum": item.minimum,
                "maximum": item.maximum,
                "choices": list(item.choices),
                "unit": item.unit,
                "help": item.help,
            }
            for item in spec.parameters
        ],
    }


def _port(port: Port) -> dict[str, Any]:
    return {
        "name": port.name,
        "mediaTypes": list(port.media_types),
        "optional": port.optional,
        "many": port.many,
    }


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "absent"
