"""``arpctl key`` protects the key without changing it."""

from __future__ import annotations

import pytest

from arp_bridge.cli import main
from arp_core.home import Home


def test_protecting_from_the_command_line(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert main(["key", "show", "--lang", "en"]) == 0
    before = capsys.readouterr().out
    assert "file permissions only" in before
    monkeypatch.setenv("ARP_NEW_PASSPHRASE", "correct horse")
    assert main(["key", "protect", "--lang", "zh"]) == 0
    after = capsys.readouterr()
    assert "口令" in after.err
    assert after.out.splitlines()[0] == before.splitlines()[0], "the key is the same"
    assert "correct horse" not in after.out + after.err
    assert "correct horse" not in (Home.default().keys / "station.key.json").read_text()
    assert main(["key", "show"]) == 1, "without its passphrase the key stays closed"
    monkeypatch.setenv("ARP_PASSPHRASE", "correct horse")
    assert main(["key", "show"]) == 0


def test_protecting_needs_a_passphrase(capsys) -> None:
    assert main(["key", "protect"]) == 2
    assert "passphrase_absent" in capsys.readouterr().err
