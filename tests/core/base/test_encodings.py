"""Every encoded value has one accepted spelling, so no flipped bit of it is harmless."""

from __future__ import annotations

import contextlib

import base58 as reference
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arp_core import base58, multiformats, typeid
from arp_core.errors import InputError


@given(st.binary(max_size=64))
def test_base58_and_base64_round_trip(data: bytes) -> None:
    assert multiformats.base58btc_decode(multiformats.base58btc_encode(data)) == data
    assert multiformats.multibase_u_decode(multiformats.multibase_u_encode(data)) == data


@given(st.binary(min_size=32, max_size=32), st.integers(0, 400))
def test_any_changed_bit_of_a_multihash_is_refused_or_names_another_digest(digest: bytes, bit: int) -> None:
    text = multiformats.multihash_u(digest).encode()
    flipped = bytearray(text)
    flipped[bit // 8 % len(flipped)] ^= 1 << bit % 8
    with contextlib.suppress(InputError):  # refusing is the other right answer
        assert multiformats.sha256_from_multihash(flipped.decode("latin-1")) != digest


@given(st.binary(max_size=80), st.integers(0, 5))
def test_base58_agrees_with_the_base58_package(data: bytes, zeros: int) -> None:
    padded = bytes(zeros) + data
    assert base58.encode(padded) == reference.b58encode(padded).decode()
    assert base58.decode(reference.b58encode(padded).decode()) == padded


@pytest.mark.parametrize("text", ["0", "O", "I", "l", "abc ", " abc", "a\n", "é", "١"])
def test_base58_refuses_what_is_no_digit(text: str) -> None:
    with pytest.raises(InputError, match="encoding_invalid"):
        multiformats.base58btc_decode("z" + text)


REFUSED = {
    "base64 padding": "uEiA=",
    "base64 trailing bits": multiformats.multibase_u_encode(b"a")[:-1] + "R",
    "other multibase": "mEiA",
    "non-ASCII": "u☃",
    "blank": "",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_other_spellings_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="encoding_invalid"):
        multiformats.multibase_u_decode(text)


@pytest.mark.parametrize(
    "did", ["did:web:example.org", "did:key:z6Mk", "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme"]
)
def test_only_ed25519_did_key_is_accepted(did: str) -> None:
    with pytest.raises(InputError, match="encoding_invalid"):
        multiformats.public_from_did(did)


def test_type_ids_are_ordered_and_checked() -> None:
    first, second = typeid.new_id("obj"), typeid.new_id("obj")
    assert first != second
    assert typeid.check_id(first, prefix="obj") == first
    assert typeid.derived_id("cap", bytes(32)) == typeid.derived_id("cap", bytes(32))


def test_type_id_spells_the_example_of_its_specification() -> None:
    # TypeID specification, example: UUID 01890a5d-ac96-774b-bcce-b302099a8057.
    number = 0x01890A5DAC96774BBCCEB302099A8057
    assert typeid._spell("obj", number) == "obj_01h455vb4pex5vsknk084sn02q"


@pytest.mark.parametrize(
    "value",
    [
        "obj_",
        "cap_01h455vb4pex5vsknk084sn02q",
        "obj_81h455vb4pex5vsknk084sn02q",
        "obj_01H455VB4PEX5VSKNK084SN02Q",
        "obj_01h455vb4pex5vsknk084sn02l",
    ],
)
def test_malformed_ids_are_refused(value: str) -> None:
    with pytest.raises(InputError, match="id_invalid"):
        typeid.check_id(value, prefix="obj")
