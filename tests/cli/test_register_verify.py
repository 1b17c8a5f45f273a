"""``arpctl register``, ``verify``, ``show``, ``digest``, ``trust`` and ``status``, as a shell sees them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from arp_bridge.cli import main
from arp_core import messages
from arp_core.home import Home
from arp_core.identify.rights import last_origin
from arp_core.station import Station
from arp_core.verify import Failure


@pytest.fixture
def prop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    path = tmp_path / "work" / "prop.obj"
    path.parent.mkdir()
    path.write_bytes(b"v 0 0 0\n")
    assert main(["register", str(path), "--origin", "mine"]) == 0
    capsys.readouterr()
    return path


def _json(capsys: pytest.CaptureFixture[str]) -> dict:
    return json.loads(capsys.readouterr().out)


def test_register_verify_change_register(prop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sidecar = prop.with_name("prop.obj_mts.json")
    assert main(["verify", str(prop), str(sidecar), str(prop.parent), "--json"]) == 0
    assert [item["status"] for item in _json(capsys)["results"]] == ["verified"] * 3
    prop.write_bytes(b"v 0 0 1\n")
    assert main(["verify", str(prop), "--json"]) == 1
    (result,) = _json(capsys)["results"]
    assert result["status"] == "modified"
    assert result["failures"][0]["code"] == "file_changed"
    assert result["failures"][0]["file"] == "prop.obj"
    assert main(["register", str(prop), "--parent", str(sidecar), "--note", "raised", "--json"]) == 0
    assert _json(capsys)["version"] == 2
    assert main(["verify", str(prop)]) == 0


EXITS = {
    "an absent path": (["verify", "nowhere.glb"], 2),
    "an unknown option": (["verify", "--colour", "x"], 2),
    "no path": (["verify"], 2),
    "a use that says nothing": (["verify", "{prop}", "--for", "film"], 2),
    "a file without a sidecar": (["verify", "{bare}"], 1),
    "a folder without a sidecar": (["verify", "{empty}"], 1),
    "a malformed sidecar": (["verify", "{junk}"], 1),
    "one good and one bad": (["verify", "{prop}", "{bare}"], 1),
    "good": (["verify", "{prop}"], 0),
    "good and allowed": (["verify", "{prop}", "--for", "purpose=film"], 0),
    "registered already": (["register", "{prop}"], 1),
    "two files with one parent": (["register", "{prop}", "{bare}", "--parent", "{sidecar}"], 2),
    "a tier without its records": (["register", "{bare}", "--tier", "computable"], 1),
    "an absent rights file": (["register", "{bare}", "--rights", "nowhere.toml"], 2),
    "a digest": (["digest", "{prop}"], 0),
    "a digest of nothing": (["digest", "nowhere"], 2),
    "a sidecar shown": (["show", "{sidecar}"], 0),
    "trust shown": (["trust", "show"], 0),
    "trust in a word": (["trust", "accept", "did:key:nonsense"], 2),
    "trust in a key of another kind": (["trust", "accept", "did:web:example.org"], 2),
    "trust taken from nobody": (["trust", "remove", "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"], 1),
}


@pytest.mark.parametrize("name", EXITS)
def test_exit_code(name: str, prop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments, expected = EXITS[name]
    bare, empty, junk = tmp_path / "bare.obj", tmp_path / "empty", tmp_path / "x_mts.json"
    bare.write_bytes(b"1")
    empty.mkdir()
    junk.write_bytes(b"{")
    places = {"prop": prop, "bare": bare, "empty": empty, "junk": junk, "sidecar": prop.with_name("prop.obj_mts.json")}
    try:
        code = main([argument.format(**places) for argument in arguments])
    except SystemExit as exit_:
        code = exit_.code
    assert code == expected
    assert "Traceback" not in capsys.readouterr().err


def test_rights_decide_only_where_they_are_asked_about(prop: Path, tmp_path: Path) -> None:
    path = tmp_path / "found.obj"
    path.write_bytes(b"1")
    assert main(["register", str(path), "--origin", "found"]) == 0
    assert main(["verify", str(path)]) == 0
    assert main(["verify", str(path), "--for", "purpose=film"]) == 1


def test_nobody_is_said_to_have_made_a_statement_about_rights(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.obj"
    path.write_bytes(b"a")
    assert main(["register", str(path), "--json"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["version"] == 1
    assert "--origin" in printed.err
    sidecar = json.loads(path.with_name("a.obj_mts.json").read_bytes())
    assert sidecar["credentialSubject"]["origin"] == "found"
    assert last_origin(Home.default()) is None


def test_a_person_at_a_terminal_is_asked_until_the_answer_is_one(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    path = tmp_path / "a.obj"
    path.write_bytes(b"a")
    theirs, ours = pty.openpty()
    try:
        os.write(theirs, b"somewhere\nlicensed\n")
        command = [sys.executable, "-m", "arp_bridge", "register", str(path), "--lang", "en"]
        done = subprocess.run(command, stdin=ours, capture_output=True, text=True, check=False)
    finally:
        os.close(theirs)
        os.close(ours)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("Where is this from?") == 2
    assert last_origin(Home.default()) == "licensed"


def test_the_last_answer_is_remembered(prop: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, options in (("a.obj", ["--origin", "client"]), ("b.obj", [])):
        path = tmp_path / name
        path.write_bytes(name.encode())
        assert main(["register", str(path), *options]) == 0
        sidecar = json.loads(path.with_name(f"{name}_mts.json").read_bytes())
        assert sidecar["credentialSubject"]["origin"] == "client"


def test_the_own_key_stays_trusted(prop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = Station.open(Home.default()).key.did
    assert main(["trust", "remove", own]) == 2
    assert "[trust_own_key]" in capsys.readouterr().err
    assert main(["verify", str(prop)]) == 0
    assert main(["trust", "accept", "did:key:nonsense"]) == 2
    assert "“did:key:nonsense”" in capsys.readouterr().err


def test_tier_records_come_from_a_file(tmp_path: Path, prop: Path) -> None:
    path, records = tmp_path / "weights.onnx", tmp_path / "records.toml"
    path.write_bytes(b"1")
    records.write_text(
        '[environment]\nlock = "sha256:1"\n[licence]\nreference = "MIT"\n[version]\nnumber = "1.0"\n', encoding="utf-8"
    )
    assert main(["register", str(path), "--tier", "computable", "--record", str(records)]) == 0
    assert main(["verify", str(path)]) == 0


def test_status_is_changed_and_handed_over(prop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sidecar, lists = str(prop.with_name("prop.obj_mts.json")), str(tmp_path / "lists.json")
    issuer = json.loads(Path(sidecar).read_bytes())["issuer"]
    assert main(["status", "suspend", sidecar, "--reason", "check"]) == 0
    assert main(["verify", str(prop)]) == 1
    assert main(["status", "reinstate", sidecar, "--reason", "fine"]) == 0
    assert main(["status", "export", "--out", lists]) == 0
    monkeypatch.setenv("ARP_HOME", str(tmp_path / "receiver"))
    assert main(["verify", str(prop)]) == 1
    assert main(["trust", "accept", issuer]) == 0
    assert main(["verify", str(prop)]) == 1
    assert main(["status", "import", lists]) == 0
    assert main(["verify", str(prop)]) == 0


@pytest.mark.parametrize(("language", "word"), [("en", "Modified"), ("zh", "内容已变更")])
def test_it_speaks_both_languages_and_accuses_nobody(
    language: str, word: str, prop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prop.write_bytes(b"other")
    assert main(["verify", str(prop), "--lang", language, "--steps"]) == 1
    printed = capsys.readouterr().out
    assert word in printed
    assert "{" not in printed
    assert "tamper" not in printed.lower()
    assert "篡改" not in printed


def test_every_failure_sentence_is_filled_in() -> None:
    facts = Failure("code", "file", "detail").facts()
    for code in _failure_codes():
        for language in messages.LANGUAGES:
            sentence = messages.text(code, facts, language=language)
            assert sentence != code
            assert "{" not in sentence, code


def _failure_codes() -> set[str]:
    import re

    import arp_core.verify

    folder = Path(arp_core.verify.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    found = set(re.findall(r'Failure\(\s*"([a-z_]+)"', source)) | set(
        re.findall(r'return "([a-z]+_[a-z_]+)", ', source)
    )
    found |= set(re.findall(r'code="([a-z_]+)"', source)) | set(re.findall(r': "(file_[a-z_]+)"', source))
    assert len(found) > 20
    reading = ("too_large", "too_deep", "malformed", "duplicate_key", "not_a_number", "not_canonical")
    return found | {f"json_{code}" for code in reading} | {"path_unsafe", "paths_collide"}


def test_verify_loads_nothing_heavy(prop: Path) -> None:
    code = (
        "import sys; from arp_bridge.cli import main;"
        f"code = main(['verify', {str(prop)!r}]);"
        "heavy = {'numpy','requests','pxr','cv2','fastapi','sqlalchemy','PIL','importlib.metadata'} & set(sys.modules);"
        "print(heavy, file=sys.stderr); sys.exit(code or bool(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_it_says_the_paths_as_they_were_given(
    prop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(prop.parent.parent)
    given = ["work/prop.obj", "work", "./work/prop.obj_mts.records.json", str(prop), "."]
    assert main(["verify", *given, "--lang", "en"]) == 0
    said = [line.split(": ")[0] for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")]
    sidecar = "work/prop.obj_mts.json"
    assert said == ["work/prop.obj", sidecar, sidecar, str(prop), sidecar]


def test_an_ended_suspension_is_called_that(prop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sidecar = str(prop.with_name("prop.obj_mts.json"))
    said = []
    for act in ("suspend", "reinstate"):
        assert main(["status", "--lang", "en", act, sidecar, "--reason", "check"]) == 0
        said.append(capsys.readouterr().out)
    assert said[0].endswith(" is now Suspended.\n")
    assert "Verified" not in said[1]
    assert said[1].startswith("The suspension of cred_")


def test_a_missing_file_is_named_in_one_clean_sentence(prop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prop.unlink()
    assert main(["verify", str(prop.with_name("prop.obj_mts.json")), "--lang", "en"]) == 1
    assert "  - prop.obj is missing. Fetch it again. [file_missing]\n" in capsys.readouterr().out


def test_an_absent_path_takes_nothing_from_the_others(prop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(prop), "nowhere", "--lang", "en"]) == 2
    printed = capsys.readouterr()
    assert "Verified" in printed.out
    assert "[path_absent]" in printed.err
    assert main(["verify", str(prop), "nowhere", "--json"]) == 2
    document = _json(capsys)
    assert [item["status"] for item in document["results"]] == ["verified"]
    assert [item["code"] for item in document["errors"]] == ["path_absent"]


STEERING = "a\x1b[2K\u202eb.txt"


def test_a_name_cannot_steer_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / STEERING).write_bytes(b"1")
    for extra in ([], ["--json"]):
        assert main(["verify", str(tmp_path / STEERING), *extra]) == 1
        printed = capsys.readouterr().out
        assert "\x1b" not in printed
        assert "\u202e" not in printed
    (tmp_path / "x.json").write_text(json.dumps({"a": STEERING}, ensure_ascii=False), encoding="utf-8")
    assert main(["show", str(tmp_path / "x.json")]) == 0
    assert json.loads(shown := capsys.readouterr().out) == {"a": STEERING}
    assert "\u202e" not in shown


@pytest.mark.parametrize("command", [["show"], ["digest"], ["status", "import"], ["verify"]])
def test_a_pipe_is_refused_and_not_waited_for(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert main([*command, str(tmp_path / "pipe")]) in (1, 2)
    assert "[file_not_regular]" in capsys.readouterr().err


def test_an_empty_use_is_refused(prop: Path) -> None:
    assert main(["verify", str(prop), "--for", ""]) == 2
