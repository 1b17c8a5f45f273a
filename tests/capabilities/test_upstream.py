"""What a picture says about its own origin survives the stripping of its metadata."""

from __future__ import annotations

import datetime
import io
import json

import c2pa
import pictures
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AI = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


def _certificate(subject, key, issuer, issuer_key, *, authority):
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(not authority, False, False, False, False, authority, authority, False, False), critical=True
        )
    )
    if not authority:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
        builder = builder.add_extension(usage, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _signed_png():
    def name(text):
        return x509.Name(
            [x509.NameAttribute(NameOID.ORGANIZATION_NAME, text), x509.NameAttribute(NameOID.COMMON_NAME, text)]
        )

    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate(name("Test Root"), root_key, name("Test Root"), root_key, authority=True)
    leaf = _certificate(name("Test Studio"), key, name("Test Root"), root_key, authority=False)
    chain = b"".join(each.public_bytes(serialization.Encoding.PEM) for each in (leaf, root))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo(c2pa.C2paSigningAlg.ES256, chain, private, None))
    manifest = {
        "claim_generator_info": [{"name": "Test Painter", "version": "3"}],
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": [{"action": "c2pa.created", "digitalSourceType": AI}]}}
        ],
    }
    target = io.BytesIO()
    source = io.BytesIO(pictures.encoded(pictures.mug(), "PNG"))
    c2pa.Builder(json.dumps(manifest)).sign(signer, "image/png", source, target)
    return target.getvalue()


def test_reads_an_embedded_c2pa_manifest(capability, tmp_path):
    made = capability("image-intake", {"image": pictures.written(tmp_path, "blob", _signed_png())})
    found = made.facts["upstream_c2pa"]
    assert found["issuer"] == "Test Studio"
    assert found["claim_generator"].startswith("Test Painter")
    assert found["digital_source_types"] == [AI]
    assert found["state"] in ("Valid", "Trusted")
    assert b"c2pa" not in made.outputs["image"].read_bytes()


def test_says_so_when_the_manifest_does_not_fit_the_picture(capability, tmp_path):
    from PIL import Image

    data = bytearray(_signed_png())
    where = data.find(b"IDAT")
    data[where + 20] ^= 1
    try:
        Image.open(io.BytesIO(bytes(data))).load()
        readable = True
    except (OSError, SyntaxError):
        readable = False
    from arp_bridge.capabilities.upstream import read_c2pa

    found = read_c2pa(bytes(data), media_type="image/png")
    assert not readable
    assert found.get("state") == "Invalid" or "unreadable" in found


def test_a_picture_without_manifest_or_label_says_nothing(capability, tmp_path):
    path = pictures.written(tmp_path, "plain.png", pictures.encoded(pictures.mug(), "PNG"))
    facts = capability("image-intake", {"image": path}).facts
    assert facts["upstream_c2pa"] == {}
    assert facts["upstream_aigc"] == {}


def test_reads_an_upstream_label(capability, tmp_path):
    from PIL import PngImagePlugin

    label = {
        "Label": "1",
        "ContentProducer": "001191440300MA5D",
        "ProduceID": "abc-1",
        "ReservedCode1": "",
        "ContentPropagator": "001191440300MA5D",
        "PropagateID": "abc-1",
        "ReservedCode2": "",
    }
    info = PngImagePlugin.PngInfo()
    info.add_text("AIGC", json.dumps(label, separators=(",", ":")))
    path = pictures.written(tmp_path, "blob", pictures.encoded(pictures.mug(), "PNG", pnginfo=info))
    assert capability("image-intake", {"image": path}).facts["upstream_aigc"] == {"label": label}
