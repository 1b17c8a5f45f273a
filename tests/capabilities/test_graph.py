"""The whole graph, for real: on our own sample, and on foreign pictures where they are at hand."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pictures
import pytest
from PIL import Image, ImageDraw
from run_graph import run_bare

from arp_bridge.capabilities import segment
from arp_core.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "examples" / "lantern.png"
SHARED = ROOT.parent / "shared" / "images"

needs_weights = pytest.mark.skipif(
    not segment.WEIGHTS.is_file(), reason="u2netp.onnx is not fetched (tools/fetch_weights.py)"
)


@pytest.fixture(scope="module")
def lantern(tmp_path_factory):
    return run_bare(SAMPLE, tmp_path_factory.mktemp("lantern"), name="lantern", height=0.34)


def _failed(result, *, hard):
    return [f.name for rows in result.findings.values() for f in rows if f.hard == hard and not f.passed]


def test_every_finding_of_the_sample_passes(lantern):
    assert _failed(lantern, hard=True) == []
    assert _failed(lantern, hard=False) == []


def test_the_package_is_laid_out_as_contracted(lantern):
    root = lantern.delivered["export.glb"].parent
    assert sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file()) == [
        "lantern.glb",
        "lantern.usda",
        "lantern_preview.png",
        "textures/lantern_basecolor.png",
    ]


def test_glb_and_usd_hold_the_same_geometry(lantern):
    facts = lantern.facts["export"]
    assert list(facts["glb_geometry"].values()) == list(facts["usd_geometry"].values())
    assert list(facts["glb_geometry"]) == ["lantern"]


def test_an_independent_reader_sees_a_closed_textured_mesh(lantern):
    import trimesh

    scene = trimesh.load(lantern.delivered["export.glb"])
    mesh = next(iter(scene.geometry.values()))
    assert mesh.extents[1] == pytest.approx(0.34, rel=1e-6)
    assert mesh.bounds[0][1] == 0.0
    assert mesh.visual.material.baseColorTexture.size == (1024, 1024)
    assert mesh.visual.material.roughnessFactor == pytest.approx(0.9)
    assert np.abs(np.linalg.norm(mesh.vertex_normals, axis=1) - 1).max() < 1e-5
    welded = trimesh.Trimesh(mesh.vertices, mesh.faces)
    welded.merge_vertices(merge_tex=True, merge_norm=True)
    assert welded.is_watertight
    assert welded.volume > 0


def test_the_front_of_the_texture_is_the_picture(lantern):
    """The flame is bright where the picture's flame is bright: nothing mirrored, nothing upside down."""
    from arp_bridge.capabilities.meshfile import read_mesh
    from arp_bridge.capabilities.studio import View, render

    mesh = read_mesh(lantern.outputs["scale.mesh"])
    texture = np.asarray(Image.open(lantern.outputs["project.texture"]))
    drawn = render(mesh, texture, size=256, view=View(yaw=0.0, pitch=0.0)).astype(float).mean(axis=2)
    top, bottom = drawn[40:120, 100:156], drawn[150:215, 100:156]
    assert drawn[90:140, 118:138].mean() > max(top.mean() * 0.9, bottom.mean()) * 1.1


def test_the_back_carries_no_ghost_of_a_face(tmp_path):
    cut = pictures.disc(256)
    draw = ImageDraw.Draw(cut)
    for x in (100, 156):
        draw.ellipse((x - 14, 96, x + 14, 124), fill=(10, 10, 10, 255))
    draw.rectangle((100, 160, 156, 168), fill=(10, 10, 10, 255))
    result = run_bare(pictures.written(tmp_path, "face.png", pictures.encoded(cut, "PNG")), tmp_path / "out", name="f")
    from arp_bridge.capabilities.meshfile import read_mesh

    mesh = read_mesh(result.outputs["unwrap.mesh"])
    texture = np.asarray(Image.open(result.outputs["project.texture"])).astype(float)
    centre = mesh.points[mesh.faces].mean(axis=1)
    uv = mesh.texcoords[mesh.faces].mean(axis=1)
    shade = texture[((1 - uv[:, 1]) * 1024).astype(int), (uv[:, 0] * 1024).astype(int)].mean(axis=1)
    front, back = shade[centre[:, 2] > 0.02], shade[centre[:, 2] < -0.02]
    assert front.min() < 40
    assert back.min() > 120


def test_no_backdrop_shows_at_the_rim(tmp_path):
    """A red object before green: no texel that the mesh uses is greener than red."""
    cut = pictures.disc(256)
    red = Image.merge("RGBA", [*Image.new("RGB", cut.size, (200, 40, 40)).split(), cut.getchannel("A")])
    green = pictures.on_backdrop(red, (20, 220, 40))
    green.putalpha(cut.getchannel("A"))
    result = run_bare(pictures.written(tmp_path, "red.png", pictures.encoded(green, "PNG")), tmp_path / "out", name="r")
    texture = np.asarray(Image.open(result.outputs["project.texture"])).astype(int)
    assert (texture[..., 0] - texture[..., 1]).min() > 100


PROGRAM = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from arp_bridge.capabilities import determinism
determinism.apply()
from run_graph import run_bare
result = run_bare(Path(sys.argv[2]), Path(sys.argv[3]), name="lantern", height=0.34)
print("\\n".join(f"{name} {digest}" for name, digest in result.digests().items()))
"""


PINNED = "import os, sys; os.sched_setaffinity(0, {int(sys.argv[1])}); os.execv(sys.argv[2], sys.argv[2:])"


def _in_another_process(image, out, **environment):
    command = [sys.executable, "-c", PROGRAM, str(Path(__file__).parent), str(image), str(out)]
    if environment.pop("ONE_CORE", None) and hasattr(os, "sched_setaffinity"):
        first = min(os.sched_getaffinity(0))
        command = [sys.executable, "-c", PINNED, str(first), *command]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | environment)
    return dict(line.split(" ") for line in done.stdout.strip().splitlines())


def test_another_process_on_one_core_gives_the_same_bytes(lantern, tmp_path):
    other = _in_another_process(SAMPLE, tmp_path / "ä other 家", ONE_CORE="1", OMP_NUM_THREADS="1", PYTHONHASHSEED="77")
    assert other == lantern.digests()


@needs_weights
@pytest.mark.slow
def test_the_network_path_gives_the_same_bytes_in_two_processes(tmp_path):
    image = ROOT / "examples" / "lantern_studio.png"
    first = _in_another_process(image, tmp_path / "a", PYTHONHASHSEED="1")
    second = _in_another_process(image, tmp_path / "b", ONE_CORE="1", PYTHONHASHSEED="2")
    assert first == second


@needs_weights
@pytest.mark.slow
@pytest.mark.parametrize("name", ["robot.png", "chair.png", "hamburger.png", "teapot_rgb.png"])
def test_foreign_pictures_pass_every_hard_check(tmp_path, name):
    if not (SHARED / name).is_file():
        pytest.skip("the shared sample pictures are not on this machine")
    result = run_bare(SHARED / name, tmp_path, name="foreign", height=1.0)
    assert _failed(result, hard=True) == []
    assert "silhouette_overlap" not in _failed(result, hard=False)


NAMES = [("slash", "a/b"), ("parent", ".."), ("empty", ""), ("newline", "a\nb"), ("at", "a@b"), ("long", "x" * 200)]


@pytest.mark.parametrize(("case", "name"), NAMES, ids=[row[0] for row in NAMES])
def test_refuses_a_name_that_files_cannot_carry(lantern, capability, case, name):
    inputs = {"mesh": lantern.outputs["scale.mesh"], "texture": lantern.outputs["project.texture"]}
    with pytest.raises(InputError) as caught:
        capability("asset-export", inputs, name=name)
    assert caught.value.code == "asset_name_invalid"


@pytest.mark.parametrize("name", ["茶壶", "old lantern 3", "3d", "ランプ🏮"])
def test_exports_under_any_honest_name(lantern, capability, name):
    inputs = {"mesh": lantern.outputs["scale.mesh"], "texture": lantern.outputs["project.texture"]}
    made = capability("asset-export", inputs, name=name)
    checked = capability(
        "asset-quality",
        {
            "glb": made.outputs["glb"],
            "usd": made.outputs["usd"],
            "texture": made.outputs["texture"],
            "mask": lantern.outputs["mask.mask"],
            "shape": lantern.outputs["unwrap.mesh"],
        },
        height=0.34,
    )
    assert [f.name for f in checked.findings if not f.passed] == []


def _spoiled(lantern, capability, **parameters):
    keys = {"glb": "export.glb", "usd": "export.usd", "texture": "export.texture", "mask": "mask.mask",
            "shape": "unwrap.mesh"}  # fmt: skip
    inputs = {port: lantern.outputs[source] for port, source in keys.items()} | parameters.pop("inputs", {})
    made = capability("asset-quality", inputs, **{"height": 0.34, **parameters})
    return {f.name for f in made.findings if not f.passed}


def test_quality_finds_what_is_wrong(lantern, capability, tmp_path):
    assert _spoiled(lantern, capability) == set()
    assert _spoiled(lantern, capability, height=0.35) == {"height_m"}
    assert _spoiled(lantern, capability, faces=500) == {"face_budget"}
    odd = tmp_path / "odd.png"
    Image.new("RGBA", (100, 60)).save(odd)
    assert _spoiled(lantern, capability, inputs={"texture": odd}) == {"texture_px", "texture_mode", "texture_shared"}
    text = lantern.outputs["export.usd"].read_text("utf-8")
    moved = pictures.written(tmp_path, "moved.usda", text.replace("@./textures/", "@/elsewhere/").encode())
    assert "usd_textures_found" in _spoiled(lantern, capability, inputs={"usd": moved})
    tilted = pictures.written(tmp_path, "tilted.usda", text.replace('upAxis = "Y"', 'upAxis = "Z"').encode())
    assert {"usd_stage", "same_geometry"} <= _spoiled(lantern, capability, inputs={"usd": tilted})
    blank = tmp_path / "blank.png"
    Image.new("L", (768, 768), 255).save(blank)
    assert _spoiled(lantern, capability, inputs={"mask": blank}) == {"silhouette_overlap"}


def test_the_preview_carries_its_label_high_enough(lantern):
    finding = lantern.findings["thumbnail"][0]
    assert (finding.name, finding.hard, finding.passed) == ("explicit_label_height", True, True)
    drawn = np.asarray(Image.open(lantern.delivered["thumbnail.preview"])).astype(int)
    assert drawn.shape == (512, 512, 3)
    bright = np.nonzero((drawn[430:] > 225).all(axis=2).any(axis=1))[0]
    assert bright.max() - bright.min() >= 0.05 * 512
