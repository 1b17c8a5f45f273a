"""What the commands refuse, and how they end: bad pictures, full disks, Ctrl-C, dead bridges."""

from __future__ import annotations

import errno
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command_line import arpctl, error_code

from arp_bridge.cli import main
from arp_core.client import failure_of

if TYPE_CHECKING:
    from conftest import RunningBridge


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
    assert (main([*given, *reach, *options]), error_code(capsys.readouterr().out)) == (exit_code, code), name
    assert not out.exists(), name


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
    assert error_code(capsys.readouterr().out) == code, name
    assert sorted(out.rglob("*")) == before, name
    assert not (home / "ledger.sqlite").exists(), "no bridge was started for it"


def test_an_output_that_is_a_file_is_left_alone(
    picture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.write_bytes(b"theirs")
    assert main(["image-to-3d", str(picture), "--out", str(out), "--json"]) == 1
    assert error_code(capsys.readouterr().out) == "file_in_the_way"
    assert out.read_bytes() == b"theirs"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write into a read-only folder")
def test_a_read_only_folder_is_named(picture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    out.mkdir(mode=0o555)
    assert main(["image-to-3d", str(picture), "--out", str(out), "--json"]) == 1
    assert error_code(capsys.readouterr().out) == "folder_read_only"


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
    assert error_code(capsys.readouterr().out) == "folder_read_only"


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
    done = arpctl(
        "image-to-3d", picture, "--out", out, "--origin", "mine", "--json", home=tmp_path / "home", preexec_fn=limited
    )
    assert done.returncode == 1, done.stdout
    assert error_code(done.stdout) in ("disk_full", "ledger_full"), done.stderr
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
    assert error_code(capsys.readouterr().out) == "bridge_refused"


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
    assert error_code(capsys.readouterr().out) == "name_unsafe"
    assert not out.exists()


def test_a_picture_with_a_long_name_becomes_an_asset_with_a_shorter_one(
    bridge: RunningBridge, picture: Path, tmp_path: Path
) -> None:
    image = tmp_path / ("x" * 240 + ".png")
    shutil.copyfile(picture, image)
    done = arpctl("image-to-3d", image, "--out", tmp_path / "out", "--origin", "mine", home=bridge.home.root)
    assert done.returncode == 0, done.stderr
    stem = "x" * 120
    assert f"called “{stem}”" in done.stderr
    assert (tmp_path / "out" / f"{stem}_mts.json").is_file()
