"""The environment record: what computed an asset, as far as its result depends on it.

No host name, user, path or serial number: a receiver may read this record.
The vector width a library dispatches to is part of it, because disabling AVX2
changes results while disabling AVX-512 does not (measured).
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from arp_core import canonical
from arp_core.digest import digest_bytes

#: Distributions whose version belongs in the record where they are installed.
KEY_PACKAGES = (
    "asset-routing-pipeline",
    "bpy",
    "fast-simplification",
    "numpy",
    "onnxruntime",
    "opencv-python-headless",
    "pillow",
    "scipy",
    "scikit-image",
    "trimesh",
    "usd-core",
    "xatlas",
)

#: x86-64 micro-architecture levels by the flags they add (x86-64 psABI, as Linux spells them).
_LEVELS: tuple[tuple[str, frozenset[str]], ...] = (
    ("x86-64-v2", frozenset(("cx16", "lahf_lm", "popcnt", "sse4_1", "sse4_2", "ssse3"))),
    ("x86-64-v3", frozenset(("abm", "avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "movbe"))),
    ("x86-64-v4", frozenset(("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"))),
)


def environment_record(*, packages: Sequence[str] = KEY_PACKAGES) -> dict[str, Any]:
    """Return the record of this process's environment.

    Dispatch is described for those libraries that this process has loaded: the
    others did not take part in the result. Calling this loads none of them.
    """
    return {
        "type": "EnvironmentRecord",
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "system": platform.system(),
        "machine": platform.machine(),
        "cpuLevel": cpu_level(),
        "packages": _versions(packages),
        "dispatch": _dispatch(),
        "switches": {
            name: os.environ[name] for name in ("OPENCV_IPP", "NPY_DISABLE_CPU_FEATURES") if name in os.environ
        },
    }


def environment_digest(record: dict[str, Any]) -> str:
    """Return the ``uEi…`` digest by which node records refer to an environment."""
    return digest_bytes(canonical.canonicalize(record)).multibase


def cpu_level(*, flags: frozenset[str] | None = None) -> str:
    """Return ``x86-64-v1`` … ``v4``, or the machine's name where levels do not apply or cannot be read."""
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return platform.machine()
    known = _flags() if flags is None else flags
    if not known:
        return platform.machine()
    level = "x86-64-v1"
    for name, needed in _LEVELS:
        if not needed <= known:
            break
        level = name
    return level


def _flags() -> frozenset[str]:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:  # not Linux: the level is then given by the machine's name only
        return frozenset()
    for line in text.splitlines():
        if line.startswith("flags"):
            return frozenset(line.partition(":")[2].split())
    return frozenset()


def _versions(packages: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in packages:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def _dispatch() -> dict[str, Any]:
    """Return what each loaded library says about the vector code it uses."""
    found: dict[str, Any] = {}
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        extensions = numpy.show_config(mode="dicts").get("SIMD Extensions", {})
        found["numpy"] = {name: extensions.get(name, []) for name in ("baseline", "found")}
    cv2 = sys.modules.get("cv2")
    if cv2 is not None:
        found["cv2"] = {"features": cv2.getCPUFeaturesLine(), "optimized": bool(cv2.useOptimized())}
    onnxruntime = sys.modules.get("onnxruntime")
    if onnxruntime is not None:
        found["onnxruntime"] = {"providers": list(onnxruntime.get_available_providers())}
    return found
