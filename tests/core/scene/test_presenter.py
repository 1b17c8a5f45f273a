"""One vocabulary: every state has word, shape, colours and sentence in both languages, and none accuses."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree

import pytest

from arp_core import messages
from arp_core.scene import names, presenter, report, shapes
from arp_core.scene.asset import Reason, SceneAsset
from arp_core.scene.making import Progress
from arp_core.scene.mark import Mark, spell_path
from arp_core.scene.states import LOOKS, PRECEDENCE, State, worst
from arp_core.verify.rights import Rights

STATES = get_args(State)


@pytest.mark.parametrize("state", STATES)
def test_each_state_looks_and_reads_in_both_languages(state):
    look = LOOKS[state]
    assert look.shape in shapes.SHAPES
    assert re.fullmatch("#[0-9A-F]{6}", look.dark)
    assert re.fullmatch("#[0-9A-F]{6}", look.light)
    words = [presenter.badge(state, language=language).short for language in ("en", "zh")]
    assert words[0] != words[1]
    asset = SceneAsset(key="1", name="chair", state=state, members=("1",), version=1)
    for language in ("en", "zh"):
        sentence = presenter.sentence(asset, language=language)
        assert not re.search(r"scene_|[{}!！]|篡改|tamper", sentence), sentence


def test_only_revoked_and_suspended_are_red():
    assert {state for state, look in LOOKS.items() if look.dark == "#F85149"} == {"revoked", "suspended"}


def test_every_state_has_a_place_in_the_order():
    assert set(PRECEDENCE) == set(STATES)
    assert worst(("verified", "edited", "reexported")) == "edited"
    assert worst(("verified", "modified", "edited")) == "modified"
    assert worst(()) == "pending"


@pytest.mark.parametrize(
    ("state", "version", "english", "chinese"),
    [
        ("verified", 1, "Verified · v001", "核验通过 · v001"),
        ("edited", 3, "Edited from v003", "已编辑·待登记（自 v003）"),
        ("modified", 12, "Modified · v012", "内容已变更 · v012"),
        ("unsigned", None, "Unsigned", "未登记"),
        ("pending", 2, "Checking", "核验中"),
    ],
)
def test_the_version_follows_the_word(state, version, english, chinese):
    assert presenter.badge(state, version=version, language="en").word == english
    assert presenter.badge(state, version=version, language="zh").word == chinese


def test_what_can_be_done_next():
    def actions(state, **more):
        asset = SceneAsset(key="1", name="chair", state=state, members=("1",), version=2, **more)
        return [(each.name, each.label, each.enabled) for each in presenter.actions(asset, language="en")]

    assert actions("edited", may_register=True) == [("register_version", "Register as v003", True)]
    assert actions("unsigned") == [("register", "Register", True)]
    assert actions("verified") == []
    assert actions("modified") == []


def test_a_drawing_is_well_formed_and_its_icons_are_kept():
    folder = Path(__file__).resolve().parents[3] / "blender_addon" / "arp_blender" / "icons"
    for state, look in LOOKS.items():
        ElementTree.fromstring(shapes.svg(look.shape, colour=look.dark, size=64))
        for theme in ("dark", "light"):
            assert (folder / f"{state}_{theme}.png").is_file()


@pytest.mark.parametrize(
    ("progress", "seconds", "stage", "left"),
    [
        (Progress("sending"), 0.0, "Sending the picture", ""),
        (
            Progress("running", node="unwrap", index=5, count=11, fraction=0.4),
            6.0,
            "Laying out the UVs, 5 of 11",
            "about 9 s left",
        ),
        (Progress("running", node="mask", index=2, count=11, fraction=0.1), 1.0, "Cutting out the object, 2 of 11", ""),
        (Progress("running", node="some_new", index=1, count=2, fraction=0.0), 1.0, "some new, 1 of 2", ""),
        (Progress("succeeded"), 9.0, "Ready", ""),
    ],
)
def test_progress_in_words(progress, seconds, stage, left):
    view = presenter.job_view(progress, seconds=seconds, language="en")
    assert (view.stage, view.left) == (stage, left)


def test_a_report_escapes_names_and_lists_everything():
    assets = (
        SceneAsset(
            key="1",
            name="<script>椅子</script>",
            state="modified",
            members=("1",),
            version=1,
            reasons=(Reason("scene_changed", {"name": "<b>"}),),
        ),
        SceneAsset(key="2", name="table", state="verified", members=("2",), version=4),
    )
    at = datetime(2026, 1, 31, 12, tzinfo=UTC)
    page = report.html(assets, scene="sh010.blend", host="Memory 1.0", at=at, language="zh")
    assert "<script>" not in page
    assert "&lt;script&gt;椅子&lt;/script&gt;" in page
    assert "内容已变更 · v001" in page
    assert "核验通过 · v004" in page
    assert "&lt;b&gt;" in page


@pytest.mark.parametrize(
    ("given", "stem"),
    [
        ("chair", "chair"),
        ("椅子 no. 3", "椅子 no. 3"),
        ("a/b\\c:d", "a_b_c_d"),
        ("  .  ", "asset"),
        ("con", "_con"),
        ("e\u0301tude", "étude"),
        ("x" * 300, "x" * 60),
        ("🪑" * 40, "🪑" * 30),
    ],
)
def test_an_artists_name_names_a_file_everywhere(given, stem):
    assert names.file_stem(given) == stem


def test_versions_replace_each_other_in_names():
    assert names.version_stem("chair", version=2) == "chair_v002"
    assert names.version_stem("chair_v002", version=3) == "chair_v003"
    assert names.version_stem("chair_vase", version=2) == "chair_vase_v002"


def test_a_mark_survives_its_properties_and_a_move(tmp_path: Path):
    old, new = tmp_path / "old", tmp_path / "new"
    mark = Mark(
        credential="cred_x", sidecar_sha256="a" * 64, path=spell_path(old / "a" / "b.glb", scene_folder=old), mesh="m"
    )
    assert mark.path == "a/b.glb"
    assert Mark.read(mark.properties()) == mark
    assert Mark.read({}) is None
    moved = mark.moved(old_folder=old, new_folder=new)
    assert moved.file(scene_folder=new) == old / "a" / "b.glb"
    assert moved.moved(old_folder=new, new_folder=tmp_path).path == "old/a/b.glb"


def test_every_sentence_of_the_scene_exists_in_both_languages():
    from arp_core.messages.scene import TEXTS

    for key, (english, chinese) in TEXTS.items():
        assert english
        assert chinese
        placeholders = [set(re.findall(r"{(\w+)}", text)) for text in (english, chinese)]
        assert placeholders[0] == placeholders[1], key
    assert messages.text("scene_state_verified", language="zh-CN") == "核验通过"


@pytest.mark.parametrize("verdict", get_args(Rights))
@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_rights_read_as_on_the_command_line(verdict, language):
    said = presenter.rights_text(verdict, language=language)
    assert said == messages.text(f"rights_verdict_{verdict}", language=language)
    assert said != verdict.replace("_", " ")
    assert "权利" not in said
