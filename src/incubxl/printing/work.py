"""Letters through an office program, side by side, each read back; a letter that fails costs no other its PDF."""

from __future__ import annotations

import queue
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from lxml.etree import XMLSyntaxError

from incubxl.letters import package
from incubxl.letters.text import parse
from incubxl.printing.check import read_back
from incubxl.printing.merge import BODY, alike, merge
from incubxl.printing.model import Converter, Printed, Refused, Source
from incubxl.printing.own import facts, stamped
from incubxl.printing.split import split

Result = Printed | Refused
TOGETHER = 100  # letters of one template in one document
ONE_BY_ONE = 25  # documents for one start of the office program
_FRUITLESS = 2  # starts without a single result after which the office program is given up for these letters


def print_letters(
    sources: Sequence[Source], converter: Converter, folder: Path, jobs: int = 2
) -> Generator[Result, None, None]:
    """The PDF of each letter or why there is none, in the order they finish. ``folder`` is for temporary files.

    Nothing is published here. When the caller stops asking (Ctrl-C), running office programs are ended.
    """
    chunks, refused = _chunks(sources, together=converter.merges, jobs=jobs)
    yield from refused
    workers: queue.SimpleQueue[int] = queue.SimpleQueue()
    for n in range(jobs):
        workers.put(n)

    def work(chunk: Sequence[Source], one: bool) -> list[Result]:
        worker = workers.get()
        try:
            return _Chunk(converter, folder, worker).do(chunk, one=one)
        finally:
            workers.put(worker)

    pool = ThreadPoolExecutor(jobs)
    try:
        for future in as_completed([pool.submit(work, chunk, one) for chunk, one in chunks]):
            yield from future.result()
    except BaseException:
        converter.stop()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _chunks(
    sources: Sequence[Source], *, together: bool, jobs: int
) -> tuple[list[tuple[Sequence[Source], bool]], list[Refused]]:
    """Letters by what they can be put together with (True: as one document), and those that are no documents."""
    groups: dict[str, list[Source]] = defaultdict(list)
    refused: list[Refused] = []
    for source in sources:
        letter = _letter(source)
        if letter is None:
            refused.append(source.refuse("print.unreadable", file=source.path.name))
        else:
            groups[alike(letter.members) if together else ""].append(source)
    chunks: list[tuple[Sequence[Source], bool]] = []
    for key, group in groups.items():
        share = -(-len(group) // jobs)  # every worker gets some
        size = min(TOGETHER if key else ONE_BY_ONE, max(share, 5))
        parts = [group[n : n + size] for n in range(0, len(group), size)]
        chunks += [(part, bool(key) and len(part) > 1) for part in parts]
    return chunks, refused


@dataclass(frozen=True)
class _Letter:
    """A letter as it was read, once."""

    source: Source
    data: bytes
    members: dict[str, bytes]

    @property
    def facts(self) -> Mapping[str, str]:
        return facts(self.source, self.data)


def _letter(source: Source) -> _Letter | None:
    try:
        data = source.path.read_bytes()
        members = package.unpack(data)
        parse(members[BODY])
    except (ValueError, OSError, KeyError, XMLSyntaxError):
        return None
    return _Letter(source, data, members)


class _Chunk:
    """Some letters on one worker."""

    def __init__(self, converter: Converter, folder: Path, worker: int) -> None:
        self.converter, self.folder, self.worker = converter, folder, worker

    def do(self, sources: Sequence[Source], *, one: bool) -> list[Result]:
        letters = [letter for source in sources if (letter := _letter(source))]
        gone = set(sources) - {letter.source for letter in letters}
        done: list[Result] = [s.refuse("print.unreadable", file=s.path.name) for s in gone]
        if one:
            printed = self._together(letters)
            done += printed
            held = {p.source for p in printed}
            letters = [letter for letter in letters if letter.source not in held]
        return done + self._single(letters)

    def _together(self, letters: Sequence[_Letter]) -> list[Printed]:
        """As one document; those of it that hold when read back."""
        if len({alike(letter.members) for letter in letters}) != 1:  # changed since they were looked at
            return []
        made, _ = self._convert([merge([letter.members for letter in letters])])
        parts = split(made[0], [letter.facts for letter in letters]) if made[0] else None
        if parts is None:
            return []
        read = (read_back(own.source, own.members, part) for own, part in zip(letters, parts, strict=True))
        return [one for one in read if isinstance(one, Printed)]

    def _single(self, letters: Sequence[_Letter]) -> list[Result]:
        """As documents of their own. One at which the program ended or hung is left to the end, and tried alone."""
        done: list[Result] = []
        pending = list(letters)
        doubtful: list[_Letter] = []
        fruitless = 0
        while pending or doubtful:
            alone = not pending
            pending = pending or [doubtful.pop(0)]
            made, why = self._convert([letter.data for letter in pending])
            left: list[_Letter] = []
            for letter, data in zip(pending, made, strict=True):
                whole = _stamped(data, letter)
                if whole:
                    done.append(read_back(letter.source, letter.members, whole))
                else:
                    left.append(letter)
            fruitless = fruitless + 1 if len(left) == len(pending) else 0
            if fruitless >= _FRUITLESS:
                left, doubtful, alone = [*left, *doubtful], [], True
            if alone:
                done += [letter.source.refuse("print.failed", reason=why) for letter in left]
                pending = []
            else:
                doubtful += left[:1]
                pending = left[1:]
        return done

    def _convert(self, documents: Sequence[bytes]) -> tuple[list[bytes], str]:
        """The PDFs (empty where there is none), and why."""
        place = Path(tempfile.mkdtemp(prefix="pdf-", dir=self.folder))
        try:
            out = place / "out"
            out.mkdir()
            asked: dict[Path, Path] = {}
            for n, data in enumerate(documents):
                path = place / f"{n:05d}.docx"
                path.write_bytes(data)
                asked[path] = out / f"{n:05d}.pdf"
            why = self.converter.convert(self.worker, asked)
            return [target.read_bytes() if target.is_file() else b"" for target in asked.values()], why
        finally:
            shutil.rmtree(place, ignore_errors=True)


def _stamped(data: bytes, letter: _Letter) -> bytes:
    """The PDF with its document information; empty for one that is missing or broke off."""
    try:
        return stamped(data, letter.facts) if data else b""
    except Exception:  # noqa: BLE001  (half a PDF can make pypdf raise anything)
        return b""
