"""``arpctl image-to-3d``, ``reproduce`` and ``job``, as a person runs them."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command_line import arpctl, error_code

from arp_bridge.cli import main
from arp_core.home import Home
from arp_core.identify.record import SaltedRecord
from arp_core.proof import add_proof
from arp_core.station import Station

if TYPE_CHECKING:
    from conftest import RunningBridge


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, draw_picture: Callable[..., Path]) -> tuple[Path, Path, Path]:
    """Home, picture and package of one run with a name in three scripts."""
    root = tmp_path_factory.mktemp("made")
    image = draw_picture(root / "in put" / "台灯 lampe 💡.png")
    out = root / "出 力"
    done = arpctl(
        "image-to-3d", image, "--out", out, "--height", "0.4", "--origin", "mine", "--json", home=root / "home"
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["state"], result["trusted"], result["credentialState"]) == ("succeeded", True, "sealed")
    assert "[11/11] Sealing" in done.stderr
    return root / "home", image, out


def test_the_package_is_named_after_the_picture(made: tuple[Path, Path, Path]) -> None:
    _home, _image, out = made
    name = "台灯 lampe 💡"
    assert sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()) == sorted(
        [
            f"{name}.glb",
            f"{name}.usda",
            f"{name}_preview.png",
            f"{name}_mts.json",
            f"{name}_mts.records.json",
            f"textures/{name}_basecolor.png",
        ]
    )


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_the_home_is_its_owners_alone_and_the_package_is_not(tmp_path: Path, picture: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    done = arpctl("image-to-3d", picture, "--out", out, "--origin", "mine", home=home, umask=0o022)
    assert done.returncode == 0, done.stderr
    inside = [home, *home.rglob("*")]
    assert {"ledger.sqlite", "bridge.lock", "bridge.log", "worker.log", "layout"} <= {path.name for path in inside}
    assert {str(path): oct(path.stat().st_mode) for path in inside if path.stat().st_mode & 0o077} == {}
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.rglob("*") if path.is_file()} == {0o644}


def test_the_bridge_it_started_is_gone(made: tuple[Path, Path, Path]) -> None:
    home, _image, _out = made
    assert not (home / "bridge.json").exists()
    assert arpctl("job", "cancel", "job_x", "--json", home=home).returncode == 1


def test_a_finished_job_can_be_looked_at_without_a_bridge(made: tuple[Path, Path, Path], tmp_path: Path) -> None:
    home, image, _out = made
    before = (home / "ledger.sqlite").read_bytes()
    listed = json.loads(arpctl("job", "list", "--json", home=home).stdout)
    (job_id,) = [item["job_id"] for item in listed if item["name"] == image.stem]
    job = json.loads(arpctl("job", "show", job_id, "--json", home=home).stdout)
    assert (job["state"], job["name"], len(job["nodes"])) == ("succeeded", image.stem, 10)
    assert all(node["record"] for node in job["nodes"])
    assert error_code(arpctl("job", "show", "job_x", "--json", home=home).stdout) == "job_unknown"
    assert not (home / "bridge.json").exists()
    assert (home / "ledger.sqlite").read_bytes() == before, "looking changes nothing"
    assert json.loads(arpctl("job", "list", "--json", home=tmp_path / "new").stdout) == []
    assert not (tmp_path / "new").exists()


def test_the_package_verifies_and_a_changed_byte_does_not(made: tuple[Path, Path, Path], tmp_path: Path) -> None:
    home, _image, out = made
    assert arpctl("verify", out, home=home).returncode == 0
    copy = tmp_path / "copy"
    shutil.copytree(out, copy)
    model = next(copy.glob("*.glb"))
    data = bytearray(model.read_bytes())
    data[-1] ^= 1
    model.write_bytes(data)
    assert arpctl("verify", copy, home=home).returncode == 1


def test_the_real_height_is_in_the_file(made: tuple[Path, Path, Path]) -> None:
    import trimesh

    _home, _image, out = made
    bounds = trimesh.load(next(out.glob("*.glb"))).bounds
    assert float(bounds[1][1] - bounds[0][1]) == pytest.approx(0.4, rel=1e-4)


def test_a_second_run_leaves_the_first_package_alone(made: tuple[Path, Path, Path]) -> None:
    home, image, out = made
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    done = arpctl("image-to-3d", image, "--out", out, "--json", home=home)
    assert (done.returncode, error_code(done.stdout)) == (1, "file_in_the_way")
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_it_reproduces_in_another_home(made: tuple[Path, Path, Path], tmp_path: Path) -> None:
    _home, image, out = made
    sidecar = next(out.glob("*_mts.json"))
    done = arpctl("reproduce", sidecar, "--input", image, "--json", home=tmp_path / "elsewhere")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["reproduced"], result["differences"], result["nodes"]) == (True, [], 10)
    assert list((tmp_path / "elsewhere" / "credentials").iterdir()) == []


def _sidecar(folder: Path) -> Path:
    return next(folder.glob("*_mts.json"))


def _records(folder: Path) -> Path:
    return next(folder.glob("*_mts.records.json"))


def _withhold(folder: Path, *keys: str) -> None:
    document = json.loads(_records(folder).read_bytes())
    part = document["records"]
    for key in keys[:-1]:
        part = part[key]
    del part[keys[-1]]
    _write(_records(folder), document)


def _rewrite_graph(folder: Path, **changes: object) -> None:
    document = json.loads(_records(folder).read_bytes())
    document["records"]["capability"]["record"]["graph"].update(changes)
    _write(_records(folder), document)


def _edit_sidecar(folder: Path) -> None:
    document = json.loads(_sidecar(folder).read_bytes())
    document["credentialSubject"]["origin"] = "licensed"
    _write(_sidecar(folder), document)


def _write(path: Path, document: object) -> None:
    from arp_core.canonical import canonicalize

    path.chmod(0o644)
    path.write_bytes(canonicalize(document))


@pytest.mark.parametrize(
    "case",
    [
        ("no records", lambda folder: _records(folder).unlink(), 2, "records_withheld"),
        ("a record left out", lambda folder: _withhold(folder, "capability"), 2, "records_withheld"),
        ("a node record left out", lambda folder: _withhold(folder, "nodes", "mask"), 2, "records_withheld"),
        ("another seed in the graph", lambda folder: _rewrite_graph(folder, seed="5"), 1, "records_mismatch"),
        ("a sidecar edited", _edit_sidecar, 1, "records_mismatch"),
        ("a sidecar of nothing", lambda folder: _sidecar(folder).write_bytes(b""), 1, "json_malformed"),
        ("no sidecar", lambda folder: _sidecar(folder).unlink(), 2, "path_absent"),
        ("the input elsewhere", lambda folder: None, 2, "input_not_found"),
    ],
)
def test_what_cannot_be_reproduced(
    made: tuple[Path, Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    case: tuple[str, Callable[[Path], object], int, str],
) -> None:
    name, change, exit_code, code = case
    folder = tmp_path / "copy"
    shutil.copytree(made[2], folder)
    sidecar = _sidecar(folder)
    change(folder)
    monkeypatch.setenv("ARP_HOME", str(tmp_path / "elsewhere"))
    assert (main(["reproduce", str(sidecar), "--json"]), error_code(capsys.readouterr().out)) == (exit_code, code), name


def test_another_picture_is_not_the_input(
    made: tuple[Path, Path, Path],
    tmp_path: Path,
    draw_picture: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    other = draw_picture(tmp_path / "other.png", side=64)
    assert main(["reproduce", str(_sidecar(made[2])), "--input", str(other), "--json"]) == 1
    assert error_code(capsys.readouterr().out) == "input_differs"


def _recorded_with_another_step(folder: Path, *, home: Path) -> None:
    """Sign the package anew as if another program had been the step “inflate”."""
    station = Station.open(Home(home))
    document, records = (json.loads(path(folder).read_bytes()) for path in (_sidecar, _records))
    shown = records["records"]["nodes"]["inflate"]
    shown["record"]["fingerprint"] = records["records"]["nodes"]["mask"]["record"]["fingerprint"]
    salted = SaltedRecord(salt=shown["salt"], record=shown["record"])
    document["credentialSubject"]["nodes"]["inflate"] = salted.digest
    del document["proof"]
    _write(_records(folder), records)
    _write(_sidecar(folder), add_proof(document, key=station.key, created=station.clock()))


def test_a_step_that_is_another_one_is_said_plainly_first(made: tuple[Path, Path, Path], tmp_path: Path) -> None:
    home, _image, out = made
    folder = tmp_path / "copy"
    shutil.copytree(out, folder)
    _recorded_with_another_step(folder, home=home)
    done = arpctl("reproduce", _sidecar(folder), home=home)
    assert done.returncode == 1, done.stderr
    plain, small = [line for line in done.stderr.splitlines() if not line.startswith("[")][:2]
    assert plain == "Not reproduced: this installation's step “inflate” is not the one that was recorded."
    assert small.startswith("  inflate, fingerprint: recorded ")


def test_a_bridge_elsewhere_signs_and_the_command_says_so(
    bridge: RunningBridge,
    draw_picture: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ARP_TOKEN", bridge.token)
    image = draw_picture(tmp_path / "vase.png", side=64)
    out = tmp_path / "out"
    assert (
        main(["image-to-3d", str(image), "--out", str(out), "--bridge", bridge.url, "--origin", "mine", "--json"]) == 0
    )
    printed = capsys.readouterr()
    result = json.loads(printed.out)
    assert result["trusted"] is False
    assert f"arpctl trust accept {result['issuer']}" in printed.err
    assert _status(out, capsys) == "untrusted"
    assert main(["trust", "accept", result["issuer"]]) == 0
    assert "status import" not in capsys.readouterr().err, "the lists came with the package"
    assert _status(out, capsys) == "verified"


def test_status_lists_are_taken_from_a_bridge(
    bridge: RunningBridge,
    finished: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A package that came by another way: accept its issuer, then ask that station's bridge what it revoked."""
    out = tmp_path / "sent"
    bridge.client.download_all(finished, out)
    issuer = json.loads(_sidecar(out).read_bytes())["issuer"]
    capsys.readouterr()
    assert main(["trust", "accept", issuer]) == 0
    assert "arpctl status import" in capsys.readouterr().err
    assert _status(out, capsys) == "unknown"
    assert main(["status", "import", bridge.url, "--token", "wrong"]) == 1
    assert main(["status", "import", bridge.url, "--token", bridge.token]) == 0
    assert _status(out, capsys) == "verified"
    monkeypatch.setenv("ARP_HOME", str(bridge.home.root))
    assert main(["status", "suspend", str(_sidecar(out)), "--reason", "a question"]) == 0
    monkeypatch.setenv("ARP_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ARP_TOKEN", bridge.token)
    assert main(["status", "import", bridge.url]) == 0
    assert _status(out, capsys) == "suspended"
    monkeypatch.setenv("ARP_HOME", str(bridge.home.root))
    assert main(["status", "reinstate", str(_sidecar(out)), "--reason", "answered"]) == 0


def test_two_packages_share_a_folder_and_both_verify(
    made: tuple[Path, Path, Path], draw_picture: Callable[..., Path], tmp_path: Path
) -> None:
    home, _image, first = made
    out = tmp_path / "both"
    shutil.copytree(first, out)
    (out / ".DS_Store").write_bytes(b"\0")
    image = draw_picture(tmp_path / "stool.png", side=64)
    done = arpctl("image-to-3d", image, "--out", out, "--origin", "mine", home=home)
    assert done.returncode == 0, done.stderr
    done = arpctl("verify", out, "--json", home=home)
    assert [item["status"] for item in json.loads(done.stdout)["results"]] == ["verified"] * 2, done.stdout


def _status(path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    main(["verify", str(path), "--json"])
    return json.dumps(json.loads(capsys.readouterr().out)).partition('"status": "')[2].partition('"')[0]
