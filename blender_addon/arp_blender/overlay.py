# SPDX-License-Identifier: GPL-3.0-or-later
"""Badges over the objects in a 3D view: icon and word on a plate, one for each asset."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import blf
import bpy
import gpu
from bpy_extras.view3d_utils import location_3d_to_region_2d
from gpu_extras.batch import batch_for_shader
from mathutils import Vector

from arp_core.scene import presenter
from arp_core.scene.asset import SceneAsset
from arp_core.scene.states import NEVER_COLLAPSE

from . import governed, icons, preferences, runtime
from .language import current

_FULL = 40  # badges with words; beyond it, icons only
_ICONS = 200  # icons; beyond it, only states that must always show
_ALPHA = 0.8
_PLATE = (0.10, 0.10, 0.11, _ALPHA)
_TEXT = (0.95, 0.95, 0.95, 1.0)

Project = Callable[[Vector], Vector | None]

_handle: list[object] = []
_textures: dict[str, gpu.types.GPUTexture] = {}


@dataclass(frozen=True)
class Plate:
    """One badge to draw: the point of the region it stands above, its icon and its text."""

    x: float
    y: float
    icon: str
    text: str


def plates(assets: Sequence[SceneAsset], project: Project) -> list[Plate]:
    """Return what to draw; when the view is full, the worst states keep their badges."""
    objects = {governed.key_of(obj): obj for obj in bpy.data.objects} if assets else {}
    drawn: list[Plate] = []
    for number, asset in enumerate(assets):
        always = asset.state in NEVER_COLLAPSE
        if number >= _ICONS and not always:
            continue
        members = [objects[key] for key in asset.members if key in objects and objects[key].visible_get()]
        where = _above(members, project)
        if where is None:
            continue
        badge = presenter.asset_badge(asset, language=current())
        full = number < _FULL or always
        drawn.append(Plate(where[0], where[1], f"{badge.icon}_dark", badge.word if full else ""))
    return drawn


def draw_badges_at(project: Project) -> None:
    """Draw the badges; ``project`` takes a point of the scene to the region's pixels."""
    scale = bpy.context.preferences.system.ui_scale
    for plate in plates(runtime.session().assets, project):
        gpu.state.blend_set("ALPHA")  # drawing text switches it off again
        _draw(plate, scale=scale)
    gpu.state.blend_set("NONE")


def _above(members: Sequence[bpy.types.Object], project: Project) -> tuple[float, float] | None:
    """Return the middle of the upper edge of the objects' bounds as they stand in the view."""
    points = [project(obj.matrix_world @ Vector(corner)) for obj in members for corner in obj.bound_box]
    seen = [point for point in points if point is not None]
    if not seen:
        return None
    across = [point.x for point in seen]
    return (min(across) + max(across)) / 2, max(point.y for point in seen)


def _draw(plate: Plate, *, scale: float) -> None:
    size, pad, font = 18 * scale, 6 * scale, 0
    blf.size(font, 13 * scale)
    width = blf.dimensions(font, plate.text)[0] if plate.text else 0.0
    total = size + 2 * pad + (width + pad if plate.text else 0)
    left, bottom, height = plate.x - total / 2, plate.y + 6 * scale, size + pad
    _rounded(left, bottom, total, height, radius=height / 4)
    _image(plate.icon, left + pad, bottom + pad / 2, size)
    if plate.text:
        blf.position(font, left + size + 2 * pad, bottom + height / 2 - 4.5 * scale, 0)
        blf.color(font, *_TEXT)
        blf.draw(font, plate.text)


def _rounded(x: float, y: float, width: float, height: float, *, radius: float) -> None:
    import math

    centres = (
        (x + width - radius, y + height - radius, 0),
        (x + radius, y + height - radius, 1),
        (x + radius, y + radius, 2),
        (x + width - radius, y + radius, 3),
    )
    points = [
        (cx + radius * math.cos(angle), cy + radius * math.sin(angle))
        for cx, cy, quarter in centres
        for angle in (math.pi / 2 * (quarter + step / 4) for step in range(5))
    ]
    triangles = [(0, place, place + 1) for place in range(1, len(points) - 1)]
    shader = gpu.shader.from_builtin("UNIFORM_COLOR")
    shader.uniform_float("color", _PLATE)
    batch_for_shader(shader, "TRIS", {"pos": points}, indices=triangles).draw(shader)


def _image(name: str, x: float, y: float, size: float) -> None:
    texture = _textures.get(name)
    if texture is None:
        (width, height), pixels = icons.pixels(name)
        texture = gpu.types.GPUTexture(
            (width, height), format="RGBA16F", data=gpu.types.Buffer("FLOAT", len(pixels), pixels)
        )
        _textures[name] = texture
    shader = gpu.shader.from_builtin("IMAGE")
    shader.uniform_sampler("image", texture)
    corners = ((x, y), (x + size, y), (x + size, y + size), (x, y + size))
    coordinates = ((0, 0), (1, 0), (1, 1), (0, 1))
    batch_for_shader(shader, "TRI_FAN", {"pos": corners, "texCoord": coordinates}).draw(shader)


def _draw_view() -> None:
    chosen = preferences.get()
    if chosen is None or not chosen.overlay or not bpy.context.space_data.overlay.show_overlays:
        return
    region, view = bpy.context.region, bpy.context.region_data
    draw_badges_at(lambda point: location_3d_to_region_2d(region, view, point))


def register() -> None:
    """Draw in every 3D view from now on."""
    if not bpy.app.background:
        _handle.append(bpy.types.SpaceView3D.draw_handler_add(_draw_view, (), "WINDOW", "POST_PIXEL"))


def unregister() -> None:
    """Stop drawing."""
    while _handle:
        bpy.types.SpaceView3D.draw_handler_remove(_handle.pop(), "WINDOW")
    _textures.clear()
