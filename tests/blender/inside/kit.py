"""Runs inside Blender's Python: installs the built zip as a user would, and drives the extension.

A scenario imports this first, then acts through operators and the session, and
ends with :func:`end`. In background Blender runs no timers, so :func:`wait`
calls the same ``pump`` that the timer calls.
"""

import importlib
import importlib.machinery
import json
import os
import sys
import time
import traceback
from pathlib import Path

HIDDEN = ("nacl", "cffi", "_cffi_backend", "pycparser", "rfc8785", "arp_core", "arp_bridge")
WORK = Path(os.environ["ARP_TEST_WORK"])
IMAGE = Path(os.environ["ARP_TEST_IMAGE"]) if os.environ.get("ARP_TEST_IMAGE") else None


class _OnlyBundled:
    """This virtual environment holds more than a user's Blender: what we bundle may come from the zip only."""

    @staticmethod
    def find_spec(name, path=None, _target=None):
        if path is not None or name not in HIDDEN:
            return None
        places = [place for place in sys.path if "/extensions/.local/" in place.replace("\\", "/")]
        spec = importlib.machinery.PathFinder.find_spec(name, places)
        if spec is None:
            raise ModuleNotFoundError(f"{name} is not among the extension's wheels", name=name)
        return spec


sys.meta_path.insert(0, _OnlyBundled())

import bpy  # noqa: E402  # after the finder

MODULE = "bl_ext.user_default.asset_routing"


def install():
    """Install and enable the zip, as Install from Disk does."""
    result = bpy.ops.extensions.package_install_files(
        repo="user_default", filepath=os.environ["ARP_TEST_ZIP"], enable_on_install=True
    )
    assert result == {"FINISHED"}, result
    assert MODULE in bpy.context.preferences.addons, sorted(bpy.context.preferences.addons.keys())


def part(name):
    """Return a module of the installed extension."""
    return importlib.import_module(f"{MODULE}.{name}")


def session():
    return part("runtime").session()


def pump():
    bpy.context.view_layer.update()
    part("runtime").pump()


def wait(until, *, seconds=120.0, what="it"):
    """Pump until ``until()`` is true; the only clock here is the one that gives up."""
    deadline = time.monotonic() + seconds
    while not until():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain for {what}: {describe()}")
        pump()
        time.sleep(0.02)


def settle(seconds=20.0):
    """Pump until nothing is under way and every badge is the outcome of a finished check."""
    wait(
        lambda: not session().busy and not session().checking and all(a.state != "pending" for a in session().assets),
        seconds=seconds,
        what="a finished check",
    )


def states():
    return {asset.name: asset.state for asset in session().assets}


def describe():
    current = session()
    return {
        "assets": [(a.name, a.state, [(r.code, dict(r.facts)) for r in a.reasons]) for a in current.assets],
        "job": current.job,
        "error": current.error,
        "bridge": current.bridge,
    }


def move_vertex(obj, by=0.01):
    obj.data.vertices[0].co.x += by
    obj.data.update()


def generate(image, *, name, height=0.9, origin="mine", seed=0):
    """Fill the fields as an artist does, press Generate, and wait for the end."""
    fields = bpy.context.scene.asset_routing
    fields.image = str(image)
    fields.name = name
    fields.height = height
    fields.seed = seed
    fields.origin = origin
    wait(lambda: session().bridge == "running", what="the bridge")
    assert bpy.ops.asset_routing.image_to_3d() == {"FINISHED"}, describe()


def run(scenario):
    """Install, run the scenario, unregister, and end the process with its status.

    Leaving anything registered hangs some Blenders at exit, hence ``os._exit``.
    """
    status = 1
    try:
        install()
        scenario()
        bpy.ops.preferences.addon_disable(module=MODULE)
        status = 0
    except BaseException:  # noqa: BLE001  # whatever it was, the process must end with a status
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def save_result(result):
    """Hand something to the test outside."""
    (WORK / "result.json").write_text(json.dumps(result), encoding="utf-8")
