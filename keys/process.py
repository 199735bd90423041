"""Settings of a process that holds opened keys; it knows nothing of the keys themselves."""

from __future__ import annotations

import resource


def forbid_core_dumps() -> None:
    """Set the limit on core files to zero for this process and its children, for good.

    A core file would write every opened key to the disk in clear. Lowering a hard limit needs no privilege and cannot
    be undone, so calling this again is free of effect.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
