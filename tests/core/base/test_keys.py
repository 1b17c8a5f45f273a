"""The station key: made once, encrypted, and clear when it cannot be opened."""

from __future__ import annotations

import json
import os
import stat

import pytest

from arp_core import keys, trust
from arp_core.errors import InputError
from arp_core.home import Home
from arp_core.station import Station


def test_first_use_makes_one_key_that_every_later_use_finds(home: Home) -> None:
    first = keys.load_or_create(home)
    assert keys.load_or_create(home).did == first.did
    assert first.protection == "file_permissions"


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_key_files_are_readable_by_their_owner_only(home: Home) -> None:
    keys.load_or_create(home)
    for path in home.keys.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name
    assert stat.S_IMODE(home.keys.stat().st_mode) == 0o700


def test_the_secret_never_stands_in_the_file_or_the_repr(home: Home) -> None:
    key = keys.load_or_create(home, passphrase="correct horse")
    seed = key._seed
    text = (home.keys / "station.key.json").read_text()
    assert seed.hex() not in text
    assert repr(seed) not in repr(key)
    assert key.protection == "passphrase"


def test_a_wrong_passphrase_is_one_clear_error(home: Home) -> None:
    keys.load_or_create(home, passphrase="correct horse")
    with pytest.raises(InputError, match="key_locked"):
        keys.load_or_create(home, passphrase="battery staple")
    with pytest.raises(InputError, match="key_locked"):
        keys.load_or_create(home)


def test_the_environment_opens_the_key(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    did = keys.load_or_create(home, passphrase="correct horse").did
    monkeypatch.setenv("ARP_PASSPHRASE", "correct horse")
    assert keys.load_or_create(home).did == did


def test_a_passphrase_set_later_does_not_lock_the_person_out(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    did = keys.load_or_create(home).did
    monkeypatch.setenv("ARP_PASSPHRASE", "set afterwards")
    again = keys.load_or_create(home)
    assert again.did == did
    assert again.protection == "file_permissions"


def test_protecting_keeps_the_key_and_drops_the_passphrase_file(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    did = keys.load_or_create(home).did
    assert keys.protect(home, passphrase="correct horse").did == did
    assert not (home.keys / "station.pass").exists()
    with pytest.raises(InputError, match="key_locked"):
        keys.load_or_create(home)
    monkeypatch.setenv("ARP_PASSPHRASE", "correct horse")
    assert keys.load_or_create(home).did == did
    assert keys.protect(home, passphrase="battery staple").protection == "passphrase"
    monkeypatch.setenv("ARP_PASSPHRASE", "battery staple")
    assert keys.load_or_create(home).did == did


DAMAGE = {
    "not JSON": lambda text: "x" + text,
    "asks for 1 TB": lambda text: text.replace('"memory":', '"memory":1099511627776,"was":'),
    "another did": lambda text: json.dumps({**json.loads(text), "did": "did:key:zother"}),
    "field missing": lambda text: json.dumps({key: value for key, value in json.loads(text).items() if key != "kdf"}),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_key_file_is_named(home: Home, damage) -> None:
    keys.load_or_create(home)
    path = home.keys / "station.key.json"
    path.write_text(damage(path.read_text()))
    with pytest.raises(InputError) as caught:
        keys.load_or_create(home)
    assert caught.value.code in ("key_file_invalid", "json_malformed")


def test_first_use_pins_the_own_key_and_nobody_else(station: Station) -> None:
    trusted = station.trust()
    now = station.clock()
    assert trusted.find(station.key.did, role="station", at=now)
    stranger = keys.StationKey.from_seed(bytes(range(32))).did
    assert trusted.find(stranger, role="station", at=now) is None
    trust.accept(station.home, stranger, roles=("station",), at=now)
    assert station.trust().find(stranger, role="station", at=now)
    trust.remove(station.home, stranger)
    assert station.trust().find(stranger, role="station", at=now) is None


def test_a_trust_list_that_was_emptied_is_not_filled_again_silently(station: Station) -> None:
    trust.remove(station.home, station.key.did)
    again = Station.open(station.home, clock=station.clock)
    assert again.trust().entries == ()


def test_a_damaged_trust_list_is_an_error_not_an_empty_list(station: Station) -> None:
    station.home.trust_json.write_text('{"type":"TrustList","version":1}')
    with pytest.raises(InputError, match="trust_invalid"):
        station.trust()
