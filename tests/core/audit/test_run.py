"""Nothing runs past a failed checkpoint, and every run leaves a record of all four."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from arp_core import canonical, clock, proof, trust
from arp_core.audit import humanact
from arp_core.audit.run import Authority, InputFile, run_node
from arp_core.digest import digest_file
from arp_core.errors import InputError
from arp_core.orchestrate import filing, fingerprint, parameters
from arp_core.orchestrate.capability import CapabilityResult, CapabilitySpec, Finding, Parameter, Port

ROOT = Path(__file__).parent
SPEC = CapabilitySpec(
    name="copy",
    version="1.0.0",
    title=("Copy", "复制"),
    source_type="digitalCreation",
    reproducibility="bit_exact",
    inputs=(Port("file", ("text/plain",)),),
    outputs=(Port("file", ("text/plain",)),),
    parameters=(Parameter("times", "integer", 1, minimum=1, maximum=9),),
    code=("test_run.py",),
)


def copy(inputs, given, out: Path, seed, progress) -> CapabilityResult:
    target = out / "copy.txt"
    target.write_bytes(inputs["file"].read_bytes() * given["times"])
    return CapabilityResult(
        outputs={"file": target},
        facts={"odd": float("nan"), "large": 2**60},
        findings=(Finding("neat", False, "true", False, hard=False, reason="informs only"),),
    )


@pytest.fixture
def node(station, tmp_path):
    measured = fingerprint.measure(SPEC, root=ROOT)
    filed = filing.file_capability(station, SPEC, fingerprint=measured)
    source = tmp_path / "in.txt"
    source.write_text("abc")

    def run(**changes):
        out = tmp_path / "node-out"
        out.mkdir()
        given = {
            "spec": SPEC,
            "call": copy,
            "authority": Authority(filing=filed, measured=measured, trust=station.trust()),
            "inputs": {"file": InputFile(source, digest_file(source).hex)},
            "parameters": {"times": 2},
            "seed": 0,
            "out": out,
            "environment": "uEiA",
            "clock": station.clock,
            "progress": lambda _fraction: None,
        }
        return run_node("copy", **{**given, **changes})

    run.authority = Authority(filing=filed, measured=measured, trust=station.trust())
    run.source = source
    return run


def outcomes(outcome) -> dict[str, str]:
    return {item.kind: item.outcome for item in outcome.record.checkpoints}


def test_a_good_run_passes_all_four_and_its_record_is_canonical_json(node) -> None:
    outcome = node()
    assert outcome, outcome.error
    assert set(outcomes(outcome).values()) == {"passed"}
    assert outcome.outputs["file"].read_text() == "abcabc"
    document = outcome.record.to_json()
    assert canonical.read_json(canonical.canonicalize(document), name="record")
    assert document["facts"] == {"odd": "nan", "large": str(2**60)}
    assert document["outputs"]["file"]["digestMultibase"] == digest_file(outcome.outputs["file"]).multibase


def with_authority(node, **changes) -> dict:
    return {"authority": dataclasses.replace(node.authority, **changes)}


STOPPED_AT = {
    "not filed": (lambda node: with_authority(node, filing=None), "qualification", "capability_not_filed"),
    "suspended": (
        lambda node: with_authority(node, filing=dataclasses.replace(node.authority.filing, state="suspended")),
        "qualification",
        "capability_suspended",
    ),
    "revoked": (
        lambda node: with_authority(node, filing=dataclasses.replace(node.authority.filing, state="revoked")),
        "qualification",
        "capability_revoked",
    ),
    "changed since filing": (
        lambda node: with_authority(node, measured=dataclasses.replace(node.authority.measured, code={"x.py": "u"})),
        "qualification",
        "capability_changed",
    ),
    "filed by a stranger": (
        lambda node: with_authority(node, trust=trust.TrustList()),
        "qualification",
        "filing_untrusted",
    ),
    "filing edited": (
        lambda node: with_authority(
            node,
            filing=dataclasses.replace(node.authority.filing, document={**node.authority.filing.document, "x": 1}),
        ),
        "qualification",
        "filing_signature_invalid",
    ),
    "parameter out of bounds": (lambda node: {"parameters": {"times": 10}}, "parameters", "parameter_bounds"),
    "parameter missing": (lambda node: {"parameters": {}}, "parameters", "parameter_missing"),
    "input changed": (lambda node: {"inputs": {"file": InputFile(node.source, "0" * 64)}}, "trace", "input_changed"),
    "input missing": (lambda node: {"inputs": {}}, "trace", "input_missing"),
    "input unknown": (
        lambda node: {"inputs": {"sound": InputFile(node.source, "0" * 64)}},
        "trace",
        "input_unknown",
    ),
}


@pytest.mark.parametrize(("changes", "kind", "code"), STOPPED_AT.values(), ids=STOPPED_AT.keys())
def test_a_failed_checkpoint_stops_the_node_before_it_runs(node, tmp_path, changes, kind, code) -> None:
    outcome = node(**changes(node))
    assert not outcome
    assert outcome.error.code == code
    assert outcomes(outcome)[kind] == "failed"
    assert outcomes(outcome)["quality"] == "not_reached"
    assert outcome.outputs == {}
    assert not any((tmp_path / "node-out").iterdir()), "the capability must not have run"


def test_a_hard_finding_stops_what_was_made(node) -> None:
    def broken(*arguments) -> CapabilityResult:
        result = copy(*arguments)
        return dataclasses.replace(
            result, findings=(Finding("closed", False, "true", False, hard=True, reason="open"),)
        )

    outcome = node(call=broken)
    assert outcome.error.code == "quality_failed"
    assert "closed" in str(outcome.error)
    assert outcomes(outcome) == {
        "qualification": "passed",
        "parameters": "passed",
        "trace": "passed",
        "quality": "failed",
    }
    assert outcome.record.to_json()["findings"][0]["hard"] is True


def test_a_suspension_survives_filing_again(station) -> None:
    measured = fingerprint.measure(SPEC, root=ROOT)
    filed = filing.file_capability(station, SPEC, fingerprint=measured)
    body = {key: value for key, value in filed.document.items() if key != "proof"}
    signed = proof.add_proof({**body, "state": "suspended"}, key=station.key, created=station.clock())
    path = station.home.capabilities / f"{filed.capability_id}.json"
    path.write_bytes(canonical.canonicalize(signed))
    assert filing.file_capability(station, SPEC, fingerprint=measured).state == "suspended"


def test_the_same_capability_has_the_same_identifier_in_every_home() -> None:
    first = fingerprint.measure(SPEC, root=ROOT)
    assert filing.capability_id(first) == filing.capability_id(fingerprint.measure(SPEC, root=ROOT))
    other = dataclasses.replace(first, tools={"numpy": "0"})
    assert filing.capability_id(first) != filing.capability_id(other)


@pytest.mark.parametrize("text", ["-1", "1.5", "", "9007199254740992", "１", "1e3"])
def test_seeds_are_whole_numbers_that_json_keeps(text: str) -> None:
    with pytest.raises(InputError, match="seed_invalid"):
        parameters.check_seed(text)
    assert parameters.check_seed("9007199254740991") == 2**53 - 1


def test_human_acts_bind_actor_tool_time_and_aspects() -> None:
    act = humanact.record_act(
        "edit",
        actor="act_01h455vb4pex5vsknk084sn02q",
        tool="blender 5.2.3",
        clock=clock.system_clock,
        inputs={"a": "uEiA"},
        aspects=("geometry",),
        note="straightened the handle",
    )
    assert act.to_json()["aspects"] == ["geometry"]
    with pytest.raises(InputError, match="human_act_unknown"):
        humanact.record_act("judge", actor="act_01h455vb4pex5vsknk084sn02q", tool="x", clock=clock.system_clock)
    with pytest.raises(InputError, match="id_invalid"):
        humanact.record_act("edit", actor="Jane Doe", tool="x", clock=clock.system_clock)
