"""UV layout: the front as the artist drew it, the back beside it.

Two islands, cut where front meets back. Charts by angle (xatlas) were the
alternative: they break a picture into dozens of pieces that nobody can paint
on, blur it at every border, and take seconds. Here the front island *is* the
picture: everything that faces the artist lies exactly where it was drawn, so
that a straight stripe stays straight. A plain projection would leave the rim no
texels, so points there, and only there, are moved inwards along the surface,
which opens the rim up; where that would fold a triangle over, less of it is done.

The island of the back is smaller: it holds a soft fill and needs less.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from arp_bridge.capabilities.meshfile import TriangleMesh, read_mesh, write_mesh
from arp_bridge.capabilities.solidity import smooth_normals, weld
from arp_core.orchestrate.capability import (
    CapabilityResult,
    CapabilitySpec,
    JsonScalar,
    Port,
    ReportProgress,
)

SPEC = CapabilitySpec(
    name="uv-unwrap",
    version="1.0.0",
    title=("UV layout", "UV 展开"),
    source_type="algorithmicallyEnhanced",
    reproducibility="bit_exact",
    inputs=(Port("mesh", ("application/ply",)),),
    outputs=(Port("mesh", ("application/ply",)),),
    code=("capabilities/unwrap.py", "capabilities/meshfile.py", "capabilities/solidity.py"),
    tools=("numpy",),
)

#: How far the rim is opened, and how often folds are taken back.
_OPENING = 0.4
_ROUNDS = 16
#: Squared sine of the slope from which the rim is opened, and how often its
#: shift is averaged between neighbours (normals of few triangles are noisy).
_STEEP = 0.6
_EVENING = 3
#: How often folds that are left are drawn apart.
_UNFOLDING = 24
_BACK_SCALE = 0.6
#: Free border around each island, in texture widths (10 texels of 1024).
_MARGIN = 10 / 1024
#: UVs are multiples of this, so that 1 − v survives float32 exactly.
_SNAP = 65536.0


def run(
    inputs: Mapping[str, Path],
    parameters: Mapping[str, JsonScalar],  # noqa: ARG001 - part of the capability interface; there are none
    out: Path,
    seed: int,  # noqa: ARG001 - part of the capability interface; nothing here is random
    progress: ReportProgress,
) -> CapabilityResult:
    """Return the mesh with texture coordinates; points on the cut stand twice."""
    mesh = read_mesh(inputs["mesh"])
    points, faces = weld(mesh.points, mesh.faces)
    position = points.astype(np.float64)
    front = position[faces, 2].sum(axis=1) >= 0.0
    normals = smooth_normals(position, faces)
    opening = np.full(len(position), _OPENING)
    shift = _rim_shift(position, normals, faces)
    for number in range(1, _ROUNDS + 1):
        flat, corners, source = _lay_flat(position, shift, faces, front, opening=opening)
        texcoords = _pack(flat, corners, front)
        folded = _signed_area(texcoords, corners) <= 0.0
        progress(number / _ROUNDS)
        if not folded.any():
            break
        # Only around a fold is less opened.
        opening[np.unique(source[corners[folded]])] *= 0.5 if number < _ROUNDS - 1 else 0.0
    texcoords, folded = _unfold(flat, corners, front)
    target = out / "mesh.ply"
    write_mesh(target, TriangleMesh(points[source], corners, texcoords.astype(np.float32)))
    return CapabilityResult(
        outputs={"mesh": target},
        facts={
            "islands": 2,
            "rounds": number,
            "folded_triangles": int(folded.sum()),
            "used_share": round(float(_signed_area(texcoords, corners).sum()) / 2.0, 6),
        },
    )


def _unfold(
    flat: NDArray[np.float64], corners: NDArray[np.int32], front: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the packed layout with the fewest folds found; folded corners move to the middle of their neighbours."""
    tails, heads = corners.reshape(-1), np.roll(corners, -1, axis=1).reshape(-1)
    tails, heads = np.concatenate([tails, heads]), np.concatenate([heads, tails])
    degree = np.bincount(tails, minlength=len(flat))
    best = _pack(flat, corners, front)
    fewest = _signed_area(best, corners) <= 0.0
    folded = fewest
    for _ in range(_UNFOLDING):
        if not folded.any():
            break
        around = [np.bincount(tails, weights=flat[heads, axis], minlength=len(flat)) / degree for axis in (0, 1)]
        moving = np.zeros(len(flat), bool)
        moving[corners[folded].reshape(-1)] = True
        flat = np.where(moving[:, None], np.stack(around, axis=1), flat)
        layout = _pack(flat, corners, front)
        folded = _signed_area(layout, corners) <= 0.0
        if folded.sum() < fewest.sum():
            best, fewest = layout, folded
    return best, fewest


def _rim_shift(
    position: NDArray[np.float64], normals: NDArray[np.float64], faces: NDArray[np.int32]
) -> NDArray[np.float64]:
    """Return how far each point is to move inwards for an opening of 1, (n, 2); 0 on all but steep places.

    On a round cross-section of radius r the point at angle φ moves by
    r · sin φ · cos φ · w², where w grows from 0 at ``_STEEP`` to 1 on the rim.
    """
    steep = normals[:, 0] ** 2 + normals[:, 1] ** 2
    weight = np.clip((steep - _STEEP) / (1.0 - _STEEP), 0.0, 1.0)
    shift = normals[:, :2] * (position[:, 2] * weight * weight)[:, None]
    tails, heads = faces.reshape(-1), np.roll(faces, -1, axis=1).reshape(-1)
    degree = np.maximum(np.bincount(tails, minlength=len(position)), 1)
    for _ in range(_EVENING):
        around = [np.bincount(tails, weights=shift[heads, axis], minlength=len(position)) / degree for axis in (0, 1)]
        # The flat part stays where it was drawn.
        shift = np.where((weight > 0.0)[:, None], 0.5 * (shift + np.stack(around, axis=1)), 0.0)
    return shift


def _lay_flat(
    position: NDArray[np.float64],
    shift: NDArray[np.float64],
    faces: NDArray[np.int32],
    front: NDArray[np.bool_],
    *,
    opening: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int32], NDArray[np.int64]]:
    """Return flat positions (k, 2), faces on them (m, 3), and the point each came from (k,)."""
    moved = shift * opening[:, None]
    ahead, behind = position[:, :2] - moved, position[:, :2] + moved
    behind[:, 0] = -behind[:, 0]
    # Point p of the front stands at p, of the back at p + n; unused ones are dropped.
    split = np.where(front[:, None], faces, faces + len(position))
    used, compact = np.unique(split, return_inverse=True)
    flat = np.concatenate([ahead, behind])[used]
    return flat, compact.reshape(-1, 3).astype(np.int32), used % len(position)


def _pack(flat: NDArray[np.float64], corners: NDArray[np.int32], front: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the islands side by side or above one another, whichever is larger, snapped, in 0…1."""
    island = np.zeros(len(flat), bool)
    island[corners[front].reshape(-1)] = True
    boxes = []
    for part in (island, ~island):
        chosen = flat[part] if part.any() else np.zeros((1, 2))
        boxes.append((chosen.min(axis=0), np.maximum(chosen.max(axis=0) - chosen.min(axis=0), 1e-9)))
    (low, size), (back_low, back_size) = boxes
    back_size = back_size * _BACK_SCALE
    free, gaps = 1.0 - 2 * _MARGIN, 1.0 - 3 * _MARGIN
    beside = min(gaps / (size[0] + back_size[0]), free / max(size[1], back_size[1]))
    above = min(free / max(size[0], back_size[0]), gaps / (size[1] + back_size[1]))
    scale = max(beside, above)
    offset = np.array([_MARGIN + size[0] * scale, 0.0]) if beside >= above else np.zeros(2)
    drop = np.zeros(2) if beside >= above else np.array([0.0, _MARGIN + back_size[1] * scale])
    placed = np.empty_like(flat)
    # The front stands left, or above the back.
    placed[island] = (flat[island] - low) * scale + _MARGIN + drop
    placed[~island] = (flat[~island] - back_low) * (scale * _BACK_SCALE) + _MARGIN + offset
    return np.rint(placed * _SNAP) / _SNAP


def _signed_area(flat: NDArray[np.float64], corners: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return twice each triangle's area in the layout, negative where it is folded over."""
    a, b, c = (flat[corners[:, k]] for k in range(3))
    area: NDArray[np.float64] = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    return area
