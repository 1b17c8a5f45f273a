# SPDX-License-Identifier: GPL-3.0-or-later
"""Pieces of the panels: the first button of a first run, the counts by state, the list."""

from __future__ import annotations

import bpy

from arp_core.scene import presenter
from arp_core.scene.asset import SceneAsset

from . import governed, icons, runtime
from .language import current, say
from .panel_text import paragraph

_ROWS = 40  # assets listed at once; the chips filter the rest


def bridge(layout: bpy.types.UILayout, context: bpy.types.Context) -> None:
    """Draw the first button of a first run, where no bridge answers."""
    session = runtime.session()
    if session.bridge in ("running", "unknown"):
        return
    box = layout.box()
    if session.bridge == "starting":
        box.label(text=say("scene_bridge_starting"), translate=False)
        return
    paragraph(box, context, say("scene_bridge_needed"), inset=16)
    row = box.row()
    row.scale_y = 1.4
    row.operator("asset_routing.start_bridge", text=say("scene_action_start_bridge"), translate=False)


def chips(layout: bpy.types.UILayout, assets: tuple[SceneAsset, ...], *, chosen: str) -> None:
    """Draw how many assets are in each state; pressing one shows only those."""
    flow = layout.grid_flow(row_major=True, columns=0, even_columns=False, even_rows=False, align=True)
    for chip in presenter.chips(assets, language=current()):
        row = flow.row(align=True)
        operator = row.operator(
            "asset_routing.filter",
            text=str(chip.count),
            icon_value=icons.of_badge(chip.badge),
            depress=chosen == chip.badge.state,
            translate=False,
        )
        operator.state = chip.badge.state


def rows(layout: bpy.types.UILayout, context: bpy.types.Context, assets: list[SceneAsset]) -> None:
    """Draw one row for each asset: badge, name, word and version."""
    chosen = active(context)
    box = layout.box().column(align=True)
    for asset in assets[:_ROWS]:
        badge = presenter.asset_badge(asset, language=current())
        row = box.row(align=True)
        row.alignment = "LEFT"
        operator = row.operator(
            "asset_routing.select",
            text=f"{asset.name}    {badge.word}",
            icon_value=icons.of_badge(badge),
            emboss=chosen is not None and chosen.key == asset.key,
            translate=False,
        )
        operator.key = asset.key
    if len(assets) > _ROWS:
        box.label(text=f"… +{len(assets) - _ROWS}", translate=False)


def active(context: bpy.types.Context) -> SceneAsset | None:
    """Return the checked asset that the active object belongs to, or None."""
    obj = context.active_object
    return None if obj is None else runtime.session().asset(governed.key_of(obj))
