"""The stamp in USD: with and without the schema, through flattening and referencing, beside others' data."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import arp_core.stamp
from arp_core.digest import digest_file
from arp_core.errors import InputError
from arp_core.geometry import geometry_digests
from arp_core.stamp import read_facts, read_label, stamp_file, unsealed_digest
from arp_core.stamp.usd import ATTRIBUTES, export_canonical

pytest.importorskip("pxr", reason="usd-core is not installed")

SCHEMA = Path(arp_core.stamp.__file__).parent / "schema"


@pytest.fixture
def sealed(unsealed, tmp_path, facts):
    target = tmp_path / "sealed.usda"
    stamp_file(unsealed(".usda"), target, facts=facts)
    return target


def test_attributes_are_plain_strings(sealed):
    from pxr import Usd

    stage = Usd.Stage.Open(str(sealed))
    root = stage.GetDefaultPrim()
    authored = {each.GetName() for each in root.GetAuthoredAttributes()}
    assert authored == set(ATTRIBUTES)
    assert {str(root.GetAttribute(name).GetTypeName()) for name in ATTRIBUTES} == {"string"}
    assert not any(root.GetAttribute(name).IsCustom() for name in ATTRIBUTES)
    assert "@" not in sealed.read_text(encoding="utf-8").split("def Mesh")[0]


def test_openusd_reads_its_own_authorship_schema(sealed):
    usd_media = pytest.importorskip("pxr.UsdMedia")
    if not hasattr(usd_media, "AuthorshipAPI"):
        pytest.skip("this USD is older than AuthorshipAPI (26.11)")
    from pxr import Usd

    stage = Usd.Stage.Open(str(sealed))
    record = usd_media.AuthorshipAPI.GetAll(stage.GetDefaultPrim())[0]
    assert record.GetSoftwarePackageAttr().Get() == "io.asset-routing.image-to-3d"
    assert record.GetDigitalSourceTypeAttr().Get().endswith("/algorithmicMedia")


def test_survives_flattening_and_referencing(sealed, tmp_path, facts):
    from pxr import Usd

    flat = tmp_path / "flat.usda"
    Usd.Stage.Open(str(sealed)).Flatten().Export(str(flat))
    assert read_label(flat) == facts.label
    scene = Usd.Stage.CreateInMemory()
    prim = scene.DefinePrim("/set/chair_01")
    prim.GetReferences().AddReference(str(sealed))
    assert prim.GetAssetInfo()["identifier"] == facts.asset_uri
    assert prim.GetAssetInfo()["arp"]["credential"] == facts.credential_uri
    assert prim.GetAttribute("arp:credential:id").Get() == facts.credential_id


def test_geometry_is_the_same(sealed, unsealed):
    assert geometry_digests(sealed) == geometry_digests(unsealed(".usda"))


FOREIGN = {
    "own_asset_info": '(\n    assetInfo = {\n        asset identifier = @a.usda@\n        string name = "a"\n    }\n)',
    "own_schemas": '(\n    prepend apiSchemas = ["GeomModelAPI"]\n)',
    "explicit_schemas": '(\n    apiSchemas = ["GeomModelAPI"]\n)',
    "deleted_schemas": '(\n    delete apiSchemas = ["GeomModelAPI"]\n)',
    "nothing": "",
}


@pytest.mark.parametrize("name", FOREIGN)
def test_what_others_wrote_comes_back(tmp_path, facts, name):
    path = tmp_path / "foreign.usda"
    head = '#usda 1.0\n(customLayerData = {\n    string note = "x"\n    dictionary AIGC = {string Label = "2"}\n})\n'
    path.write_text(f'{head}def Xform "chair" {FOREIGN[name]}\n{{\n    int arp:other = 1\n}}\n', encoding="utf-8")
    before = unsealed_digest(path)
    assert read_label(path).label == "2"
    stamp_file(path, path, facts=facts)
    assert read_facts(path) == facts
    assert read_label(path) == facts.label
    assert unsealed_digest(path) == before


def test_refuses_a_layer_without_prims(tmp_path, facts):
    path = tmp_path / "empty.usda"
    path.write_text("#usda 1.0\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        stamp_file(path, path, facts=facts)
    assert caught.value.code == "usd_no_root"


def test_refuses_another_arp_dictionary(tmp_path, facts):
    path = tmp_path / "other.usda"
    path.write_text(
        '#usda 1.0\ndef "a" (\n    assetInfo = { dictionary arp = { int x = 1 } }\n)\n{\n}\n', encoding="utf-8"
    )
    with pytest.raises(InputError) as caught:
        stamp_file(path, path, facts=facts)
    assert caught.value.code == "stamp_occupied"


def test_export_is_the_same_whatever_was_done_before(unsealed, tmp_path):
    from pxr import Sdf

    path = unsealed(".usda")
    layer = Sdf.Layer.OpenAsAnonymous(str(path))
    Sdf.CreatePrimInLayer(layer, "/gone")
    del layer.rootPrims["gone"]
    again = tmp_path / "again.usda"
    export_canonical(layer, again)
    assert again.read_bytes() == path.read_bytes()
    with pytest.raises(InputError) as caught:
        export_canonical(layer, tmp_path / "again.usd")
    assert caught.value.code == "usd_suffix"


REGISTERED = """
import sys
from pxr import Plug, Usd
if sys.argv[2] == "with":
    assert len(Plug.Registry().RegisterPlugins(sys.argv[1])) == 1
stage = Usd.Stage.Open(sys.argv[3])
prim = stage.GetDefaultPrim()
definition = Usd.SchemaRegistry().FindAppliedAPIPrimDefinition("ArpCredentialAPI")
names = definition.GetPropertyNames() if definition else []
known = prim.HasAPI("ArpCredentialAPI") if definition else None
print(known, sorted(names), prim.GetAttribute("arp:credential:id").Get())
"""
OWN = sorted(name for name in ATTRIBUTES if name.startswith("arp:"))


@pytest.mark.parametrize(("mode", "start"), [("with", f"True {OWN}"), ("without", "None []")])
def test_the_same_file_opens_with_and_without_the_schema(sealed, facts, mode, start):
    done = subprocess.run(
        [sys.executable, "-c", REGISTERED, str(SCHEMA), mode, str(sealed)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"{start} {facts.credential_id}"
    assert "Coding Error" not in done.stderr
    assert "Warning" not in done.stderr


def test_the_validators_of_openusd_find_nothing(sealed):
    validation = pytest.importorskip("pxr.UsdValidation")
    from pxr import Usd

    (sealed.parent / "textures").mkdir()
    (sealed.parent / "textures" / "椅子_basecolor.png").write_bytes(b"")
    stage = Usd.Stage.Open(str(sealed))
    validators = validation.ValidationRegistry().GetOrLoadAllValidators()
    found = list(validation.ValidationContext(validators).Validate(stage))
    assert not [error.GetMessage() for error in found if "arp" in error.GetMessage().lower()]


IN_BLENDER = """
import sys
from pathlib import Path
import bpy
bpy.utils.expose_bundled_modules()
sys.path.append(sys.argv[1])
from pxr import Usd
from arp_core.stamp import unsealed_digest
print("USD", *Usd.GetVersion()[1:], unsealed_digest(Path(sys.argv[2])).hex)
"""


@pytest.mark.parametrize("version", ["4.5", "5.2"])
def test_other_releases_of_usd_unseal_text_to_the_same_bytes(sealed, unsealed, version):
    root = Path(__file__).resolve().parents[3]
    python = root / f".venv-blender-{version}" / "bin" / "python"
    if not python.exists():
        pytest.skip(f"no environment with bpy {version}")
    command = [str(python), "-c", IN_BLENDER, str(root / "core"), str(sealed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-1000:]
    assert done.stdout.split()[-1] == digest_file(unsealed(".usda")).hex
