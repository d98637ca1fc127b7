"""The sample workbooks, through the whole way, against what a person typed that they expect."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from incubxl.batch.job import Done, Options, Task, open_assessment, process
from tests.tools.samples import SAMPLES, load

DATA = sorted((SAMPLES / "data").glob("*.yaml"))
_RAN = dt.datetime(2026, 6, 30, 9, 0)  # after every letter of the samples


@pytest.fixture(scope="module", params=DATA, ids=lambda p: p.stem)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Done]:
    path: Path = request.param
    out = tmp_path_factory.mktemp("out")
    task = Task(SAMPLES / f"{path.stem}.xlsx", f"{path.stem}.xlsx", path.stem)
    return load(path), process(task, Options(out, None, _RAN.date(), _RAN, json=True))


def test_every_year_of_every_measure_is_there() -> None:
    packs = ("urumqi-intl", "national-base", "xinjiang-makerspace", "shanghai-hq", "tongliao-award")
    assert {p.stem for p in DATA} >= {f"{pack}-{year}" for pack in packs for year in (2025, 2026)}


def test_rows_in_are_determined_or_refused(case: tuple[dict[str, Any], Done]) -> None:
    data, done = case
    assert done.status == "done", done.json["issues"]
    ids = [a["facts"].get("applicant_id") for a in data["applicants"] if a.get("expect", {}).get("refused") is None]
    assert [a["id"] for a in done.json["applicants"]] == [str(id) for id in ids]


def test_applicants_are_as_a_person_expects(case: tuple[dict[str, Any], Done]) -> None:
    data, done = case
    found = {a["id"]: a for a in done.json["applicants"]}
    verdicts = _funding_verdicts(done)
    problems = []
    for applicant in data["applicants"]:
        expect = applicant.get("expect", {})
        if expect.get("refused") is not None:
            continue
        got = found[str(applicant["facts"]["applicant_id"])]
        seen = {**_seen(got), "money": verdicts[got["id"]]}
        for key, typed in expect.items():
            have, wanted = seen[key], _plain(typed)
            if isinstance(typed, dict):
                have, wanted = {k: have.get(k) for k in typed}, {k: _plain(v) for k, v in typed.items()}
            if have != wanted:
                problems.append(f"{got['id']} {got['name']}: {key} is {have}, expected {wanted}")
        assert applicant.get("why"), f"{got['id']}: say why this sample is here"
    assert not problems, "\n".join(problems)


def test_issues_are_as_a_person_expects(case: tuple[dict[str, Any], Done]) -> None:
    data, done = case
    found = [(i["code"], i["sheet"]) for i in done.json["issues"]]
    for wanted in data.get("expect", {}).get("issues", []):
        assert (wanted["code"], wanted["sheet"]) in found, (wanted, found)


def _funding_verdicts(done: Done) -> dict[str, dict[str, str]]:
    """Verdict of every item of money by applicant, which ``run --json`` does not print."""
    assessment, _ = open_assessment(done.task.path, None, _RAN.date(), None)
    assert assessment is not None
    return {d.applicant: {line.item: line.verdict.key for line in d.funding} for d in assessment.determinations}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(map(str, value))
    return value if value is None or isinstance(value, bool) else str(value)


def _seen(got: dict[str, Any]) -> dict[str, Any]:
    return {
        "eligible": got["eligible"],
        "grade": got["grade"],
        "grades_possible": sorted(got["grades_possible"]),
        "score": got["score"],
        "criteria": {v["criterion"]: v["verdict"] for v in got["verdicts"]},
        "missing": {v["criterion"]: sorted(v["missing"]) for v in got["verdicts"]},
        "funding": {f["item"]: f["amount"] for f in got["funding"]},
        "binding": {f["item"]: sorted(f["binding"]) for f in got["funding"]},
        "letters": {x["kind"]: x["state"] for x in got["letters"] if x["kind"]},
    }
