"""What is needed for mail alone is not imported by every command."""

from __future__ import annotations

import subprocess
import sys


def test_help_imports_nothing_of_mail() -> None:
    code = (
        "import sys; sys.argv = ['incubxl', '--help']; from incubxl.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print('FOUND', sorted({'smtplib', 'ssl', 'keyring', 'tenacity', 'chinese_calendar'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "FOUND []"
