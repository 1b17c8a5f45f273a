"""Writes are whole or absent, foreign files are left alone, names are safe everywhere."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from arp_core import paths
from arp_core.blobs import BlobStore
from arp_core.errors import InputError, StorageError
from arp_core.paths import StagedFolder

UNSAFE = {
    "absolute": "/etc/passwd",
    "upward": "a/../../b",
    "dot": "a/./b",
    "empty part": "a//b",
    "backslash": "a\\b",
    "drive": "C:a",
    "reserved": "textures/CON.png",
    "trailing dot": "a.",
    "control": "a\nb",
    "not NFC": "cafe\u0301.glb",
    "surrogate": "a\udc80",
    "too long": "ä" * 200,
    "blank": "",
}


@pytest.mark.parametrize("name", UNSAFE.values(), ids=UNSAFE.keys())
def test_unsafe_names_are_refused(name: str) -> None:
    with pytest.raises(InputError, match="path_unsafe"):
        paths.check_package_path(name)


@pytest.mark.parametrize("name", ["a.glb", "textures/道具_basecolor.png", "robot 🤖 v2.glb", "café.glb"])
def test_ordinary_names_in_any_script_pass(name: str) -> None:
    assert paths.check_package_path(name) == name


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("chair", "chair"),
        ("椅子 📷 final", "椅子 📷 final"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("e\u0301tude", "\u00e9tude"),
        ("a:b*c?", "a_b_c_"),
        ("a/b", "a_b"),
        ("con", "_con"),
        ("  . ", "asset"),
        ("\u200d", "asset"),
        (".hidden", "hidden"),
        ("tab\there", "tab_here"),
        ("a\u202egpj", "a_gpj"),
        ("half\udcff", "half_"),
        ("x" * 400, "x" * 120),
        ("字" * 100, "字" * 40),
        ("x" * 119 + " y", "x" * 119),
    ],
)
def test_a_stem_comes_of_any_text_and_is_accepted(text: str, stem: str) -> None:
    assert paths.stem_of(text) == stem
    assert paths.check_stem(stem) == stem


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        " a",
        "a ",
        "..",
        ".",
        ".a",
        "a.",
        "con",
        "a/b",
        "a:b",
        "a\u202eb",
        "\u200d",
        "a\ud800",
        "e\u0301",
        "字" * 41,
    ],
)
def test_a_name_that_would_be_changed_or_hidden_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="name_unsafe") as caught:
        paths.check_stem(name)
    assert str(caught.value.facts["name"]).isprintable()


def test_nothing_appears_unless_published(tmp_path: Path) -> None:
    with StagedFolder(tmp_path / "out") as staged:
        (staged.path / "a.glb").write_bytes(b"a")
    assert list((tmp_path / "out").iterdir()) == []


def test_published_files_stand_in_order_and_the_staging_is_gone(tmp_path: Path) -> None:
    with StagedFolder(tmp_path / "out") as staged:
        (staged.path / "textures").mkdir()
        (staged.path / "textures" / "t.png").write_bytes(b"t")
        (staged.path / "a_mts.json").write_bytes(b"s")
        made = staged.publish(["textures/t.png", "a_mts.json"])
    assert [path.name for path in made] == ["t.png", "a_mts.json"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a_mts.json", "textures"]


def test_a_foreign_file_stops_everything_and_stays(tmp_path: Path) -> None:
    (tmp_path / "b.glb").write_bytes(b"theirs")
    with StagedFolder(tmp_path) as staged:
        (staged.path / "a.glb").write_bytes(b"a")
        (staged.path / "b.glb").write_bytes(b"b")
        with pytest.raises(StorageError, match="file_in_the_way"):
            staged.publish(["a.glb", "b.glb"])
    assert (tmp_path / "b.glb").read_bytes() == b"theirs"
    assert not (tmp_path / "a.glb").exists()


def test_a_move_that_fails_halfway_takes_back_what_it_moved(tmp_path: Path) -> None:
    with StagedFolder(tmp_path / "out") as staged:
        (staged.path / "a.glb").write_bytes(b"a")
        with pytest.raises(StorageError, match="write_failed"):
            staged.publish(["a.glb", "never-written.glb"])
    assert list((tmp_path / "out").iterdir()) == []


def test_writing_without_overwriting_leaves_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"theirs")
    with pytest.raises(StorageError, match="file_in_the_way"):
        paths.write_atomic(path, b"ours", overwrite=False)
    assert path.read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    """The file size limit of a child process makes the kernel refuse, as a full disk does."""
    code = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from arp_core.errors import StorageError\n"
        "from arp_core.paths import write_atomic\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n"
        "    write_atomic(Path(sys.argv[1]) / 'a', bytes(100_000))\n"
        "except StorageError as error:\n"
        "    print(error.code)\n"
    )
    assert resource.RLIMIT_FSIZE is not None
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "disk_full", done.stderr
    assert list(tmp_path.iterdir()) == []


def test_blobs_are_stored_once_read_only_and_checked(tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    digest = store.put_bytes(b"hello")
    assert store.put_bytes(b"hello") == digest
    path = store.path(digest.hex)
    assert path.read_bytes() == b"hello"
    assert not path.stat().st_mode & 0o222
    with pytest.raises(InputError, match="digest_mismatch"):
        store.put_chunks((b"other",), expected=digest.hex)
    with pytest.raises(InputError, match="digest_invalid"):
        store.path("../../etc/passwd")
    assert not any((tmp_path / "incoming").iterdir())
