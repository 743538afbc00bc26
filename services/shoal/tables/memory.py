"""How much memory there is to work with."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["available_bytes"]

_MEMINFO = Path("/proc/meminfo")
_GROUP = Path("/sys/fs/cgroup")


def available_bytes() -> int:
    """The memory that this process may still take: what the machine has free, or its container, whichever is less."""
    return min(_machine(), _container())


def _machine() -> int:
    try:
        for line in _MEMINFO.read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass  # not Linux: what the machine has in all is the best that is known
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _container() -> int:
    """The rest of a control group's limit (version 2), unlimited without one."""
    try:
        limit = (_GROUP / "memory.max").read_text().strip()
        used = int((_GROUP / "memory.current").read_text())
    except OSError:
        return 2**63
    return max(0, int(limit) - used) if limit != "max" else 2**63
