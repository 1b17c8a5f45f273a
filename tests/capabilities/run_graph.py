"""The default graph run bare: capability after capability, no identity, no audit.

Shared by the tests and by the benchmark that compares a governed run with the
same tools called bare. Reads the recipe itself, so it cannot drift from it.

    python tests/capabilities/run_graph.py IMAGE OUT [name=value …]
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import time
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from arp_bridge.capabilities import determinism

RECIPE = Path(__file__).resolve().parents[2] / "server_bridge" / "arp_bridge" / "recipes" / "image-to-3d.toml"


@dataclass
class BareRun:
    """What a bare run made, node by node."""

    outputs: dict[str, Path] = field(default_factory=dict)
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    findings: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    delivered: dict[str, Path] = field(default_factory=dict)

    def digests(self) -> dict[str, str]:
        """Return SHA-256 of every output by ``node.port``."""
        return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in sorted(self.outputs.items())}


def run_bare(image: Path, out: Path, *, seed: int = 0, **request: object) -> BareRun:
    """Run the recipe on ``image`` and lay the delivered files out in ``out/package``."""
    from arp_bridge.capabilities import load

    recipe = tomllib.loads(RECIPE.read_text("utf-8"))
    values = {name: table["default"] for name, table in recipe["parameter"].items()} | request
    result = BareRun()
    sources = {"image": image}
    for node in recipe["node"]:
        spec, run = load(node["capability"])
        given = {item.name: item.default for item in spec.parameters}
        for name, value in node.get("parameters", {}).items():
            given[name] = values[value[1:]] if isinstance(value, str) and value.startswith("$") else value
        folder = out / node["id"]
        folder.mkdir(parents=True)
        started = time.perf_counter()
        made = run({port: sources[source] for port, source in node["inputs"].items()}, given, folder, seed, _ignore)
        result.seconds[node["id"]] = time.perf_counter() - started
        result.facts[node["id"]] = dict(made.facts)
        result.findings[node["id"]] = made.findings
        for port, path in made.outputs.items():
            sources[f"{node['id']}.{port}"] = result.outputs[f"{node['id']}.{port}"] = path
    for entry in recipe["deliver"]:
        target = out / "package" / entry["path"].format(name=values["name"])
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(sources[entry["output"]], target)
        result.delivered[entry["output"]] = target
    return result


def _ignore(_fraction: float) -> None:
    """Nobody watches a bare run."""


def main() -> None:
    """Run, then print each node's time, facts, findings and digests."""
    determinism.apply()
    image, out, *settings = sys.argv[1:]
    request: dict[str, object] = {}
    for setting in settings:
        name, value = setting.split("=", 1)
        request[name] = value if name == "name" else float(value) if "." in value else int(value)
    result = run_bare(Path(image), Path(out), **request)
    for node, seconds in result.seconds.items():
        print(f"{node:10} {seconds:6.2f} s  {result.facts[node]}")
        for finding in result.findings[node]:
            print(
                f"           {'ok  ' if finding.passed else 'FAIL'} {finding.name} = {finding.value} ({finding.bound})"
            )
    print(f"{'total':10} {sum(result.seconds.values()):6.2f} s")
    for name, digest in result.digests().items():
        print(f"{digest}  {name}")


if __name__ == "__main__":
    main()
