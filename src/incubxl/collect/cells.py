"""One register cell: what came back for it, against what it had been and what it says now."""

from __future__ import annotations

from collections.abc import Sequence

from incubxl.collect.found import CHANGED, CLEARED, EXTRA, TWO, UNREADABLE, Come, Comparison, Target, Twice


def settle_cell(found: Comparison, target: Target, come: Sequence[Come], now: str, unread: bool) -> None:
    """One register cell: what came for it, against what it holds now."""
    come = [c for c in come if not c.value.unread]  # told where it was read
    if any(not c.value.doubt for c in come) and len({c.value.text for c in come}) == 1:
        come = [c for c in come if not c.value.doubt]  # a sound return says the same
    if any(c.value.doubt for c in come):
        # all that came is shown beside each other: a sound return too, unless it says what the register says
        doubtful = [c for c in come if c.value.doubt and (c.value.text or c.value.before)]
        sound = [c for c in come if not c.value.doubt]
        clear = [c for c in sound if c.value.text in (now, c.value.before or "")]
        found.conflicts += [target.change(now, c, c.value.doubt) for c in doubtful]
        found.conflicts += [target.change(now, c, TWO) for c in sound if c not in clear]
        found.same += len(come) - len(doubtful) - len(sound) + len(clear)
        return
    if len({c.value.text for c in come}) > 1:
        found.conflicts += [target.change(now, c, TWO) for c in come]
        return
    for extra in come[1:]:
        if extra.value.text != now:
            found.twice.append(
                Twice(target.applicant, target.name, target.field.label, come[0].source.file, extra.source)
            )
    for one in come[:1]:
        new, before = one.value.text, one.value.before
        if new == now and not unread:
            found.same += 1
        elif before is not None and new == before:
            found.same += 1  # not touched by who filled it in; what the register says now stays
        elif not new:
            if before is None:
                found.same += 1  # a blank cell that was perhaps never filled says nothing
            else:
                found.conflicts.append(target.change(now, one, CLEARED))
        elif unread:
            found.conflicts.append(target.change("（读不出）", one, UNREADABLE))
        elif before is None and now:
            found.conflicts.append(target.change(now, one, EXTRA))
        elif before is not None and now != before:
            found.conflicts.append(target.change(now, one, CHANGED))
        else:
            found.updates.append(target.change(now, one))
