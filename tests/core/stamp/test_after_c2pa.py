"""A C2PA manifest embedded after the stamp does not stand in the way of unsealing."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from arp_core.digest import digest_file
from arp_core.stamp import read_facts, stamp_file, unsealed_digest

c2pa = pytest.importorskip("c2pa", reason="c2pa-python is not installed")
if shutil.which("openssl") is None:
    pytest.skip("openssl is not installed", allow_module_level=True)

LEAF = """basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=emailProtection
authorityKeyIdentifier=keyid
subjectKeyIdentifier=hash
"""
MANIFEST = {
    "claim_generator_info": [{"name": "test", "version": "1"}],
    "assertions": [
        {
            "label": "c2pa.actions",
            "data": {
                "actions": [
                    {
                        "action": "c2pa.created",
                        "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia",
                    }
                ]
            },
        }
    ],
}


@pytest.fixture
def signer(tmp_path):
    """A leaf under a local CA: a self-signed leaf is refused."""

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=tmp_path)

    (tmp_path / "leaf.cnf").write_text(LEAF)
    for name in ("ca", "leaf"):
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{name}.key")
    extensions = ("-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign")
    openssl(
        "req", "-x509", "-new", "-key", "ca.key", "-subj", "/CN=CA/O=T", "-days", "9", "-out", "ca.pem", *extensions
    )
    openssl("pkcs8", "-topk8", "-nocrypt", "-in", "leaf.key", "-out", "leaf.p8")
    openssl("req", "-new", "-key", "leaf.key", "-subj", "/CN=Leaf/O=T", "-out", "leaf.csr")
    openssl(
        *("x509", "-req", "-in", "leaf.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"),
        *("-days", "9", "-extfile", "leaf.cnf", "-out", "leaf.pem"),
    )
    chain = (tmp_path / "leaf.pem").read_bytes() + (tmp_path / "ca.pem").read_bytes()
    key = (tmp_path / "leaf.p8").read_bytes()
    return c2pa.Signer.from_info(c2pa.C2paSignerInfo(alg=b"es256", sign_cert=chain, private_key=key, ta_url=None))


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_unsealing_is_exact(unsealed, tmp_path, facts, signer, suffix):
    media_type = {".png": "image/png", ".jpg": "image/jpeg"}[suffix]
    source = unsealed(suffix)
    stamped, final = tmp_path / f"stamped{suffix}", tmp_path / f"final{suffix}"
    stamp_file(source, stamped, facts=facts)
    with stamped.open("rb") as taken, final.open("w+b") as made:
        c2pa.Builder(json.dumps(MANIFEST)).sign(signer, media_type, taken, made)
    assert b"c2pa" in final.read_bytes()
    assert read_facts(final) == facts
    assert unsealed_digest(final) == digest_file(source)
