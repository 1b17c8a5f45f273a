"""An independent reader of MTS credentials, written from docs/spec alone.

It imports nothing of this project: the standard library, and PyNaCl for
Ed25519. It judges a folder, a sidecar or a file by the rules of
docs/spec/credential.md and docs/spec/records.md and prints one word.

    python reader.py CONTEXT.json TARGET
"""

import base64
import gzip
import hashlib
import json
import math
import sys
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, unquote

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

CONTEXT = ["https://www.w3.org/ns/credentials/v2", "urn:asset-routing-pipeline:mts:v1"]
TYPES = ["VerifiableCredential", "MinimumTraceableSetCredential"]
PARTS = ("content", "rights", "capability", "environment")
DEMAND_LABEL = ("trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "algorithmicMedia")
DROPPINGS = (".DS_Store", "Thumbs.db", "ehthumbs.db", "desktop.ini", "Desktop.ini", ".directory")
TIER_RECORDS = {
    "static": (),
    "computable": ("environment", "licence", "version"),
    "interactive": ("behaviour_bounds", "supervision_hooks", "responsibility"),
}
ORDER = ("modified", "untrusted", "revoked", "suspended", "expired", "unsigned", "unknown", "verified")
#: Every field the page describes: only these may be marked critical.
FIELDS = """@context id type issuer validFrom validUntil schemaVersion critical scope name due credentialSubject
credentialStatus relatedResource proof objectId tier version representation capabilityIds jobId mts geometry seed
usage origin publishable aiLabel digitalSourceType nodes evidence"""
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


class Bad(Exception):
    """A rule is broken; the first argument says which."""


def need(condition, reason):
    if not condition:
        raise Bad(reason)


def jcs(value):
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(jcs(key) + ":" + jcs(value[key]) for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(jcs, value)) + "]"
    if isinstance(value, float):
        need(math.isfinite(value), "number")
        if value == int(value) and abs(value) < 1e21:
            return str(int(value))
        return repr(value).replace("e-0", "e-").replace("e+0", "e+")
    return json.dumps(value, ensure_ascii=False)


def parse(data, limit=1 << 20):
    need(len(data) <= limit, "size")

    def pairs(items):
        need(len(dict(items)) == len(items), "duplicate key")
        return dict(items)

    def constant(name):
        raise Bad(name)

    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=pairs, parse_constant=constant)
        need(isinstance(value, dict) and jcs(value).encode("utf-8") == data, "not canonical")
    except (ValueError, RecursionError) as error:
        raise Bad("json") from error
    return value


def base58(text):
    need(text[:1] == "z" and all(letter in BASE58 for letter in text[1:]), "base58")
    number = 0
    for letter in text[1:]:
        number = number * 58 + BASE58.index(letter)
    zeros = len(text[1:]) - len(text[1:].lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def base64url(text):
    need(isinstance(text, str) and text[:1] == "u" and text.isascii(), "multibase")
    try:
        data = base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))
    except ValueError as error:
        raise Bad("multibase") from error
    need(base64.urlsafe_b64encode(data).rstrip(b"=").decode() == text[1:], "multibase spelling")
    return data


def multihash(text):
    data = base64url(text)
    need(len(data) == 34 and data[:2] == b"\x12\x20", "multihash")
    return data[2:]


def digest(value):
    return hashlib.sha256(jcs(value).encode("utf-8")).digest()


def moment(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def signer(document):
    """Return the did:key whose proof holds over the document (Data Integrity, eddsa-jcs-2022)."""
    proof = document.get("proof")
    need(isinstance(proof, dict), "proof")
    allowed = {"type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue", "@context"}
    need(set(proof) <= allowed and proof.get("@context") == document.get("@context"), "proof fields")
    kinds = (proof.get("type"), proof.get("cryptosuite"), proof.get("proofPurpose"))
    need(kinds == ("DataIntegrityProof", "eddsa-jcs-2022", "assertionMethod"), "proof kind")
    did, _, fragment = proof["verificationMethod"].partition("#")
    need(did == "did:key:" + fragment, "verification method")
    key = base58(fragment)
    need(len(key) == 34 and key[:2] == b"\xed\x01", "key")
    config = {name: value for name, value in proof.items() if name != "proofValue"}
    body = {name: value for name, value in document.items() if name != "proof"}
    try:
        VerifyKey(key[2:]).verify(digest(config) + digest(body), base58(proof["proofValue"]))
    except (BadSignatureError, ValueError, TypeError) as error:
        raise Bad("signature") from error
    return did


def listed_files(document):
    """Return package path -> SHA-256, refusing names that are unsafe, collide or are spelled otherwise."""
    subject = document["credentialSubject"]
    prefix = f"arp:///{subject['objectId']}/v{subject['version']['number']}/"
    found = {}
    for item in document["relatedResource"]:
        need(item["id"].startswith(prefix), "listed under another asset")
        encoded = item["id"][len(prefix) :]
        path = unquote(encoded)
        need(quote(path, safe="/") == encoded and unicodedata.normalize("NFC", path) == path, "spelling of a path")
        need(not set("\\:") & set(path) and all(part not in ("", ".", "..") for part in path.split("/")), "path")
        sha256 = multihash(item["digestMultibase"])
        need(item["digestSRI"] == "sha256-" + base64.b64encode(sha256).decode(), "digestSRI")
        found[path] = sha256
    need(found and len({path.casefold() for path in found}) == len(document["relatedResource"]), "paths collide")
    return found


def check_form(document, sidecar):
    need(document["@context"] == CONTEXT and document["type"] == TYPES, "context or type")
    need(document["schemaVersion"] == 1 and document["scope"] in ("files", "package"), "version or scope")
    need(set(document["critical"]) <= set(FIELDS.split()), "critical")
    need(sidecar == document["name"] + "_mts.json", "sidecar renamed")
    subject = document["credentialSubject"]
    need(subject["id"] == "arp:///" + subject["objectId"] and set(subject["mts"]) == set(PARTS), "subject")
    need(subject["tier"] in TIER_RECORDS, "tier")
    need(subject["digitalSourceType"] not in DEMAND_LABEL or "aiLabel" in subject, "AI label removed")
    need(multihash(subject["evidence"]["digestMultibase"]) == digest(subject["nodes"]), "evidence")
    for value in (*subject["mts"].values(), *subject["nodes"].values()):
        multihash(value)


def status_word(document, did, context, folder):
    words = ["verified"]
    for entry in document["credentialStatus"]:
        stem = entry["statusListCredential"].removeprefix("arp:///status/").replace("/", "-")
        path = folder / context["statusLists"] / f"{stem}.json"
        if not path.is_file():
            words.append("unknown")
            continue
        status = parse(path.read_bytes())
        need(status["issuer"] == did == signer(status) and status["id"] == entry["statusListCredential"], "status list")
        need(status["credentialSubject"]["statusPurpose"] == entry["statusPurpose"], "purpose of the list")
        bits = gzip.decompress(base64url(status["credentialSubject"]["encodedList"]))
        index = int(entry["statusListIndex"])
        if bits[index // 8] >> (7 - index % 8) & 1:
            words.append({"revocation": "revoked", "suspension": "suspended"}[entry["statusPurpose"]])
    return words


def check_files(document, root, context, only):
    files = listed_files(document)
    need(only is None or only in files, "another file's credential")
    for path, sha256 in files.items():
        if only in (None, path):
            here = root / path
            need(here.is_file() and not here.is_symlink(), f"missing: {path}")
            need(here.name in [entry.name for entry in here.parent.iterdir()], f"missing: {path}")
            need(hashlib.sha256(here.read_bytes()).digest() == sha256, f"changed: {path}")
    if only is None and document["scope"] == "package":
        known = set(files) | own_names(document["name"])
        for path in root.rglob("*"):
            name = path.relative_to(root).as_posix()
            need(not path.is_symlink(), f"link: {name}")
            if path.is_file() and name not in known and path.name not in DROPPINGS:
                need(name in vouched(root, context, document["name"]), f"unlisted: {name}")


def own_names(name):
    sidecar = name + "_mts.json"
    return {sidecar, name + "_mts.records.json", sidecar + ".tlog-proof", sidecar + ".tsr"}


def vouched(root, context, own):
    """Return the files of other credentials in the folder whose signature is a trusted issuer's."""
    found = set()
    for sidecar in root.glob("*_mts.json"):
        if sidecar.name == own + "_mts.json":
            continue
        other = parse(sidecar.read_bytes())
        check_form(other, sidecar.name)
        need(signer(other) == other["issuer"] and other["issuer"] in context["trusted"], "stranger's credential")
        for path, sha256 in listed_files(other).items():
            if hashlib.sha256((root / path).read_bytes()).digest() == sha256:
                found.add(path)
        found |= own_names(other["name"])
    return found


def check_records(document, root):
    path = root / (document["name"] + "_mts.records.json")
    if not path.exists():
        return  # withheld as a whole: reported elsewhere, never failed
    records = parse(path.read_bytes(), 16 << 20)
    need(set(records) == {"type", "schemaVersion", "credentialId", "records"}, "records file")
    need(records["type"] == "MtsRecords" and records["schemaVersion"] == 1, "records file")
    need("arp:///" + records["credentialId"] == document["id"], "another credential's records")
    subject, shown = document["credentialSubject"], records["records"]
    expected = {(part,): subject["mts"][part] for part in PARTS}
    expected |= {("nodes", node): value for node, value in subject["nodes"].items()}
    disclosed = {(name,): entry for name, entry in shown.items() if name != "nodes"}
    disclosed |= {("nodes", node): entry for node, entry in shown.get("nodes", {}).items()}
    for name, entry in disclosed.items():
        need(name in expected and set(entry) == {"salt", "record"}, f"record {name}")
        need(len(base64url(entry["salt"])) == 16 and digest(entry) == multihash(expected[name]), f"record {name}")
    if ("content",) in disclosed:
        held = disclosed["content",]["record"].get("tierRecords", {})
        need(all(name in held for name in TIER_RECORDS[subject["tier"]]), "tier records")


def judge(sidecar, context, folder, only=None):
    """Return the status word of one credential."""
    try:
        document = parse(sidecar.read_bytes())
        check_form(document, sidecar.name)
        files = listed_files(document)
        did = signer(document)
        need(did == document["issuer"] and files, "issuer did not sign")
        check_files(document, sidecar.parent, context, only)
        check_records(document, sidecar.parent)
        for due, ending in (("logProof", ".tlog-proof"), ("timestamp", ".tsr")):
            need(not document["due"][due] or (sidecar.parent / (sidecar.name + ending)).is_file(), f"{due} missing")
        words = ["verified"] if did in context["trusted"] else ["untrusted"]
        if words == ["verified"]:
            words += status_word(document, did, context, folder)
        now = moment(context["now"])
        if "validUntil" in document and now >= moment(document["validUntil"]):
            words.append("expired")
        if moment(document["validFrom"]) > now + timedelta(minutes=5):
            words.append("unknown")
        return min(words, key=ORDER.index)
    except (Bad, KeyError, TypeError, AttributeError, ValueError) as error:
        print(f"{sidecar}: {error!r}", file=sys.stderr)
        return "modified"


def read(target, context_file):
    """Return the status word of a folder (the worst in it), a sidecar or a file."""
    context = json.loads(context_file.read_text(encoding="utf-8"))
    if target.is_dir():
        words = [judge(path, context, context_file.parent) for path in sorted(target.rglob("*_mts.json"))]
        return min(words, key=ORDER.index, default="unsigned")
    if target.name.endswith("_mts.json"):
        return judge(target, context, context_file.parent)
    sidecar = target.with_name(target.name + "_mts.json")
    return judge(sidecar, context, context_file.parent, target.name) if sidecar.is_file() else "unsigned"


if __name__ == "__main__":
    print(read(Path(sys.argv[2]), Path(sys.argv[1])))
