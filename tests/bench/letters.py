"""Letters in a process of their own, beside docxtpl used naively: one DocxTemplate per letter, saved to bytes.

Both sides get the same contexts and the same template, and must say the same, paragraph by paragraph.
``python -m tests.bench.letters COUNT TIMES`` prints JSON; ``--make COUNT`` renders COUNT letters and keeps them as a
run does, for peak memory; ``--at-a-word COUNT`` first says that it is ready and waits for a line, so that processes
side by side begin together, then prints the seconds it took by the clock.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import docx
from docxtpl import DocxTemplate

from incubxl.assess.model import Assessment, Determination
from incubxl.batch.documents import Documents
from incubxl.batch.job import open_assessment
from incubxl.batch.run import calm_collector
from incubxl.letters.choose import LetterPlan, letters_for
from incubxl.letters.compose import compose
from incubxl.letters.context import context
from incubxl.letters.engine import LetterEngine
from incubxl.letters.shelf import shared_layouts
from incubxl.letters.write import write
from tests.bench.inputs import AS_OF, write_many
from tests.bench.measure import seconds

Case = tuple[Determination, LetterPlan]


@lru_cache(maxsize=1)
def cases() -> tuple[Assessment, tuple[Case, ...]]:
    """The letters that a workbook of sixty applicants allows."""
    with tempfile.TemporaryDirectory() as folder:
        write_many(Path(folder), 1, 60)
        assessment, _ = open_assessment(Path(folder) / "register-000.xlsx", AS_OF, AS_OF, None)
    assert assessment is not None
    planned = [(one, plan) for one in assessment.determinations for plan in letters_for(assessment, one)]
    return assessment, tuple(case for case in planned if case[1].state != "none")


@lru_cache
def _template(layout: str, form: str) -> bytes:
    """One whole file, as somebody who uses docxtpl alone keeps it: docxtpl puts in no other file."""
    return compose(shared_layouts(), layout, form)


def naive(contexts: Sequence[dict[str, Any]]) -> list[bytes]:
    """One DocxTemplate per letter."""
    made = []
    for values in contexts:
        document = DocxTemplate(io.BytesIO(_template(values["layout"], values["form"])))
        document.render(values, autoescape=True)
        out = io.BytesIO()
        document.save(out)
        made.append(out.getvalue())
    return made


def ours(assessment: Assessment, chosen: Sequence[Case], engine: LetterEngine) -> list[bytes]:
    """From the determination: context, rendering, read back."""
    made = []
    for one, plan in chosen:
        letter = write(engine, assessment, one, plan)
        assert hasattr(letter, "data"), letter
        made.append(letter.data)
    return made


def paragraphs(data: bytes) -> list[str]:
    """By python-docx, which neither side's check uses: the body's paragraphs, then each table's cells."""
    document = docx.Document(io.BytesIO(data))
    cells = [p.text for t in document.tables for r in t.rows for c in r.cells for p in c.paragraphs]
    return [p.text for p in document.paragraphs] + cells


def measure(count: int, times: int) -> dict[str, Any]:
    """CPU seconds per letter of both, medians, and whether they say the same."""
    assessment, every = cases()
    chosen = [every[n % len(every)] for n in range(count)]
    engine = LetterEngine(shared_layouts())
    contexts = [context(assessment, one, plan) for one, plan in chosen]
    theirs, made = naive(contexts), ours(assessment, chosen, engine)
    same = [paragraphs(data) for data in theirs] == [paragraphs(data) for data in made]
    return {
        "letters": count,
        "paragraphs": sum(len(paragraphs(data)) for data in made) / count,
        "same": same,
        "naive": seconds(lambda: naive(contexts), times) / count,
        "ours": seconds(lambda: ours(assessment, chosen, engine), times) / count,
    }


def make(count: int) -> None:
    """Render ``count`` letters and keep them as a run does until it publishes."""
    calm_collector()
    assessment, every = cases()
    engine = LetterEngine(shared_layouts())
    held = Documents()
    for n in range(count):
        case = every[n % len(every)]
        held.put(str(n), ours(assessment, [case], engine)[0], case[1].kind)
    assert len(held) == count


def at_a_word(count: int) -> None:
    """Render ``count`` letters when a line comes in; templates are compiled by then, as in a worker that has begun."""
    calm_collector()
    assessment, every = cases()
    engine = LetterEngine(shared_layouts())
    ours(assessment, every, engine)
    print("ready", flush=True)
    sys.stdin.readline()
    started = time.perf_counter()
    ours(assessment, [every[n % len(every)] for n in range(count)], engine)
    print(time.perf_counter() - started, flush=True)


def main() -> None:
    if sys.argv[1] == "--at-a-word":
        at_a_word(int(sys.argv[2]))
    elif sys.argv[1] == "--make":
        make(int(sys.argv[2]))
    else:
        calm_collector()  # for both sides, as a run does
        print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))


if __name__ == "__main__":
    main()
