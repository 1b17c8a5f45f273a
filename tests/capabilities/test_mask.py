"""Foreground mask: the object, its holes, and pictures that have none."""

from __future__ import annotations

import numpy as np
import pictures
import pytest
from PIL import Image
from scipy import ndimage

from arp_bridge.capabilities import segment
from arp_bridge.capabilities.mask import choose_mode
from arp_bridge.capabilities.matte import clean
from arp_core.errors import InputError

MUG = pictures.mug(256)
needs_weights = pytest.mark.skipif(
    not segment.WEIGHTS.is_file(), reason="u2netp.onnx is not fetched (tools/fetch_weights.py)"
)


def _holes(mask):
    labels, count = ndimage.label(mask < 128)
    outside = set(np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])))
    return [index for index in range(1, count + 1) if index not in outside]


def _intake(capability, tmp_path, image):
    path = pictures.written(tmp_path, "picture.png", pictures.encoded(image, "PNG"))
    return capability("image-intake", {"image": path}).outputs["image"]


MODES = [
    ("alpha", MUG, "alpha"),
    pytest.param("u2netp", pictures.on_backdrop(MUG, (96, 128, 150)), "u2netp", marks=needs_weights),
    ("grabcut", pictures.on_backdrop(MUG, (96, 128, 150)), "grabcut"),
]


@pytest.mark.parametrize(("mode", "image", "recorded"), MODES)
def test_the_hole_of_a_handle_stays_open(capability, tmp_path, mode, image, recorded):
    made = capability("foreground-mask", {"image": _intake(capability, tmp_path, image)}, mode=mode)
    mask = pictures.pixels(made.outputs["mask"])
    wanted = np.asarray(MUG)[..., 3] >= 128
    got = mask >= 128
    assert made.facts["mode"] == recorded
    assert len(_holes(mask)) == 1
    assert (got & wanted).sum() / (got | wanted).sum() > 0.93


def test_uses_grabcut_where_the_weights_are_absent(capability, tmp_path, monkeypatch):
    monkeypatch.setattr(segment, "WEIGHTS", tmp_path / "absent.onnx")
    image = _intake(capability, tmp_path, pictures.on_backdrop(MUG, (96, 128, 150)))
    made = capability("foreground-mask", {"image": image}, seed=7)
    assert made.facts["mode"] == "grabcut"
    assert made.effective_seed == 7


def test_refuses_weights_that_are_not_the_pinned_file(capability, tmp_path, monkeypatch):
    monkeypatch.setattr(segment, "WEIGHTS", pictures.written(tmp_path, "u2netp.onnx", b"something else"))
    image = _intake(capability, tmp_path, pictures.on_backdrop(MUG, (96, 128, 150)))
    with pytest.raises(InputError) as caught:
        capability("foreground-mask", {"image": image})
    assert caught.value.code == "weights_mismatch"


CHOICES = [
    ("cut_out", np.asarray(MUG)[..., 3], True, "alpha"),
    ("opaque", np.full((64, 64), 255, np.uint8), True, "u2netp"),
    ("opaque_without_weights", np.full((64, 64), 255, np.uint8), False, "grabcut"),
]


@pytest.mark.parametrize(("name", "alpha", "weights", "mode"), CHOICES, ids=[row[0] for row in CHOICES])
def test_chooses(name, alpha, weights, mode):
    assert choose_mode(alpha, weights_present=weights) == mode


def _texture(seed):
    return Image.fromarray(np.random.default_rng(seed).integers(0, 255, (128, 128, 3), np.uint8), "RGB")


HOPELESS = [
    ("one_colour", Image.new("RGB", (128, 128), (200, 30, 30)), "auto", {"image_empty", "image_no_background"}),
    ("one_colour_grabcut", Image.new("RGB", (128, 128), (200, 30, 30)), "grabcut",
     {"image_empty", "image_no_background"}),
    ("noise_all_over_grabcut", _texture(3), "grabcut", {"image_empty", "image_no_background"}),
    ("opaque_alpha", Image.new("RGBA", (128, 128), (50, 90, 30, 255)), "alpha", {"image_no_background"}),
    ("three_pixels", Image.fromarray(np.pad(np.full((1, 3, 4), 255, np.uint8), ((60, 67), (60, 65), (0, 0)))), "alpha",
     {"image_empty"}),
]  # fmt: skip


@pytest.mark.parametrize(("picture", "mode", "codes"), [row[1:] for row in HOPELESS], ids=[row[0] for row in HOPELESS])
def test_refuses_a_picture_without_object_or_background(picture, mode, codes, capability, tmp_path):
    source = _intake(capability, tmp_path, picture)
    with pytest.raises(InputError) as caught:
        capability("foreground-mask", {"image": source}, mode=mode)
    assert caught.value.code in codes


def test_cleaning_drops_scraps_and_pinholes_but_keeps_parts_and_holes():
    matte = np.zeros((200, 200), np.uint8)
    matte[20:120, 20:120] = 255
    matte[60:80, 60:80] = 0
    matte[100, 100] = 0
    matte[150:180, 150:180] = 255
    matte[5, 190] = 255
    cleaned, parts = clean(matte)
    assert parts == 2
    assert len(_holes(cleaned)) == 1
    assert cleaned[100, 100] == 255
    assert cleaned[5, 190] == 0
