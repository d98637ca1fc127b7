"""An own headless LibreOffice: private profile, private pipe, hard time limits, ended by ``desktop.terminate()``."""

from __future__ import annotations

import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

_PLACES = ("/usr/lib/python3/dist-packages", "/usr/lib/libreoffice/program")
_START, _STOP = 90, 20  # seconds


def bridge() -> Any:
    """The uno module of the system's Python, or ImportError."""
    for place in _PLACES:
        if place not in sys.path:
            sys.path.append(place)
    import uno

    return uno


class Office:
    """A running soffice; ``desktop`` opens documents."""

    def __init__(self, command: str, folder: Path) -> None:
        self.pipe = "live" + uuid.uuid4().hex[:10]
        accept = f"--accept=pipe,name={self.pipe};urp;StarOffice.ComponentContext"
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        quiet = ("--headless", "--invisible", "--norestore", "--nologo", "--nodefault", "--nofirststartwizard")
        self._log = (folder / "soffice.log").open("ab")
        self.process = subprocess.Popen(
            [command, *quiet, profile, accept], stdout=self._log, stderr=subprocess.STDOUT, start_new_session=True
        )
        self.context = self._connect()
        self.services = self.context.ServiceManager
        self.desktop = self.services.createInstanceWithContext("com.sun.star.frame.Desktop", self.context)

    def _connect(self) -> Any:
        local = bridge().getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        end = time.monotonic() + _START
        while True:
            try:
                return resolver.resolve(f"uno:pipe,name={self.pipe};urp;StarOffice.ComponentContext")
            except Exception:
                if time.monotonic() > end or self.process.poll() is not None:
                    self.process.kill()
                    raise
                time.sleep(0.1)

    def service(self, name: str) -> Any:
        """One of its services."""
        return self.services.createInstanceWithContext(name, self.context)

    def stop(self) -> None:
        """End it, politely first."""
        try:
            self.desktop.terminate()
        except Exception as error:  # noqa: BLE001  (the bridge breaks off while it answers)
            self._log.write(f"terminate: {error}\n".encode())
        try:
            self.process.wait(_STOP)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._log.close()
