"""PDF by LibreOffice in a process of its own: one start for each letter, against ``print_letters`` with its check.

``python -m tests.bench.prints LETTERS STARTS`` prints JSON: seconds of CPU (children included) and of wall per letter.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from incubxl.letters.engine import LetterEngine
from incubxl.letters.shelf import shared_layouts
from incubxl.letters.write import Letter, write
from incubxl.printing.libreoffice import LibreOffice, find
from incubxl.printing.model import Printed, Source
from incubxl.printing.work import print_letters
from tests.bench.letters import cases


def letters(folder: Path, count: int) -> list[Source]:
    """Letters of the benchmark's workbook, each some pages."""
    assessment, every = cases()
    engine = LetterEngine(shared_layouts())
    made = []
    for n in range(count):
        one, plan = every[n % len(every)]
        letter = write(engine, assessment, one, plan)
        assert isinstance(letter, Letter)
        path = folder / f"{n:05d}.docx"
        path.write_bytes(letter.data)
        made.append(Source(path, one.applicant, letter.applicant, plan.label, letter.title))
    return made


def single(command: str, profile: Path, files: Sequence[Path], out: Path) -> None:
    """As it is usually scripted: soffice for each file, with a profile that is there already."""
    for path in files:
        arguments = [command, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "pdf"]
        subprocess.run([*arguments, "--outdir", str(out), str(path)], capture_output=True, check=True, timeout=300)
        assert (out / f"{path.stem}.pdf").is_file()


def cost(work: Callable[[], None]) -> tuple[float, float]:
    """CPU with children, and wall."""
    before, started = os.times(), time.perf_counter()
    work()
    after = os.times()
    return sum(after[:4]) - sum(before[:4]), time.perf_counter() - started


def main() -> None:
    count, starts = int(sys.argv[1]), int(sys.argv[2])
    command = find()
    if not command:
        sys.exit("LibreOffice is not installed")
    with tempfile.TemporaryDirectory() as temp:
        folder = Path(temp)
        sources = letters(folder, count)
        single(command, folder / "profile", [sources[0].path], folder)  # makes the profile
        files = [source.path for source in sources[:starts]]
        naive = cost(lambda: single(command, folder / "profile", files, folder))

        def ours() -> None:
            results = list(print_letters(sources, LibreOffice([command], folder), folder, jobs=2))
            assert all(isinstance(result, Printed) for result in results)
            assert len(results) == count

        own = cost(ours)
    found = {"naive": naive[0] / starts, "ours": own[0] / count, "naive_wall": naive[1] / starts}
    print(json.dumps({**found, "ours_wall": own[1] / count}))


if __name__ == "__main__":
    main()
