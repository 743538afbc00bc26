"""A file that is there whole or not at all: written beside its place, checked, then moved there in one
step."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from shoal.errors import AlreadyExistsError, InvalidArgumentError


@contextlib.contextmanager
def whole_file(path: Path, *, overwrite: bool = True) -> Iterator[BinaryIO]:
    """A file to write into, which appears at `path` when the block ends well and vanishes when it does
    not."""
    target = path.resolve()  # a symbolic link stays one; its target is replaced
    _check_place(target, path, overwrite=overwrite)
    draft = target.with_name(f".{target.name[:200]}.{secrets.token_hex(6)}.part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            if target.exists():
                os.fchmod(file.fileno(), target.stat().st_mode & 0o777)
            os.fsync(file.fileno())
        if overwrite:
            draft.replace(target)
        else:
            target.hardlink_to(draft)  # refuses when somebody else was faster
            draft.unlink()
    except FileExistsError:
        draft.unlink(missing_ok=True)
        raise AlreadyExistsError(f"{path} exists already") from None
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _check_place(target: Path, path: Path, *, overwrite: bool) -> None:
    if target.exists():
        if not target.is_file():
            raise InvalidArgumentError(f"{path} is not an ordinary file; give the name of a file to write")
        if not overwrite:
            raise AlreadyExistsError(f"{path} exists already")
    elif not target.parent.is_dir():
        raise InvalidArgumentError(f"the folder {target.parent} does not exist; make it first")


def _sync_folder(folder: Path) -> None:
    """Makes the new name last through a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
