"""``arpctl image-to-3d``, ``reproduce`` and ``job``, as a person runs them."""

from __future__ import annotations

import errno
import json
import os
import re
import resource
import shutil
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from arp_bridge.cli import main
from arp_core.client import failure_of
from arp_core.home import Home
from arp_core.identify.record import SaltedRecord
from arp_core.proof import add_proof
from arp_core.station import Station

if TYPE_CHECKING:
    from conftest import RunningBridge


def _arpctl(*arguments: str | Path, home: Path, **options: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "ARP_HOME": str(home), "ARP_LANG": "en"}
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        [sys.executable, "-m", "arp_bridge", *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environment,
        stdin=subprocess.DEVNULL,
        check=False,
        **options,
    )


def _error(text: str) -> str:
    return str(json.loads(text)["error"]["code"])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, draw_picture: Callable[..., Path]) -> tuple[Path, Path, Path]:
    """Home, picture and package of one run with a name in three scripts."""
    root = tmp_path_factory.mktemp("made")
    image = draw_picture(root / "in put" / "台灯 lampe 💡.png")
    out = root / "出 力"
    done = _arpctl(
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
    done = _arpctl("image-to-3d", picture, "--out", out, "--origin", "mine", home=home, umask=0o022)
    assert done.returncode == 0, done.stderr
    inside = [home, *home.rglob("*")]
    assert {"ledger.sqlite", "bridge.lock", "bridge.log", "worker.log", "layout"} <= {path.name for path in inside}
    assert {str(path): oct(path.stat().st_mode) for path in inside if path.stat().st_mode & 0o077} == {}
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.rglob("*") if path.is_file()} == {0o644}


def test_the_bridge_it_started_is_gone(made: tuple[Path, Path, Path]) -> None:
    home, _image, _out = made
    assert not (home / "bridge.json").exists()
    assert _arpctl("job", "cancel", "job_x", "--json", home=home).returncode == 1


def test_a_finished_job_can_be_looked_at_without_a_bridge(made: tuple[Path, Path, Path], tmp_path: Path) -> None:
    home, image, _out = made
    before = (home / "ledger.sqlite").read_bytes()
    listed = json.loads(_arpctl("job", "list", "--json", home=home).stdout)
    (job_id,) = [item["job_id"] for item in listed if item["name"] == image.stem]
    job = json.loads(_arpctl("job", "show", job_id, "--json", home=home).stdout)
    assert (job["state"], job["name"], len(job["nodes"])) == ("succeeded", image.stem, 10)
    assert all(node["record"] for node in job["nodes"])
    assert _error(_arpctl("job", "show", "job_x", "--json", home=home).stdout) == "job_unknown"
    assert not (home / "bridge.json").exists()
    assert (home / "ledger.sqlite").read_bytes() == before, "looking changes nothing"
    assert json.loads(_arpctl("job", "list", "--json", home=tmp_path / "new").stdout) == []
    assert not (tmp_path / "new").exists()


def test_the_package_verifies_and_a_changed_byte_does_not(made: tuple[Path, Path, Path], tmp_path: Path) -> None:
    home, _image, out = made
    assert _arpctl("verify", out, home=home).returncode == 0
    copy = tmp_path / "copy"
    shutil.copytree(out, copy)
    model = next(copy.glob("*.glb"))
    data = bytearray(model.read_bytes())
    data[-1] ^= 1
    model.write_bytes(data)
    assert _arpctl("verify", copy, home=home).returncode == 1


def test_the_real_height_is_in_the_file(made: tuple[Path, Path, Path]) -> None:
    import trimesh

    _home, _image, out = made
    bounds = trimesh.load(next(out.glob("*.glb"))).bounds
    assert float(bounds[1][1] - bounds[0][1]) == pytest.approx(0.4, rel=1e-4)


def test_a_second_run_leaves_the_first_package_alone(made: tuple[Path, Path, Path]) -> None:
    home, image, out = made
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    done = _arpctl("image-to-3d", image, "--out", out, "--json", home=home)
    assert (done.returncode, _error(done.stdout)) == (1, "file_in_the_way")
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_it_reproduces_in_another_home(made: tuple[Path, Path, Path], tmp_path: Path) -> None:
    _home, image, out = made
    sidecar = next(out.glob("*_mts.json"))
    done = _arpctl("reproduce", sidecar, "--input", image, "--json", home=tmp_path / "elsewhere")
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
    assert (main(["reproduce", str(sidecar), "--json"]), _error(capsys.readouterr().out)) == (exit_code, code), name


def test_another_picture_is_not_the_input(
    made: tuple[Path, Path, Path],
    tmp_path: Path,
    draw_picture: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    other = draw_picture(tmp_path / "other.png", side=64)
    assert main(["reproduce", str(_sidecar(made[2])), "--input", str(other), "--json"]) == 1
    assert _error(capsys.readouterr().out) == "input_differs"


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
    done = _arpctl("reproduce", _sidecar(folder), home=home)
    assert done.returncode == 1, done.stderr
    plain, small = [line for line in done.stderr.splitlines() if not line.startswith("[")][:2]
    assert plain == "Not reproduced: this installation's step “inflate” is not the one that was recorded."
    assert small.startswith("  inflate, fingerprint: recorded ")


def _not_there(folder: Path) -> Path:
    return folder / "absent.png"


def _of(name: str, data: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(data)
        return path

    return make


def _drawn(mode: str, size: tuple[int, int], colour: object) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        from PIL import Image

        path = folder / "picture.png"
        Image.new(mode, size, colour).save(path)  # type: ignore[arg-type]
        return path

    return make


def _cut_short(folder: Path) -> Path:
    path = _drawn("RGB", (300, 300), (9, 99, 9))(folder)
    path.write_bytes(path.read_bytes()[:-200])
    return path


def _folder(folder: Path) -> Path:
    (folder / "picture.png").mkdir()
    return folder / "picture.png"


@pytest.mark.parametrize(
    "case",
    [
        ("absent", _not_there, 2),
        ("a folder", _folder, 2),
        ("empty", _of("a.png", b""), 1),
        ("text under a picture's name", _of("a.png", b"hello"), 1),
        ("cut short", _cut_short, 1),
        ("one pixel", _drawn("RGBA", (1, 1), (9, 9, 9, 255)), 1),
        ("nothing visible", _drawn("RGBA", (64, 64), (0, 0, 0, 0)), 1),
    ],
)
def test_bad_pictures_leave_one_sentence_a_code_and_nothing_else(
    bridge: RunningBridge,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    case: tuple[str, Callable[[Path], Path], int],
) -> None:
    name, make, exit_code = case
    monkeypatch.setenv("ARP_TOKEN", bridge.token)
    source = tmp_path / "source"
    source.mkdir()
    out = tmp_path / "out"
    arguments = ["image-to-3d", str(make(source)), "--out", str(out), "--bridge", bridge.url, "--origin", "mine"]
    assert main([*arguments, "--json"]) == exit_code, name
    printed = capsys.readouterr()
    error = json.loads(printed.out)["error"]
    assert error["message"] not in ("", error["code"]), (name, error)
    assert "{" not in error["message"], (name, error)
    assert not re.search(r"[0-9a-f]{64}", error["message"]), (name, error)
    assert "Traceback" not in printed.err
    assert not out.exists(), name


@pytest.mark.parametrize("names", [{"image": "坏 图.png"}, {}], ids=["as asked", "as registered"])
def test_a_bad_picture_is_called_by_its_own_name(bridge: RunningBridge, tmp_path: Path, names: dict[str, str]) -> None:
    path = tmp_path / "坏 图.png"
    path.write_bytes(f"no picture {sorted(names)}".encode())
    client = bridge.client
    sha256 = client.upload(path)
    client.register_object(sha256, name=path.name, origin="mine", media_type="image/png")
    request = {"recipe": "image-to-3d", "inputs": {"image": sha256}, "names": names, "name": "x", "origin": "mine"}
    job_id = client.submit(request)
    ended = list(client.events(job_id))[-1]
    job = client.job(job_id)
    assert (job["code"], job["facts"]["name"]) == ("image_not_an_image", "坏 图.png")
    assert job["message"].startswith("坏 图.png ")
    assert ended["facts"]["name"] == "坏 图.png"


@pytest.mark.parametrize(
    "case",
    [
        ("no height", ["--height", "tall"], 2, "height_invalid"),
        ("height of nothing", ["--height", "0"], 2, "height_invalid"),
        ("height of infinity", ["--height", "inf"], 2, "height_invalid"),
        ("no number", ["--height", "nan"], 2, "height_invalid"),
        ("below the ground", ["--height", "-3"], 2, "height_invalid"),
        ("a tower", ["--height", "5000"], 2, "height_invalid"),
        ("a seed of words", ["--seed", "abc"], 2, "seed_invalid"),
        ("a seed below zero", ["--seed=-1"], 2, "seed_invalid"),
        ("a seed too large", ["--seed", str(2**53)], 2, "seed_invalid"),
        ("no bridge there", ["--bridge", "http://127.0.0.1:9"], 1, "bridge_absent"),
        ("no address", ["--bridge", "nowhere"], 2, "bridge_url_invalid"),
        ("another token", ["--token", "wrong"], 1, "bridge_refused"),
    ],
)
def test_bad_arguments(
    bridge: RunningBridge,
    picture: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    case: tuple[str, list[str], int, str],
) -> None:
    name, options, exit_code, code = case
    out = tmp_path / "out"
    given = ["image-to-3d", str(picture), "--out", str(out), "--json", "--origin", "mine"]
    reach = ["--bridge", bridge.url, "--token", bridge.token]
    assert (main([*given, *reach, *options]), _error(capsys.readouterr().out)) == (exit_code, code), name
    assert not out.exists(), name


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


def _note(out: Path) -> None:
    (out / "notes.txt").write_bytes(b"theirs")


def _link(out: Path) -> None:
    (out / "latest").symlink_to(out)


def _texture_of_the_same_name(out: Path) -> None:
    (out / "textures").mkdir()
    (out / "textures" / "lamp_basecolor.png").write_bytes(b"theirs")


@pytest.mark.parametrize(
    "case",
    [
        ("a note", _note, "out_folder_occupied"),
        ("a link", _link, "out_folder_occupied"),
        ("a texture of the same name", _texture_of_the_same_name, "file_in_the_way"),
    ],
)
def test_a_folder_in_which_the_package_would_fail_is_refused_before_the_work(
    picture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], case: tuple[str, Callable[[Path], None], str]
) -> None:
    name, occupy, code = case
    out, home = tmp_path / "out", tmp_path / "home"
    out.mkdir()
    occupy(out)
    before = sorted(out.rglob("*"))
    assert main(["image-to-3d", str(picture), "--out", str(out), "--origin", "mine", "--json"]) == 1, name
    assert _error(capsys.readouterr().out) == code, name
    assert sorted(out.rglob("*")) == before, name
    assert not (home / "ledger.sqlite").exists(), "no bridge was started for it"


def test_two_packages_share_a_folder_and_both_verify(
    made: tuple[Path, Path, Path], draw_picture: Callable[..., Path], tmp_path: Path
) -> None:
    home, _image, first = made
    out = tmp_path / "both"
    shutil.copytree(first, out)
    (out / ".DS_Store").write_bytes(b"\0")
    image = draw_picture(tmp_path / "stool.png", side=64)
    done = _arpctl("image-to-3d", image, "--out", out, "--origin", "mine", home=home)
    assert done.returncode == 0, done.stderr
    done = _arpctl("verify", out, "--json", home=home)
    assert [item["status"] for item in json.loads(done.stdout)["results"]] == ["verified"] * 2, done.stdout


def _status(path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    main(["verify", str(path), "--json"])
    return json.dumps(json.loads(capsys.readouterr().out)).partition('"status": "')[2].partition('"')[0]


def test_an_output_that_is_a_file_is_left_alone(
    picture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.write_bytes(b"theirs")
    assert main(["image-to-3d", str(picture), "--out", str(out), "--json"]) == 1
    assert _error(capsys.readouterr().out) == "file_in_the_way"
    assert out.read_bytes() == b"theirs"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into a read-only folder")
def test_a_read_only_folder_is_named(picture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    out.mkdir(mode=0o555)
    assert main(["image-to-3d", str(picture), "--out", str(out), "--json"]) == 1
    assert _error(capsys.readouterr().out) == "folder_read_only"


def test_a_read_only_file_system_is_named(picture: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = Path("/sys/arp-out")
    try:
        target.mkdir()
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.EPERM, errno.EACCES):
            pytest.skip("this machine has no folder that even root cannot write to")
    else:
        target.rmdir()
        pytest.skip("this machine has no folder that even root cannot write to")
    assert main(["image-to-3d", str(picture), "--out", str(target), "--json"]) == 1
    assert _error(capsys.readouterr().out) == "folder_read_only"


def test_a_full_disk_leaves_no_package(bridge: RunningBridge, finished: str, tmp_path: Path) -> None:
    """The limit on file sizes stands for the full disk: the kernel refuses the same write."""
    assert finished
    script = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from arp_core.client import BridgeClient\n"
        "from arp_core.errors import StorageError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))\n"
        "try:\n"
        "    BridgeClient(sys.argv[1], token=sys.argv[2]).download_all(sys.argv[3], Path(sys.argv[4]))\n"
        "except StorageError as error:\n"
        "    print(error.code)\n"
    )
    out = tmp_path / "out"
    done = subprocess.run(
        [sys.executable, "-c", script, bridge.url, bridge.token, finished, str(out)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "disk_full", done.stderr
    assert not out.exists()


def test_a_full_disk_under_the_home_fails_the_job_and_nothing_is_left(tmp_path: Path, picture: Path) -> None:
    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    out = tmp_path / "out"
    done = _arpctl(
        "image-to-3d", picture, "--out", out, "--origin", "mine", "--json", home=tmp_path / "home", preexec_fn=limited
    )
    assert done.returncode == 1, done.stdout
    assert _error(done.stdout) in ("disk_full", "ledger_full"), done.stderr
    assert not out.exists()
    assert list((tmp_path / "home" / "credentials").glob("*")) == []


def test_ctrl_c_cancels_the_job_and_leaves_nothing(tmp_path: Path, picture: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    process = subprocess.Popen(
        [sys.executable, "-m", "arp_bridge", "image-to-3d", str(picture), "--out", str(out), "--origin", "mine"],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "ARP_HOME": str(home), "ARP_LANG": "en"},
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "[2/11]" in line:
            process.send_signal(signal.SIGINT)
            break
    _printed, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "cancelled" in said
    assert not out.exists()
    assert not (home / "bridge.json").exists()
    assert list((home / "credentials").glob("*")) == []


def _begun(picture: Path, *, home: Path, out: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "arp_bridge", "image-to-3d", str(picture), "--out", str(out), "--origin", "mine"],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "ARP_HOME": str(home), "ARP_LANG": "en"},
    )


@pytest.mark.parametrize("sign", ["bridge.log", "bridge.json"])
def test_ctrl_c_while_its_bridge_starts_is_answered_and_leaves_nothing(
    sign: str, tmp_path: Path, picture: Path
) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    process = _begun(picture, home=home, out=out)
    bell = threading.Event()
    while process.poll() is None and not (home / sign).exists():
        bell.wait(0.01)
    process.send_signal(signal.SIGINT)
    _printed, said = process.communicate(timeout=60)
    assert (process.returncode, "cancelled" in said) == (130, True), said
    assert not out.exists()
    assert list((home / "credentials").glob("*")) == []


def test_an_own_bridge_that_is_killed_is_not_said_to_be_another(tmp_path: Path, picture: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    process = _begun(picture, home=home, out=out)
    assert process.stderr is not None
    for line in process.stderr:
        if "[2/11]" in line:
            assert not out.exists(), "nothing stands there before there is something to stand there"
            os.kill(json.loads((home / "bridge.json").read_bytes())["pid"], signal.SIGKILL)
            break
    _printed, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "[bridge_ended]" in said
    assert not out.exists()


@pytest.mark.parametrize("state", ["queued", "running", "cancelled", "failed", "lost"])
def test_a_job_without_a_code_is_said_in_a_sentence(state: str) -> None:
    error = failure_of({"state": state, "job_id": "job_x", "code": None, "facts": {}})
    assert error.sentence() not in ("", error.code)
    assert "{" not in error.sentence()


def test_jobs_are_listed_shown_and_cancelled(
    bridge: RunningBridge, finished: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ARP_HOME", str(bridge.home.root))
    assert main(["job", "list", "--json"]) == 0
    assert finished in {item["job_id"] for item in json.loads(capsys.readouterr().out)}
    assert main(["job", "show", finished, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "succeeded"
    assert main(["job", "show", finished]) == 0
    assert "silhouette-inflation" in capsys.readouterr().out
    assert main(["job", "cancel", finished, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "succeeded"
    assert main(["job", "show", "job_x", "--json"]) == 1
    assert _error(capsys.readouterr().out) == "bridge_refused"


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "  lamp",
        "lamp ",
        "..",
        ".",
        "...",
        ".lamp",
        "lamp.",
        "con",
        "a/b",
        "a:b",
        "a\u202egpj",
        "\u200d",
        "字" * 41,
    ],
)
def test_an_asked_name_is_taken_as_it_is_or_refused(
    name: str, picture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ARP_HOME", str(tmp_path / "home"))
    out = tmp_path / "out"
    assert main(["image-to-3d", str(picture), "--out", str(out), "--origin", "mine", "--json", "--name", name]) == 1
    assert _error(capsys.readouterr().out) == "name_unsafe"
    assert not out.exists()


def test_a_picture_with_a_long_name_becomes_an_asset_with_a_shorter_one(
    bridge: RunningBridge, picture: Path, tmp_path: Path
) -> None:
    image = tmp_path / ("x" * 240 + ".png")
    shutil.copyfile(picture, image)
    done = _arpctl("image-to-3d", image, "--out", tmp_path / "out", "--origin", "mine", home=bridge.home.root)
    assert done.returncode == 0, done.stderr
    stem = "x" * 120
    assert f"called “{stem}”" in done.stderr
    assert (tmp_path / "out" / f"{stem}_mts.json").is_file()
