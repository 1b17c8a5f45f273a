"""Finding the object in a picture that has no alpha channel.

Two ways: the U²-Netp network on the CPU, or GrabCut where its weights are
absent. Both return how likely each pixel is to belong to the object, as uint8
(0…255), because eight bits are all that later steps use.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from arp_core.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

WEIGHTS = Path(__file__).resolve().parents[1] / "weights" / "u2netp.onnx"
WEIGHTS_SHA256 = "309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8"

#: The network's fixed input side, and the ImageNet statistics it was trained with.
_SIDE = 320
_MEAN = (0.485, 0.456, 0.406)
_DEVIATION = (0.229, 0.224, 0.225)
_GRABCUT_SIDE = 384
_GRABCUT_ROUNDS = 6
#: How far (of 255) a plain backdrop's colour may wander.
_PLAIN_SPREAD = 12


def by_network(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the network's saliency for ``rgb`` (height, width, 3).

    Values are the sigmoid output itself, not stretched to the full range: on
    an empty picture they stay low, and so it can be refused.

    Raises:
        InputError: ``weights_mismatch`` when the weights file is not the pinned one.
    """
    height, width = rgb.shape[:2]
    small = Image.fromarray(rgb, "RGB").resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    values = np.asarray(small).astype(np.float32)
    values /= np.float32(max(int(values.max()), 1))
    tensor = (values - np.array(_MEAN, np.float32)) / np.array(_DEVIATION, np.float32)
    session = _session(WEIGHTS)
    name = session.get_inputs()[0].name
    batch = np.ascontiguousarray(tensor.transpose(2, 0, 1)[None])
    saliency = session.run([session.get_outputs()[0].name], {name: batch})[0][0, 0]
    quantised = np.clip(np.rint(saliency.astype(np.float64) * 255.0), 0, 255).astype(np.uint8)
    return np.asarray(Image.fromarray(quantised, "L").resize((width, height), Image.Resampling.BICUBIC))


@lru_cache(maxsize=1)
def _session(path: Path) -> Any:
    """Return the loaded network (kept: loading costs more than running)."""
    import onnxruntime

    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != WEIGHTS_SHA256:
        raise InputError("weights_mismatch", name=path.name)
    options = onnxruntime.SessionOptions()
    # One thread, in order: the sums inside a layer then have one order.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def by_grabcut(rgb: NDArray[np.uint8], *, seed: int) -> NDArray[np.uint8]:
    """Return GrabCut's decision (0 or 255, softened by resizing) for ``rgb`` (height, width, 3).

    The frame's outermost pixels are taken for background, pixels of their
    colour for probable background (a handle's hole), the rest for maybe.
    Rother, Kolmogorov, Blake: "GrabCut", SIGGRAPH 2004 (OpenCV's implementation).
    """
    import cv2

    height, width = rgb.shape[:2]
    ratio = min(1.0, _GRABCUT_SIDE / max(height, width))
    size = (max(8, round(width * ratio)), max(8, round(height * ratio)))
    small = np.asarray(Image.fromarray(rgb, "RGB").resize(size, Image.Resampling.LANCZOS))
    border = max(2, min(size) // 24)
    labels = np.full(small.shape[:2], cv2.GC_PR_FGD, np.uint8)
    labels[_like_frame(small, border=border)] = cv2.GC_PR_BGD
    labels[:border] = labels[-border:] = cv2.GC_BGD
    labels[:, :border] = labels[:, -border:] = cv2.GC_BGD
    if not (labels == cv2.GC_PR_FGD).any():
        return np.zeros((height, width), np.uint8)  # nothing differs from the frame
    cv2.setNumThreads(1)
    # OpenCV keeps one generator for the process; k-means inside GrabCut draws from it.
    cv2.setRNGSeed(seed % (1 << 31))
    background, foreground = np.zeros((1, 65)), np.zeros((1, 65))
    bgr = np.ascontiguousarray(small[..., ::-1])
    cv2.grabCut(bgr, labels, None, background, foreground, _GRABCUT_ROUNDS, cv2.GC_INIT_WITH_MASK)
    chosen = np.isin(labels, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8) * 255
    return np.asarray(Image.fromarray(chosen, "L").resize((width, height), Image.Resampling.BICUBIC))


def _like_frame(rgb: NDArray[np.uint8], *, border: int) -> NDArray[np.bool_]:
    """Return where ``rgb`` has the frame's colour; nowhere when the frame is not plain."""
    frame = np.concatenate(
        [part.reshape(-1, 3) for part in (rgb[:border], rgb[-border:], rgb[:, :border], rgb[:, -border:])]
    ).astype(np.int32)
    middle = np.sort(frame, axis=0)[len(frame) // 2]
    spread = np.sort(np.abs(frame - middle).max(axis=1))[len(frame) * 9 // 10]
    if spread > _PLAIN_SPREAD:
        return np.zeros(rgb.shape[:2], bool)
    near: NDArray[np.bool_] = np.abs(rgb.astype(np.int32) - middle).max(axis=2) <= 2 * _PLAIN_SPREAD
    return near
