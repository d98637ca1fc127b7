"""Stands in for soffice: ``python fake_soffice.py NOTES BEHAVIOUR … --outdir OUT FILES``.

It prints each letter at once, except where BEHAVIOUR says otherwise: ``hang`` (at the second document of a start),
``hang-at:TEXT`` (at a letter with this text), ``die`` (after two documents of the first start, half a file written),
``crash-at:TEXT``, ``nothing``, ``lacks:SIGNS`` (its font has none of them). Each start
leaves its process number in the folder NOTES.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.printing.paper import printed


def main() -> None:
    notes, (behaviour, _, text) = Path(sys.argv[1]), sys.argv[2].partition(":")
    at = sys.argv.index("--outdir")
    out, files = Path(sys.argv[at + 1]), [Path(name) for name in sys.argv[at + 2 :]]
    starts = len(list(notes.iterdir()))
    (notes / str(os.getpid())).write_text(str(len(files)))
    for n, path in enumerate(files):
        if behaviour == "nothing":
            return
        data = printed(path.read_bytes(), lacking=text if behaviour == "lacks" else "")
        hit = bool(text) and text.encode().hex() in _said(path)
        if (behaviour == "hang" and n == 1) or (behaviour == "hang-at" and hit):
            subprocess.run([sys.executable, "-c", "import time; time.sleep(600)"], check=False)  # as soffice.bin does
        if (behaviour == "die" and starts == 0 and n == 2) or (behaviour == "crash-at" and hit):
            (out / f"{path.stem}.pdf").write_bytes(data[:200])
            os.kill(os.getpid(), signal.SIGKILL)
        (out / f"{path.stem}.pdf").write_bytes(data)


def _said(path: Path) -> str:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        return archive.read("word/document.xml").hex()


if __name__ == "__main__":
    main()
