"""Whether a folder takes files, found by trying."""

from __future__ import annotations

import tempfile
from pathlib import Path

from incubxl.files.refusal import reason
from incubxl.publish.atomic import PREFIX, SUFFIX


def refused(folder: Path) -> str:
    """Why nothing can be written into ``folder`` (which may still have to be made), in Chinese; empty when it can.

    Nothing is left behind: a folder that is not there is asked for at the nearest one that is.
    """
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    try:
        with tempfile.NamedTemporaryFile(prefix=PREFIX, suffix=SUFFIX, dir=there):
            return ""
    except OSError as error:
        return reason(error)
