"""The data folder: made with mode 0700, holds the server's secret and who is alive in it."""

from __future__ import annotations

import fcntl
import os
import secrets
import uuid
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from shoal.errors import FailedPreconditionError, InvalidArgumentError
from shoal.tables.storage import sync_folder


def prepare(data_dir: Path) -> Path:
    """Makes the folder when it is missing and returns its real path; refuses one that others may enter."""
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidArgumentError(f"the data folder {data_dir} cannot be made: {error.strerror}") from None
    folder = data_dir.resolve()
    mode = folder.stat().st_mode & 0o777
    if mode & 0o077:
        if folder.stat().st_uid != os.getuid() or any(folder.iterdir()):
            raise FailedPreconditionError(
                f"the data folder {folder} may be entered by others (mode {mode:04o}): run `chmod 700` on it first"
            )
        folder.chmod(0o700)
    return folder


def server_secret(folder: Path) -> bytes:
    """32 random bytes, made once for the folder and shared by all its processes: page tokens, key digests and the vault."""
    path = folder / "server.secret"
    secret = made_once(path, lambda: secrets.token_bytes(32))
    if len(secret) != 32:
        raise FailedPreconditionError(f"{path} is damaged: it should hold 32 bytes")
    return secret


def made_once(path: Path, make: Callable[[], bytes]) -> bytes:
    """The content of a file that only the server may read; the first process that finds none makes it.

    Written aside and linked into place, so that no process ever reads half of it and the first one wins; on disk before it is
    used, for what was signed or encrypted with it outlives a power cut.
    """
    if not path.exists():
        draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass  # another process was first; its file is the folder's
        finally:
            draft.unlink()
        sync_folder(path.parent)
    return path.read_bytes()


class Presence:
    """This process, as the others that share the folder see it: alive as long as it holds its lock file.

    The kernel drops a lock when its process ends, however it ends, so a killed process is seen as dead at once.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "run"
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self.id = uuid.uuid4().hex
        self._path = self._folder / f"{self.id}.lock"
        # Locked before it has the name that others look for: a sweeper that came in between would take it for a dead one's.
        draft = self._folder / f"{self.id}.new"
        self._descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        draft.rename(self._path)

    def is_alive(self, owner: str) -> bool:
        """True while the process that calls itself `owner` runs."""
        path = self._folder / f"{owner}.lock"
        try:
            descriptor = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def sweep(self) -> None:
        """Removes the lock files of dead processes; what they owned must have been swept before."""
        for path in self._folder.glob("*.lock"):
            if not self.is_alive(path.stem):
                path.unlink(missing_ok=True)

    def close(self) -> None:
        """Ends this process's presence."""
        self._path.unlink(missing_ok=True)
        os.close(self._descriptor)

    def __enter__(self) -> Presence:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
