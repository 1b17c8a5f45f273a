"""The registry, the specification sheets and the recipe agree with the code."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from run_graph import RECIPE

import arp_bridge.capabilities as package
from arp_bridge.capabilities import CAPABILITIES, load
from arp_core import messages
from arp_core.errors import InputError
from arp_core.orchestrate.capability import SOURCE_TYPES

FOLDER = Path(package.__file__).parent
ROOT = FOLDER.parent


@pytest.mark.parametrize("name", CAPABILITIES)
def test_each_capability_loads_under_its_own_name(name):
    spec, run = load(name)
    assert spec.name == name
    assert callable(run)
    assert spec.source_type in SOURCE_TYPES
    assert all(spec.title)
    assert spec.licence == "Apache-2.0"


@pytest.mark.parametrize("name", CAPABILITIES)
def test_the_fingerprint_covers_every_module_that_runs(name):
    spec, _ = load(name)
    wanted, found = [CAPABILITIES[name].rsplit(".", 1)[1]], set()
    while wanted:
        module = wanted.pop()
        if module in found:
            continue
        found.add(module)
        text = (FOLDER / f"{module}.py").read_text("utf-8")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and node.module == "arp_bridge.capabilities":
                wanted += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("arp_bridge.capabilities."):
                wanted.append(str(node.module).rsplit(".", 1)[1])
    assert set(spec.code) == {f"capabilities/{module}.py" for module in found}
    assert all((ROOT / path).is_file() for path in spec.code)


@pytest.mark.parametrize("name", CAPABILITIES)
def test_the_named_tools_are_installed_distributions(name):
    for tool in load(name)[0].tools:
        assert metadata.version(tool)


def test_an_unknown_name_is_refused():
    with pytest.raises(InputError) as caught:
        load("sculpt-by-magic")
    assert caught.value.code == "capability_unknown"


def test_the_recipe_wires_ports_that_exist_and_delivers_every_file():
    recipe = tomllib.loads(RECIPE.read_text("utf-8"))
    available = {"image"}
    for node in recipe["node"]:
        spec, _ = load(node["capability"])
        assert set(node["inputs"]) == {port.name for port in spec.inputs if not port.optional}
        assert set(node["inputs"].values()) <= available
        known = {item.name: item for item in spec.parameters}
        for name, value in node.get("parameters", {}).items():
            request = recipe["parameter"][value[1:]]
            assert request["type"] == known[name].type
            assert request["default"] == known[name].default
            assert (request.get("minimum"), request.get("maximum")) == (known[name].minimum, known[name].maximum)
        assert set(node["title"]) == {"en", "zh"}
        available |= {f"{node['id']}.{port.name}" for port in spec.outputs}
    assert {entry["output"] for entry in recipe["deliver"]} <= available
    assert [entry["path"] for entry in recipe["deliver"]] == [
        "{name}.glb",
        "{name}.usda",
        "textures/{name}_basecolor.png",
        "{name}_preview.png",
    ]


def test_every_code_raised_here_has_its_sentences():
    for path in sorted(FOLDER.glob("*.py")):
        for code in re.findall(r'(?:InputError|StorageError)\(\s*"(\w+)"', path.read_text("utf-8")):
            assert code in messages.keys(), f"{path.name}: {code}"  # noqa: SIM118 - a function of the catalogue


def test_the_registry_imports_nothing_heavy():
    program = (
        "import sys, arp_bridge.capabilities, arp_bridge.capabilities.determinism;"
        "print([n for n in ('numpy','PIL','cv2','scipy','skimage','onnxruntime','pxr') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
