"""The badge shapes as SVG, drawn once for panels, reports and pictures.

Each is the inside of a 24 × 24 view box, in ``currentColor``, heavy enough to
read at 12 pixels.
"""

from __future__ import annotations

from arp_core.scene.states import Shape

_SHIELD = "M12 2.2 20 5v6.4c0 4.9-3.3 8.7-8 10.4-4.7-1.7-8-5.5-8-10.4V5Z"
_LINE = 'fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"'

SHAPES: dict[Shape, str] = {
    "shield_tick": f'<path d="{_SHIELD}" {_LINE}/><path d="m8 11.8 2.8 2.9L16 9" {_LINE}/>',
    "pencil": f'<path d="M4 20l1.1-4.9L16.2 4a2.1 2.1 0 0 1 3 0l.8.8a2.1 2.1 0 0 1 0 3L8.9 18.9Z" {_LINE}/>'
    f'<path d="m13.8 6.6 3.6 3.6" {_LINE}/>',
    "triangle": f'<path d="M12 3.2 21.6 20.4H2.4Z" {_LINE}/><path d="M12 9.6v4.6" {_LINE}/>'
    '<circle cx="12" cy="17.2" r="1.4" fill="currentColor"/>',
    "circular_arrow": f'<path d="M19.6 12A7.6 7.6 0 1 1 17 6.3" {_LINE}/><path d="M17.6 2.4v4.4h-4.4" {_LINE}/>',
    "shield_question": f'<path d="{_SHIELD}" {_LINE}/>'
    f'<path d="M9.6 9.2a2.5 2.5 0 1 1 3.4 2.4c-.7.3-1 .8-1 1.5v.3" {_LINE}/>'
    '<circle cx="12" cy="16.8" r="1.4" fill="currentColor"/>',
    "octagon_bar": f'<path d="M8.1 2.6h7.8l5.5 5.5v7.8l-5.5 5.5H8.1l-5.5-5.5V8.1Z" {_LINE}/>'
    f'<path d="M7.6 12h8.8" {_LINE}/>',
    "clock": f'<circle cx="12" cy="12" r="9.2" {_LINE}/><path d="M12 6.8V12l3.4 2.4" {_LINE}/>',
    "hollow_circle": f'<circle cx="12" cy="12" r="8.6" {_LINE}/>',
    "dotted_ring": '<circle cx="12" cy="12" r="8.6" fill="none" stroke="currentColor" stroke-width="3"'
    ' stroke-linecap="round" stroke-dasharray="0 6.754"/>',
    "dashed_shield": f'<path d="{_SHIELD}" fill="none" stroke="currentColor" stroke-width="2.4"'
    ' stroke-linejoin="round" stroke-dasharray="3.6 2.6"/>',
}


def svg(shape: Shape, *, colour: str, size: int) -> str:
    """Return a whole SVG document of ``shape`` in an sRGB hex colour, ``size`` pixels square."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 24 24"'
        f' color="{colour}">{SHAPES[shape]}</svg>'
    )
