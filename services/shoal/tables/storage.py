"""Objects in a local folder: staged aside, then renamed into place whole: no name ever holds half a file."""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

from shoal.errors import ErrorReason, InternalError, InvalidArgumentError

__all__ = ["LocalStorage", "StagedObject", "sync_folder"]

_SEGMENT = re.compile(r"[A-Za-z0-9_=@+-][A-Za-z0-9._=@+-]{0,199}")
_OWNER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_STAGED = re.compile(r"([A-Za-z0-9_-]{1,64})\.[0-9a-f]{32}")
_STAGING = "staging"
_FOLDER_MODE, _FILE_MODE = 0o700, 0o600


class StagedObject:
    """A new file that has no name yet. As a context manager it discards what was not committed.

    path: where it lies, for those who write it by name (write_table). Not for several threads at once.
    """

    def __init__(self, storage: LocalStorage, path: Path, *, new: bool = True) -> None:
        self._storage = storage
        self.path = path
        creation = os.O_CREAT | os.O_EXCL if new else 0
        self._file: int | None = os.open(path, os.O_RDWR | creation | os.O_CLOEXEC | os.O_NOFOLLOW, _FILE_MODE)

    def __enter__(self) -> StagedObject:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.discard()

    def write(self, chunk: bytes | memoryview) -> None:
        """Appends the chunk, whole."""
        file = self._opened()
        rest = memoryview(chunk)
        while rest:
            rest = rest[os.write(file, rest) :]

    def commit(self, key: str) -> Path:
        """Gives the object its name, durably, and returns its path; one of that name is replaced whole."""
        target = self._storage.path(key)
        file = self._opened()
        os.fsync(file)
        make_folder(target.parent, self._storage.root)
        target = self._storage.path(key)  # again: the folders on the way exist now
        self.path.replace(target)
        self._close()
        sync_folder(target.parent)
        return target

    def discard(self) -> None:
        """Removes the file unless it was committed. Twice is fine."""
        if self._file is None:
            return
        self._close()
        self.path.unlink(missing_ok=True)

    def _opened(self) -> int:
        if self._file is None:
            raise InternalError("A staged object was used after it was committed or discarded.")
        return self._file

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


class LocalStorage:
    """Objects under `root` by keys such as `organizations/o1/datasets/d1`. Folders have mode 0700, files
    0600.

    owner: a token of this process; it begins the names of its staged files, so that others can tell whose
    they are. A key is segments of letters, digits and `._=@+-`, none beginning with a dot. A key that is not,
    or whose real path leaves the root (through a symbolic link), raises URI_NOT_ALLOWED.
    """

    def __init__(self, root: Path, owner: str = "local") -> None:
        if not _OWNER.fullmatch(owner):
            raise InternalError("The owner of a storage must be letters, digits, '-' and '_'.")
        self._owner = owner
        root.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        self.root = Path(os.path.realpath(root))
        self._staging = self.root / _STAGING
        make_folder(self._staging, self.root)

    def stage(self) -> StagedObject:
        """A new, empty object to be written and then committed."""
        return StagedObject(self, self._staging / f"{self._owner}.{secrets.token_hex(16)}")

    def adopt(self, name: str) -> StagedObject:
        """The staged object of that file name, which another part of the system wrote; raises URI_NOT_ALLOWED
        when there is none.
        """
        path = self._staging / name
        if _STAGED.fullmatch(name) is None or not path.is_file():
            raise _not_allowed()
        return StagedObject(self, path, new=False)

    def path(self, key: str) -> Path:
        """Where the object of that key lies or would lie."""
        segments = key.split("/")
        if not all(_SEGMENT.fullmatch(segment) for segment in segments) or segments[0] == _STAGING:
            raise _not_allowed()
        path = self.root.joinpath(*segments)
        if Path(os.path.realpath(path)) != path:  # root is real: only a link on the way can differ
            raise _not_allowed()
        return path

    def exists(self, key: str) -> bool:
        """Whether there is an object of that key."""
        return self.path(key).is_file()

    def size(self, key: str) -> int:
        """The object's length in bytes; FileNotFoundError when there is none."""
        return self.path(key).stat().st_size

    def delete(self, key: str) -> None:
        """Removes the object, durably; no object is fine."""
        path = self.path(key)
        if path.is_file():
            path.unlink(missing_ok=True)
            sync_folder(path.parent)

    def keys(self, prefix: str = "") -> Iterator[str]:
        """The keys of all objects under a folder (`organizations/o1`; "" for all), sorted by folder."""
        top = self.path(prefix.rstrip("/")) if prefix else self.root
        if not top.is_dir():
            return
        for folder, folders, files in os.walk(top):
            folders[:] = sorted(name for name in folders if Path(folder, name) != self._staging)
            for name in sorted(files):
                key = Path(folder, name).relative_to(self.root).as_posix()
                if not Path(folder, name).is_symlink():
                    yield key

    def sweep_staging(self, is_live: Callable[[str], bool]) -> int:
        """Removes the staged files of owners no longer alive; how many. Other files are left alone."""
        removed = 0
        for entry in sorted(self._staging.iterdir()):
            match = _STAGED.fullmatch(entry.name)
            if match is None or not stat.S_ISREG(entry.lstat().st_mode) or is_live(match[1]):
                continue
            entry.unlink(missing_ok=True)
            removed += 1
        return removed


def make_folder(folder: Path, root: Path) -> None:
    """Makes the folder and those between it and `root`, durably, each with mode 0700 under any umask."""
    missing = []
    while folder != root and not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir(mode=_FOLDER_MODE, exist_ok=True)
        each.chmod(_FOLDER_MODE)
        sync_folder(each.parent)


def sync_folder(folder: Path) -> None:
    """Waits until the folder's entries are on disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _not_allowed() -> InvalidArgumentError:
    return InvalidArgumentError(
        "The key of a stored object is not allowed: it must be a relative path of plain names.",
        reason=ErrorReason.URI_NOT_ALLOWED,
    )
