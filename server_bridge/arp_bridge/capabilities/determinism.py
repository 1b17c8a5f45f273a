"""What a worker's environment must hold before numpy, OpenCV or onnxruntime load.

The default graph is ``bit_exact`` on x86-64-v3 (contracts, "Determinism
level"). Its own arithmetic is elementwise float64 and scipy.ndimage, which do
not depend on the processor; what is left to pin are thread counts and Intel's
primitives inside OpenCV.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping

#: Set in the worker process before its first heavy import.
WORKER_ENVIRONMENT: dict[str, str] = {
    "OPENCV_IPP": "disabled",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
}


def apply(environment: MutableMapping[str, str] | None = None) -> None:
    """Write :data:`WORKER_ENVIRONMENT` into ``environment`` (this process's by default).

    Must run before the first import of numpy, cv2 or onnxruntime; what is
    already loaded keeps its settings.
    """
    target = os.environ if environment is None else environment
    target.update(WORKER_ENVIRONMENT)
