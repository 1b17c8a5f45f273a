"""Names that may stand in a package, and writes that are whole or absent."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import unicodedata
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from types import TracebackType

from arp_core.errors import InputError, StorageError

_LONGEST_NAME = 255
#: Limits of a whole package path: every supported system can open it, wherever the package stands.
_LONGEST_PATH = 1024
_DEEPEST = 32
#: Room for the longest suffix of a package's file names, and of another's version mark, in 255 bytes.
_LONGEST_STEM = 120
#: Controls, surrogates, unassigned, formatting (bidi marks and overrides, zero widths), line separators.
_UNSEEN = frozenset(("Cc", "Cs", "Cn", "Cf", "Zl", "Zp"))
_NOT_EVERYWHERE = frozenset('\\/:*?"<>|')
_RESERVED_ON_WINDOWS = frozenset(
    ("con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10)))
)


def check_package_path(relative: str) -> str:
    """Return ``relative`` if it may name a file of a package.

    NFC, ``/``-separated, relative, no empty, ``.`` or ``..`` part, no control
    character, backslash, colon or name that Windows reserves, at most 255 bytes
    of UTF-8 a part, 1024 in all and 32 parts, so that the package opens the
    same on every platform.

    Raises:
        InputError: ``path_unsafe`` with the reason.
    """
    reason = _unsafe_reason(relative)
    if reason is not None:
        raise InputError("path_unsafe", name=relative[:_LONGEST_NAME], reason=reason)
    return relative


def _unsafe_reason(relative: str) -> str | None:
    if not relative or relative.startswith("/"):
        return "a relative path is expected"
    if len(relative.encode("utf-8", "surrogatepass")) > _LONGEST_PATH:
        return f"longer than {_LONGEST_PATH} bytes"
    if relative.count("/") >= _DEEPEST:
        return f"more than {_DEEPEST} parts"
    if unicodedata.normalize("NFC", relative) != relative:
        return "not in Unicode NFC"
    if any(unicodedata.category(letter) in ("Cc", "Cs") or letter in _NOT_EVERYWHERE - {"/"} for letter in relative):
        return "a character that not every system allows"
    for part in relative.split("/"):
        if part in ("", ".", ".."):
            return "an empty or upward part"
        if part.endswith((" ", ".")) or part.split(".")[0].lower() in _RESERVED_ON_WINDOWS:
            return "a name that Windows reserves"
        if len(part.encode("utf-8")) > _LONGEST_NAME:
            return "longer than 255 bytes"
    return None


def check_stem(name: str) -> str:
    """Return ``name`` if a package's files may be called after it, exactly as it is written.

    Beyond :func:`check_package_path`: one part; at most 120 bytes of UTF-8, so
    that every suffix fits; no dot in front (hidden) and no blank at either end;
    something visible, and nothing that shows in another order than it is stored.

    Raises:
        InputError: ``name_unsafe`` with the reason.
    """
    reason = _stem_reason(name)
    if reason is not None:
        shown = "".join(letter if letter.isprintable() else f"<U+{ord(letter):04X}>" for letter in name[:_LONGEST_STEM])
        raise InputError("name_unsafe", name=shown, reason=reason)
    return name


def stem_of(text: str) -> str:
    """Return ``text``, what somebody called a file, as a stem that :func:`check_stem` accepts.

    Letters of every script, spaces and emoji stay. What some system refuses
    becomes ``_``, and what is too long loses its end.
    """
    normal = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))
    kept = "".join("_" if letter in _NOT_EVERYWHERE else letter for letter in _visible(normal))
    while len(kept.encode("utf-8")) > _LONGEST_STEM:
        kept = kept[:-1]
    kept = kept.strip().strip(" .")
    for stem in (kept, f"_{kept}"[:_LONGEST_STEM]):  # the second for what Windows reserves, such as “con”
        if _is_seen(kept) and _stem_reason(stem) is None:
            return stem
    return "asset"


def _stem_reason(name: str) -> str | None:
    if not _is_seen(name):
        return "nothing of it can be seen"
    if name != _visible(name):
        return "a letter that is invisible or turns the reading direction"
    if name.strip() != name or name.startswith(".") or name.endswith("."):
        return "a dot or blank at its beginning or end"
    if "/" in name:
        return "a name without folders is expected"
    if len(name.encode("utf-8")) > _LONGEST_STEM:
        return f"longer than {_LONGEST_STEM} bytes"
    return _unsafe_reason(name)


def _is_seen(name: str) -> bool:
    return any(unicodedata.category(letter)[0] in "LNPS" for letter in name.strip("."))


def _visible(text: str) -> str:
    """Return ``text`` with ``_`` for what cannot be seen; joiners stay, which scripts and emoji are written with."""
    return "".join(
        "_" if unicodedata.category(letter) in _UNSEEN and letter not in "\u200c\u200d" else letter for letter in text
    )


def collision_key(relative: str) -> str:
    """Return the form in which two names count as the same on some file system."""
    return unicodedata.normalize("NFC", relative.casefold())


def storage_error(error: OSError, *, path: Path) -> StorageError:
    """Return the StorageError that an OSError while writing ``path`` means."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StorageError("disk_full", path=path)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StorageError("folder_read_only", path=path.parent)
    return StorageError("write_failed", path=path, reason=error.strerror or type(error).__name__)


def write_atomic(path: Path, data: bytes, *, mode: int = 0o644, overwrite: bool = True) -> None:
    """Write ``data`` to ``path`` so that it is there whole or not at all.

    Raises:
        StorageError: ``disk_full``, ``folder_read_only``, ``write_failed``, or
            ``file_in_the_way`` where ``overwrite`` is false.
    """
    temporary = path.with_name(f".{path.name[:80]}.{secrets.token_hex(6)}.part")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if overwrite:
            temporary.replace(path)
        else:
            _move_without_overwriting(temporary, path)
        fsync_folder(path.parent)
    except FileExistsError as error:
        raise StorageError("file_in_the_way", path=path) from error
    except OSError as error:
        raise storage_error(error, path=path) from error
    finally:
        with contextlib.suppress(OSError):  # gone when the write succeeded
            temporary.unlink()


def fsync_folder(folder: Path) -> None:
    """Make renames in ``folder`` durable, where the platform can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _move_without_overwriting(source: Path, target: Path) -> None:
    """Give ``source`` the name ``target``; the kernel refuses if that name is taken."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links (exFAT, some network shares)
        if target.exists():
            raise FileExistsError(target) from None
        source.rename(target)


class StagedFolder:
    """A hidden folder beside the final place; its files move over only when all are whole.

    Use as a context manager: write into :attr:`path`, then call :meth:`publish`.
    Leaving without publishing removes everything that was staged.
    """

    def __init__(self, final: Path) -> None:
        self.final = final
        self.path = final / f".arp-{secrets.token_hex(6)}.part"

    def __enter__(self) -> StagedFolder:
        try:
            self.final.mkdir(parents=True, exist_ok=True)
            self.path.mkdir()
        except FileExistsError as error:
            raise StorageError("file_in_the_way", path=self.final) from error
        except NotADirectoryError as error:
            raise StorageError("file_in_the_way", path=self.final) from error
        except OSError as error:
            raise storage_error(error, path=self.path) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self.path, ignore_errors=True)

    def publish(self, names: Iterable[str], *, replace: frozenset[str] = frozenset()) -> tuple[Path, ...]:
        """Move the named files to the final folder, in order, and return where they stand.

        Give the sidecar last: a package without one is visibly unfinished. If a
        file of the same name is in the way nothing is moved at all; if a move
        fails half-way, what was moved is taken back.

        Args:
            names: Package paths of staged files, in the order to move them.
            replace: Names known to be ours, which may be replaced.

        Raises:
            StorageError: ``file_in_the_way``, ``disk_full``, ``folder_read_only``, ``write_failed``.
        """
        ordered = tuple(check_package_path(name) for name in names)
        for name in ordered:
            target = self.final.joinpath(*PurePosixPath(name).parts)
            if name not in replace and (target.exists() or target.is_symlink()):
                raise StorageError("file_in_the_way", path=target)
        moved: list[Path] = []
        made: list[Path] = []
        target = self.final
        try:
            for name in ordered:
                source = self.path.joinpath(*PurePosixPath(name).parts)
                target = self.final.joinpath(*PurePosixPath(name).parts)
                _fsync_file(source)
                if not target.parent.exists():
                    target.parent.mkdir(parents=True)
                    made.append(target.parent)
                if name in replace:
                    source.replace(target)
                else:
                    _move_without_overwriting(source, target)
                    moved.append(target)
            for folder in {path.parent for path in moved} | {self.final}:
                fsync_folder(folder)
        except OSError as error:
            for path in reversed(moved):
                path.unlink(missing_ok=True)
            for folder in reversed(made):
                with contextlib.suppress(OSError):  # someone else's file stands in it by now
                    folder.rmdir()
            if isinstance(error, FileExistsError):
                raise StorageError("file_in_the_way", path=target) from error
            raise storage_error(error, path=target) from error
        return tuple(self.final.joinpath(*PurePosixPath(name).parts) for name in ordered)


def _fsync_file(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())
