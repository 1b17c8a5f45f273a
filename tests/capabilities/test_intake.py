"""Intake: what is accepted, what is refused and by which code, and what is stripped."""

from __future__ import annotations

import numpy as np
import pictures
import pytest
from PIL import Image

from arp_bridge.capabilities import decoding
from arp_core.errors import InputError

MUG = pictures.mug()
SCENE = pictures.on_backdrop(MUG, (90, 120, 160))

REFUSED = [
    ("empty_file", b"", "image_not_an_image"),
    ("text", b"this is not a picture at all, whatever its name says", "image_not_an_image"),
    ("gif", pictures.encoded(SCENE.convert("P"), "GIF"), "image_not_an_image"),
    ("svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image_not_an_image"),
    ("png_signature_alone", b"\x89PNG\r\n\x1a\n", "image_truncated"),
    ("png_cut_in_half", pictures.encoded(MUG, "PNG")[: len(pictures.encoded(MUG, "PNG")) // 2], "image_truncated"),
    ("jpeg_cut_in_half", pictures.encoded(SCENE, "JPEG")[: len(pictures.encoded(SCENE, "JPEG")) // 2],
     "image_truncated"),
    ("webp_cut_in_half", pictures.encoded(SCENE, "WEBP")[: len(pictures.encoded(SCENE, "WEBP")) // 2],
     "image_truncated"),
    ("png_promises_more_than_it_has", pictures.png_header_only(200, 200), "image_truncated"),
    ("fifty_one_megapixels", pictures.png_header_only(10_200, 5_000), "image_too_many_pixels"),
    ("decompression_bomb", pictures.png_header_only(60_000, 60_000), "image_too_many_pixels"),
    ("one_by_one", pictures.encoded(Image.new("RGB", (1, 1)), "PNG"), "image_too_small"),
    ("fifteen_high", pictures.encoded(Image.new("RGB", (200, 15)), "PNG"), "image_too_small"),
    ("fully_transparent", pictures.encoded(Image.new("RGBA", (64, 64), (9, 9, 9, 0)), "PNG"), "image_empty"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "code"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refuses(capability, tmp_path, name, data, code):
    path = pictures.written(tmp_path, f"{name}.png", data)
    with pytest.raises(InputError) as caught:
        capability("image-intake", {"image": path})
    assert caught.value.code == code
    assert caught.value.sentence() != code
    assert caught.value.sentence(language="zh") != code


def test_refuses_more_bytes_than_the_limit_without_decoding(capability, tmp_path):
    path = tmp_path / "large.png"
    with path.open("wb") as stream:
        stream.truncate(decoding.MAX_BYTES + 1)
    with pytest.raises(InputError) as caught:
        capability("image-intake", {"image": path})
    assert caught.value.code == "image_too_large"


def test_names_an_absent_file(capability, tmp_path):
    with pytest.raises(InputError) as caught:
        capability("image-intake", {"image": tmp_path / "gone.png"})
    assert caught.value.code == "image_unreadable"


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "TIFF", "BMP"])
def test_reads_each_format_under_a_name_without_suffix(capability, tmp_path, form):
    path = pictures.written(tmp_path, "0a1b2c", pictures.encoded(SCENE, form))
    made = capability("image-intake", {"image": path})
    assert made.facts["media_type"] == decoding.MEDIA_TYPES[form]
    assert made.facts["notes"] == []
    got = pictures.pixels(made.outputs["image"])
    assert got.shape == (192, 192, 4)
    assert np.abs(got[..., :3].astype(int) - np.asarray(SCENE)).mean() < 4


def test_accepts_a_good_picture_under_a_wrong_suffix_and_notes_it(capability, tmp_path):
    made = capability("image-intake", {"image": pictures.written(tmp_path, "a.jpg", pictures.encoded(MUG, "PNG"))})
    assert made.facts["media_type"] == "image/png"
    assert made.facts["notes"] == ["the name ends in .jpg, the content is image/png"]


def test_path_with_chinese_space_and_emoji(capability, tmp_path):
    made = capability(
        "image-intake", {"image": pictures.written(tmp_path, "茶 杯 🍵.png", pictures.encoded(MUG, "PNG"))}
    )
    assert made.facts["had_alpha"] is True


def test_turns_by_exif_and_removes_location_and_all_metadata(capability, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SECRET CAMERA"
    exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 14.0, 5.0), 3: "E", 4: (121.0, 28.0, 9.0)})
    wide = SCENE.resize((160, 80))
    path = pictures.written(tmp_path, "phone.jpg", pictures.encoded(wide, "JPEG", exif=exif, comment=b"SECRET NOTE"))
    made = capability("image-intake", {"image": path})
    assert made.facts["orientation"] == 6
    assert made.facts["location_removed"] is True
    clean = Image.open(made.outputs["image"])
    assert clean.size == (80, 160)
    assert clean.info == {}
    assert b"SECRET" not in made.outputs["image"].read_bytes()


def test_converts_an_embedded_profile_to_srgb(capability, tmp_path):
    data = pictures.encoded(SCENE, "PNG", icc_profile=pictures.profile_with_red_and_green_exchanged())
    made = capability("image-intake", {"image": pictures.written(tmp_path, "tagged.png", data)})
    assert made.facts["icc"] == "exchanged"
    got = pictures.pixels(made.outputs["image"])[..., :3].astype(int)
    exchanged = np.asarray(SCENE)[..., [1, 0, 2]]
    assert np.abs(got - exchanged).mean() < 6
    assert np.abs(got - np.asarray(SCENE)).mean() > 15


def test_notes_an_unusable_profile_and_goes_on(capability, tmp_path):
    data = pictures.encoded(SCENE, "PNG", icc_profile=b"not a profile" * 20)
    made = capability("image-intake", {"image": pictures.written(tmp_path, "odd.png", data)})
    assert made.facts["icc"] is None
    assert any("colour profile not usable" in note for note in made.facts["notes"])


MODES = [
    ("grey", SCENE.convert("L")),
    ("grey_alpha", MUG.convert("LA")),
    ("palette", SCENE.convert("P")),
    ("bitmap", SCENE.convert("1")),
    ("sixteen_bits", Image.fromarray(np.asarray(SCENE.convert("L")).astype(np.uint16) * 257)),
]


@pytest.mark.parametrize(("name", "image"), MODES, ids=[row[0] for row in MODES])
def test_reads_every_pixel_mode(capability, tmp_path, name, image):
    made = capability("image-intake", {"image": pictures.written(tmp_path, name, pictures.encoded(image, "PNG"))})
    got = pictures.pixels(made.outputs["image"])
    assert got.shape == (192, 192, 4)
    assert got[..., :3].std() > 5


def test_reads_cmyk(capability, tmp_path):
    data = pictures.encoded(SCENE.convert("CMYK"), "JPEG")
    made = capability("image-intake", {"image": pictures.written(tmp_path, "print.jpg", data)})
    assert np.abs(pictures.pixels(made.outputs["image"])[..., :3].astype(int) - np.asarray(SCENE)).mean() < 12


def test_takes_the_first_frame_of_an_animation(capability, tmp_path):
    other, third = (Image.new("RGB", SCENE.size, colour) for colour in ((0, 255, 0), (255, 0, 0)))
    data = pictures.encoded(SCENE, "WEBP", save_all=True, append_images=[other, third], lossless=True)
    made = capability("image-intake", {"image": pictures.written(tmp_path, "moving.webp", data)})
    assert made.facts["frames"] == 3
    assert "first of 3 frames taken" in made.facts["notes"]
    assert np.abs(pictures.pixels(made.outputs["image"])[..., :3].astype(int) - np.asarray(SCENE)).max() <= 2


def test_shrinks_a_large_picture_to_the_longer_side(capability, tmp_path):
    data = pictures.encoded(SCENE.resize((3000, 1500)), "PNG")
    made = capability("image-intake", {"image": pictures.written(tmp_path, "large.png", data)})
    assert made.facts["original_size"] == [3000, 1500]
    assert made.facts["size"] == [1024, 512]
