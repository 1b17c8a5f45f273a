"""A listing of a scene's assets and their states, as one HTML page that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from pathlib import Path

from arp_core import messages
from arp_core.paths import write_atomic
from arp_core.scene import presenter, shapes
from arp_core.scene.asset import SceneAsset

_STYLE = """
body { font: 15px/1.5 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif;
  margin: 2.5rem auto; max-width: 62rem; padding: 0 1rem; color: #1f2328; background: #fff; }
h1 { font-size: 1.5rem; font-weight: 600; margin: 0 0 .25rem; }
p { margin: 0 0 1.2rem; color: #59636e; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .6rem .75rem; border-bottom: 1px solid #d1d9e0; }
th { font-weight: 600; color: #59636e; font-size: .85rem; }
.badge { white-space: nowrap; font-weight: 600; }
.badge svg { vertical-align: -.25em; margin-right: .35em; }
.why li, .facts { color: #59636e; font-size: .9rem; }
ul { margin: .25rem 0 0; padding-left: 1.1rem; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 0 .6rem; margin: 0; }
dd { margin: 0; }
@media print { body { margin: 0; } tr { break-inside: avoid; } }
"""


def html(assets: Sequence[SceneAsset], *, scene: str, host: str, at: datetime, language: str) -> str:
    """Return the page.

    Args:
        assets: As the last check found them.
        scene: The scene file's name; empty for one never saved.
        host: Name and version of the DCC.
        at: When the scene was checked; shown in local time.
        language: ``en`` or ``zh``.
    """

    def say(key: str, **facts: object) -> str:
        return escape(messages.text(key, facts, language=language))

    title = say("scene_report_title", scene=scene or messages.text("scene_report_unsaved", language=language))
    made = say("scene_report_made", date=at.astimezone().strftime("%Y-%m-%d %H:%M"), host=host)
    chips = " · ".join(
        f"{chip.count} {escape(chip.badge.short)}" for chip in presenter.chips(assets, language=language)
    )
    if assets:
        head = "".join(f"<th>{say(f'scene_report_column_{name}')}</th>" for name in ("state", "name", "why", "facts"))
        rows = "\n".join(_row(asset, language=language) for asset in assets)
        body = f"<table><thead><tr>{head}</tr></thead><tbody>\n{rows}\n</tbody></table>"
    else:
        body = f"<p>{say('scene_report_none')}</p>"
    tongue = "zh-CN" if language == "zh" else "en"
    return (
        f'<!doctype html>\n<html lang="{tongue}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head>\n<body><h1>{title}</h1><p>{made}{' ' + chips if chips else ''}</p>\n{body}\n"
        "</body></html>\n"
    )


def _row(asset: SceneAsset, *, language: str) -> str:
    badge = presenter.asset_badge(asset, language=language)
    picture = shapes.svg(badge.shape, colour=badge.light, size=18)
    reasons = "".join(f"<li>{escape(text)}</li>" for text in presenter.reason_texts(asset.reasons, language=language))
    facts = "".join(
        f"<dt>{escape(line.label)}</dt><dd>{escape(line.value)}</dd>"
        for line in presenter.details(asset, language=language)
    )
    rights = presenter.rights_mark(asset, language=language)
    return (
        f'<tr><td class="badge" style="color:{badge.light}">{picture}{escape(badge.word)}'
        f"{'<br><small>' + escape(rights) + '</small>' if rights else ''}</td>"
        f"<td>{escape(asset.name)}</td>"
        f'<td class="why">{escape(presenter.sentence(asset, language=language))}'
        f"{'<ul>' + reasons + '</ul>' if reasons else ''}</td>"
        f'<td class="facts"><dl>{facts}</dl></td></tr>'
    )


def write(page: str, target: Path) -> None:
    """Write the page to ``target``.

    Raises:
        StorageError: it cannot be written.
    """
    write_atomic(target, page.encode("utf-8"))
