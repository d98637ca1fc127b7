"""Graft results into every workbook of the corpus and compare.

``python -m tests.tools.sweep [--every N] [--log FILE] [FOLDER]``. With a log every finished workbook stands in it at
once, and the same command goes on where it was stopped; a change of the program needs a new log.

For each workbook that can take our sheets: no part of the user's changed, what relationships lead to is the same, no
value changed for openpyxl or for our reader, no new error of Microsoft's validator (errors after minus before). Each
other is refused with a code. The table at the end counts by code.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from pathlib import Path

from incubxl.issues import Issue
from incubxl.publish.graft import graft, look
from tests.graft.build import TITLES, result
from tests.graft.compare import problems

CORPUS = Path(os.environ.get("INCUBXL_CORPUS", Path(__file__).resolve().parents[3] / "shared" / "corpus"))
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb")
LONGEST = 10.0  # seconds for one graft


@dataclass(frozen=True)
class Outcome:
    """``code``: why it was refused, empty when grafted. ``problems``: what must not be."""

    file: str
    code: str
    problems: tuple[str, ...]
    seconds: float


def corpus(every: int = 1, folder: Path = CORPUS) -> list[Path]:
    """Workbooks of the corpus; every n-th."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)[::every]


@lru_cache(maxsize=1)
def _result() -> bytes:
    return result()


def one(path: Path, validator: str | None = None) -> Outcome:
    """Graft into one workbook and compare."""
    data = path.read_bytes()
    started = time.perf_counter()
    target = look(data, path.name, TITLES)
    made = target if isinstance(target, Issue) else graft(target, _result())
    taken = time.perf_counter() - started
    late = (f"{taken:.1f} s",) if taken > LONGEST else ()
    if isinstance(made, Issue):
        wrong = ("graft.not_proved",) if made.code == "graft.not_proved" else ()
        return Outcome(path.name, made.code, (*late, *wrong), taken)
    found = [*late, *problems(data, made, TITLES)]
    if validator:
        found += new_errors(validator, data, made, path.suffix)
    return Outcome(path.name, "", tuple(found), taken)


def new_errors(validator: str, old: bytes, new: bytes, suffix: str) -> list[str]:
    """Errors of the validator after minus before; before is only looked at where there are any after."""
    after = _errors(validator, new, suffix)
    return [f"validator: {error}" for error in (after - _errors(validator, old, suffix))] if after else []


def _errors(validator: str, data: bytes, suffix: str) -> Counter[str]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"book{suffix}"
        file.write_bytes(data)
        done = subprocess.run([validator, str(file)], capture_output=True, text=True, timeout=120, check=False)
    said = json.loads(done.stdout)
    errors = said["errors"] if isinstance(said, dict) else said
    return Counter(f"{e.get('path')} {e.get('xPath')} {e.get('description')}" for e in errors)


def table(outcomes: Sequence[Outcome]) -> str:
    """The figures."""
    codes = Counter(o.code or "grafted" for o in outcomes)
    lines = [f"{'outcome':26} {'files':>6}", *(f"{code:26} {n:6}" for code, n in codes.most_common())]
    slowest = max(outcomes, key=lambda o: o.seconds)
    lines.append(f"slowest: {slowest.file} {slowest.seconds:.2f} s")
    wrong = [o for o in outcomes if o.problems]
    lines.append(f"with problems: {len(wrong)}")
    return "\n".join([*lines, *(f"  {o.file} [{o.code or 'grafted'}] {'; '.join(o.problems)[:300]}" for o in wrong)])


def sweep(paths: Sequence[Path], validator: str | None, jobs: int) -> Iterator[Outcome]:
    """All of them, in worker processes: a workbook that ends the process ends the sweep with an error."""
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        yield from pool.map(partial(one, validator=validator), paths, chunksize=1)


def logged(paths: Sequence[Path], validator: str | None, jobs: int, log: Path) -> list[Outcome]:
    """As ``sweep``; those that stand in ``log`` are not done again."""
    lines = log.read_text("utf-8").splitlines() if log.exists() else []
    before = [Outcome(**{**found, "problems": tuple(found["problems"])}) for found in map(json.loads, lines)]
    done = {outcome.file: outcome for outcome in before}
    with log.open("a", encoding="utf-8") as file:
        for outcome in sweep([path for path in paths if path.name not in done], validator, jobs):
            done[outcome.file] = outcome
            file.write(json.dumps(asdict(outcome), ensure_ascii=False) + "\n")
            file.flush()
    return [done[path.name] for path in paths]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", nargs="?", type=Path, default=CORPUS)
    arguments.add_argument("--every", type=int, default=1)
    arguments.add_argument("--jobs", type=int, default=2)
    arguments.add_argument("--log", type=Path)
    arguments.add_argument("--no-validator", action="store_true")
    asked = arguments.parse_args()
    validator = os.environ.get("OOXML_VALIDATOR") or shutil.which("ooxml-validator")
    if not validator and not asked.no_validator:
        print("Microsoft's validator is not here (OOXML_VALIDATOR); --no-validator to go without")
        return 2
    paths, used = corpus(asked.every, asked.folder), None if asked.no_validator else validator
    outcomes = logged(paths, used, asked.jobs, asked.log) if asked.log else list(sweep(paths, used, asked.jobs))
    print(table(outcomes))
    return 1 if any(o.problems for o in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
