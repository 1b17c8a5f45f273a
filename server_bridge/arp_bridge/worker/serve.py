"""The worker's loop: warm up, say ready, then one command after another until the pipe closes."""

from __future__ import annotations

import json
import os
import pkgutil
import queue
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from arp_bridge.worker import run_command
from arp_bridge.worker.run_command import WorkerContext
from arp_core.blobs import BlobStore
from arp_core.errors import ArpError, AuditError
from arp_core.home import Home

#: What is slow to import, loaded before the worker says that it is ready. ``module:name``
#: where a package loads its parts only when they are named.
_WARM = (
    "numpy",
    "rfc8785",
    "PIL.Image",
    "cv2",
    "onnxruntime",
    "scipy.ndimage",
    "scipy.sparse.csgraph",
    "scipy.sparse.linalg",
    "scipy.spatial",
    "skimage.measure:marching_cubes",
    "skimage.morphology:skeletonize",
    "fast_simplification",
    "pxr.Usd",
    "pxr.UsdGeom",
    "pxr.UsdShade",
    "pxr.UsdUtils",
    "pxr.UsdValidation",
    "arp_core.geometry.glb",
    "arp_core.geometry.usd",
)

Answer = Callable[[Mapping[str, Any]], None]


def serve(*, home: Path, commands: BinaryIO, answers: BinaryIO) -> None:
    """Serve commands until the bridge closes the pipe.

    Args:
        home: The home whose blobs and filings are read.
        commands: JSON lines from the bridge.
        answers: JSON lines to the bridge.
    """
    lock = threading.Lock()

    def answer(message: Mapping[str, Any]) -> None:
        line = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"
        with lock:
            answers.write(line)

    waiting: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(commands, waiting), daemon=True).start()
    for name in _WARM:
        pkgutil.resolve_name(name)
    context = WorkerContext.create(Home(home), blobs=BlobStore(Home(home).blobs))
    answer({"is": "ready", "pid": os.getpid(), "environment": context.environment})
    while True:
        _obey(waiting.get(), context=context, answer=answer)


def _listen(commands: BinaryIO, waiting: queue.SimpleQueue[dict[str, Any]]) -> None:
    """Read commands; when the bridge is gone, end this process and all it started.

    Runs beside the work, so that a bridge which was killed does not leave a
    worker computing for nobody.
    """
    for line in commands:
        waiting.put(json.loads(line))
    if os.name == "posix":
        os.killpg(os.getpgid(0), signal.SIGKILL)
    os._exit(0)


def _obey(command: Mapping[str, Any], *, context: WorkerContext, answer: Answer) -> None:
    scratch = Path(tempfile.mkdtemp(prefix="work-", dir=command["scratch"]))
    try:
        answer(run_command.COMMANDS[command["do"]](command, context, scratch, answer))
    except ArpError as error:
        answer(run_command.failure(error))
    except Exception as error:  # noqa: BLE001  # the boundary of the process: it must answer, and this names the fault
        answer(run_command.failure(AuditError("worker_fault", reason=f"{type(error).__name__}: {error}")))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
