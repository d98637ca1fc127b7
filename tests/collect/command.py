"""The command line, run in this process."""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path

import pytest

from incubxl.cli import main


def run_cli(*arguments: str | Path) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    out, err = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        patch.setattr(sys, "argv", ["incubxl", *map(str, arguments)])
        main()
    return int(ended.value.code or 0), out.getvalue(), err.getvalue()
