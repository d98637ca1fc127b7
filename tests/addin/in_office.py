"""Run as a program, with a hard timeout: LibreOffice opens an add-in, tells its modules and runs its callbacks.

``python in_office.py ADDIN PROFILE IDS…`` prints JSON: every module's text; for every id what the ribbon's callback
handed to the launcher, which is a stub; a few answers of the launcher's own functions.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

sys.path += ["/usr/lib/python3/dist-packages", "/usr/lib/libreoffice/program"]

_LAUNCHER = """Option VBASupport 1
Public Clicked As String
Public Sub Launch(ByVal action As String)
    Clicked = Clicked & "[" & action & "]"
End Sub
"""
_CONTROL = """Option VBASupport 1
Option ClassModule
Public Id As String
"""
_DRIVER = """Option VBASupport 1
Public Function Click(ByVal id As String) As String
    Dim control As New ProbeControl
    control.Id = id
    Clicked = ""
    incubxl_OnAction control
    Click = Clicked
End Function
Public Function Enabled(ByVal id As String) As String
    Dim control As New ProbeControl
    Dim answer As Variant
    control.Id = id
    incubxl_GetEnabled control, answer
    Enabled = CStr(answer)
End Function
"""
_ASKED = """Option VBASupport 1
Public Function AskLine() As String
    AskLine = CommandLine("C:\\Py\\pythonw.exe", "C:\\jobs\\1.json", "123")
End Function
Public Function AskJob(ByVal book As String, ByVal sheet As String) As String
    AskJob = JobText("check_row", book, sheet, 12, 3)
End Function
Public Function AskPath(ByVal path As String) As String
    AskPath = CStr(IsInterpreter(path))
End Function
Public Function AskText(ByVal key As String) As String
    AskText = TextOf(key)
End Function
"""


class Office:
    """A soffice of our own: private profile, own pipe."""

    def __init__(self, profile: Path) -> None:
        import uno  # type: ignore[import-not-found]

        pipe = f"incubxl{uuid.uuid4().hex[:8]}"
        self.process = subprocess.Popen(
            [
                *("soffice", "--headless", "--norestore", "--nologo", "--nodefault"),
                f"-env:UserInstallation={profile.resolve().as_uri()}",
                f"--accept=pipe,name={pipe};urp;StarOffice.ComponentContext",
            ]
        )
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        end = time.monotonic() + 60
        while True:
            try:
                context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
                break
            except Exception:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)
        self.desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)

    def open(self, path: Path) -> Any:
        """The document, macros allowed to run."""
        from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]

        arguments = []
        for name, value in (("FilterName", "Calc MS Excel 2007 VBA XML"), ("MacroExecutionMode", 4)):
            argument = PropertyValue()
            argument.Name, argument.Value = name, value
            arguments.append(argument)
        return self.desktop.loadComponentFromURL(path.resolve().as_uri(), "_blank", 0, tuple(arguments))

    def stop(self) -> None:
        """End it politely, then not."""
        try:
            self.desktop.terminate()
            self.process.wait(20)
        finally:
            self.process.kill()


def _library(document: Any) -> tuple[str, Any]:
    libraries = document.BasicLibraries
    for name in libraries.ElementNames:
        libraries.loadLibrary(name)
        library = libraries.getByName(name)
        if "Callbacks" in library.ElementNames:
            return name, library
    raise SystemExit(f"no library holds the module Callbacks: {libraries.ElementNames}")


def _call(document: Any, place: str, *arguments: str) -> Any:
    script = document.getScriptProvider().getScript(f"vnd.sun.star.script:{place}?language=Basic&location=document")
    return script.invoke(arguments, (), ())[0]


def main(addin: Path, profile: Path, ids: list[str]) -> dict[str, Any]:
    """Open, list, ask, click."""
    office = Office(profile)
    try:
        document = office.open(addin)
        name, library = _library(document)
        found: dict[str, Any] = {"modules": {m: library.getByName(m) for m in library.ElementNames}}
        library.insertByName("Asked", _ASKED)
        found["line"] = _call(document, f"{name}.Asked.AskLine")
        found["job"] = _call(document, f"{name}.Asked.AskJob", '甲=乙 "一".xlsx', "登记\\𬬭")
        found["paths"] = [
            _call(document, f"{name}.Asked.AskPath", path)
            for path in ("C:\\Py\\pythonw.exe", "\\\\server\\Py\\pythonw.exe", "C:\\Py\\calc.exe")
        ]
        found["text"] = _call(document, f"{name}.Asked.AskText", "title")
        library.replaceByName("Launcher", _LAUNCHER)
        library.insertByName("ProbeControl", _CONTROL)
        library.insertByName("Driver", _DRIVER)
        found["clicked"] = {id: _call(document, f"{name}.Driver.Click", id) for id in ids}
        found["enabled"] = _call(document, f"{name}.Driver.Enabled", "check_row")
        return found
    finally:
        office.stop()


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])))
