"""assess: register + as-of date → Assessment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from incubxl.assess.criteria import Criteria, overall
from incubxl.assess.model import Assessment, Determination
from incubxl.crosscheck.claims import claims
from incubxl.funding.engine import fund
from incubxl.grading.engine import grade
from incubxl.issues import Issue
from incubxl.procedure.sanctions import undecided
from incubxl.register.model import Register
from incubxl.register.units import two_rows


def assess(
    register: Register,
    as_of: dt.date,
    *,
    input_sha256: str = "",
    before: Sequence[Issue] = (),
    only: Sequence[str] | None = None,
) -> Assessment:
    """Everything that the pack says about every applicant of ``register`` on ``as_of``.

    ``before``: issues found earlier on the way (reading the file), told first.
    ``only`` limits the determinations to these applicant ids; ranks and totals still see everybody.
    """
    measure = register.pack.measure
    force = measure.force(as_of)
    issues: list[Issue] = [*before, *two_rows(register), *register.issues]
    criteria = Criteria(register, as_of, force)
    grades, found = grade(register, as_of)
    issues += found
    funding, found = fund(register, as_of)
    issues += found
    issues += claims(register)
    issues += undecided(register, as_of)
    wanted = set(register.ids if only is None else only)
    determinations = []
    id_column = register.columns["applicant_id"]
    for i, applicant in enumerate(register.ids):
        if applicant not in wanted:
            continue
        results = criteria.results(i, issues)
        determinations.append(
            Determination(
                applicant=applicant,
                name=register.names[i],
                track=register.tracks[i],
                cell=id_column.cell(i),
                results=results,
                eligible=overall(results),
                grade=grades[i],
                funding=funding[i],
                conclusions=register.conclusions.get(applicant, ()),
            )
        )
    return Assessment(
        register=register,
        as_of=as_of,
        force=force,
        notice=measure.notice(as_of),
        determinations=tuple(determinations),
        issues=tuple(issues),
        refused=register.refused,
        input_sha256=input_sha256,
    )
