"""The shell: a bare callable and its governed form write the same bytes; only the delivered copy is stamped."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from arp_core import verify
from arp_core.digest import digest_file
from arp_core.errors import AuditError, InputError
from arp_core.identify.rights import RightsProfile, rights_for
from arp_core.orchestrate.capability import CapabilityResult, CapabilitySpec, Finding, Parameter, Port
from arp_core.stamp import unsealed_digest
from arp_core.wrapper import ARPPipelineWrapper

_SPEC = CapabilitySpec(
    name="height-map",
    version="1.0.0",
    title=("Height map", "高度图"),
    source_type="algorithmicMedia",
    reproducibility="bit_exact",
    inputs=(Port("table", ("text/csv",)),),
    outputs=(Port("mesh", ("model/obj",)), Port("picture", ("image/png",))),
    parameters=(Parameter("gain", "number", 1.0, minimum=0.1, maximum=10.0),),
    uses_seed=True,
    code=("test_wrapper.py",),
    tools=("numpy", "pillow"),
)


def grow(inputs, parameters, out: Path, seed: int, progress) -> CapabilityResult:
    """A real, small algorithm that knows nothing of governance."""
    from PIL import Image

    table = np.loadtxt(inputs["table"], delimiter=",")
    heights = table * parameters["gain"] + np.random.default_rng(seed).random(table.shape)
    rows, columns = heights.shape
    with (out / "field.obj").open("w") as stream:
        for row in range(rows):
            for column in range(columns):
                stream.write(f"v {row} {heights[row, column]:.6f} {column}\n")
        for row in range(rows - 1):
            for column in range(columns - 1):
                first = row * columns + column + 1
                stream.write(f"f {first} {first + 1} {first + columns + 1} {first + columns}\n")
    progress(0.5)
    Image.fromarray(np.uint8(np.clip(heights, 0, 255))).save(out / "field.png")
    return CapabilityResult(
        outputs={"mesh": out / "field.obj", "picture": out / "field.png"},
        facts={"rows": rows},
        findings=(Finding("rows", rows, ">= 2", rows >= 2, hard=True, reason="one row makes no surface"),),
        effective_seed=seed,
    )


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "table.csv"
    path.parent.mkdir()
    path.write_text("1,2,3\n4,5,6\n7,8,9\n")
    return path


@pytest.fixture
def run(station, table, tmp_path):
    def governed(call=grow, spec=_SPEC, **changes):
        wrapper = ARPPipelineWrapper(call, spec=spec, root=Path(__file__).parent, station=station)
        given = {
            "out": tmp_path / "out",
            "name": "field",
            "rights": rights_for("mine", profile=RightsProfile.load(station.home)),
            "deliver": {"mesh": "field.obj", "picture": "field_preview.png"},
            "settings": {"gain": 2.0},
            "seed": 7,
        }
        return wrapper({"table": table}, **{**given, **changes})

    return governed


def test_bare_and_governed_outputs_are_the_same_bytes(run, table, tmp_path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    grow({"table": table}, {"gain": 2.0}, bare, 7, lambda _fraction: None)
    made = run()
    assert (made.folder / "field.obj").read_bytes() == (bare / "field.obj").read_bytes()
    assert unsealed_digest(made.folder / "field_preview.png") == digest_file(bare / "field.png")


def test_the_package_verifies_and_says_how_it_was_made(run, station) -> None:
    made = run()
    result = verify.verify_path(made.folder, home=station.home, clock=station.clock, deep=True)
    assert result.status == "verified", result.failures
    subject = made.credential.document["credentialSubject"]
    assert subject["seed"] == {"requested": "7", "effective": "7"}
    assert subject["capabilityIds"] == list(subject["capabilityIds"])
    assert made.credential.sidecar.is_file()
    assert sorted(path.name for path in made.folder.iterdir()) == [
        "field.obj",
        "field_mts.json",
        "field_mts.records.json",
        "field_preview.png",
    ]


STOPPED = {
    "a parameter out of bounds": ({"settings": {"gain": 99.0}}, "parameter_bounds"),
    "an unknown parameter": ({"settings": {"glow": 1}}, "parameter_unknown"),
    "an upward path": ({"deliver": {"mesh": "../field.obj"}}, "path_unsafe"),
}


@pytest.mark.parametrize(("changes", "code"), STOPPED.values(), ids=STOPPED.keys())
def test_bad_requests_are_refused_and_leave_nothing(run, tmp_path, changes, code) -> None:
    with pytest.raises(InputError) as caught:
        run(**changes)
    assert caught.value.code == code
    assert not (tmp_path / "out").exists() or not any((tmp_path / "out").iterdir())


def _raises(*_arguments):
    raise RuntimeError("model exploded")


def _writes_elsewhere(inputs, parameters, out, seed, progress):
    return CapabilityResult(outputs={"mesh": inputs["table"], "picture": inputs["table"]})


def _makes_too_little(inputs, parameters, out, seed, progress):
    return CapabilityResult(outputs={})


def _fails_quality(inputs, parameters, out, seed, progress):
    result = grow(inputs, parameters, out, seed, progress)
    bad = Finding("watertight", False, "true", False, hard=True, reason="open edges")
    return dataclasses.replace(result, findings=(bad,))


FAULTS = {
    "throws": (_raises, "capability_failed"),
    "hands back its input": (_writes_elsewhere, "output_astray"),
    "makes too little": (_makes_too_little, "output_missing"),
    "fails a hard quality check": (_fails_quality, "quality_failed"),
}


@pytest.mark.parametrize(("call", "code"), FAULTS.values(), ids=FAULTS.keys())
def test_a_faulty_callable_is_stopped_and_nothing_is_sealed(run, station, tmp_path, call, code) -> None:
    with pytest.raises(AuditError) as caught:
        run(call=call)
    assert caught.value.code == code
    assert not (tmp_path / "out").exists() or not any((tmp_path / "out").iterdir())
    assert list(station.home.credentials.iterdir()) == []
