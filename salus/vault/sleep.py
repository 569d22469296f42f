"""One night from overlapping sleep records: stages of one source, by the wake date. Pure.

Rules (from HealthKit's category values, iOS 16 and later, and the double counting reported for many importers):
where a source wrote stages, its unstaged "asleep" records of that night are left out; per night one source counts,
the one with stages before one without, then by the person's priorities, then by the most sleep; spans of one kind
are united, never summed twice; a night belongs to the day it ends on; records less than three hours apart are one
night. Deep wins over REM, REM over core, core over awake where one source contradicts itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

DEEP, REM, CORE, ASLEEP, AWAKE, IN_BED = "deep", "rem", "core", "asleep", "awake", "in_bed"

STAGES = (DEEP, REM, CORE)
NIGHT_GAP_MS = 3 * 3_600_000


class Stage(NamedTuple):
    start: int
    end: int
    rank: int
    kind: str


class Night(NamedTuple):
    """Minutes by kind; None where the counted source does not tell (never zero)."""

    start: int
    end: int
    rank: int
    asleep: float | None
    deep: float | None
    rem: float | None
    core: float | None
    awake: float | None
    in_bed: float | None


def nights(stages: Iterable[Stage]) -> Iterator[Night]:
    """Nights (and naps) in order of time."""
    group: list[Stage] = []
    reach = 0
    for stage in sorted(stages):
        if group and stage.start > reach + NIGHT_GAP_MS:
            yield _night(group)
            group = []
        reach = max(reach, stage.end) if group else stage.end
        group.append(stage)
    if group:
        yield _night(group)


def _night(group: list[Stage]) -> Night:
    by_source: dict[int, dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for stage in group:
        if stage.end > stage.start:
            by_source[stage.rank][stage.kind].append((stage.start, stage.end))
    in_bed = [span for kinds in by_source.values() for span in kinds[IN_BED]]
    sleepers = {rank: kinds for rank, kinds in by_source.items() if any(kinds[k] for k in (*STAGES, ASLEEP))}
    start, end = min(s.start for s in group), max(s.end for s in group)
    bed = _minutes(in_bed) if in_bed else None
    if not sleepers:
        awake = [span for kinds in by_source.values() for span in kinds[AWAKE]]
        rank = min(by_source, default=group[0].rank)
        return Night(start, end, rank, None, None, None, None, _minutes(awake) if awake else None, bed)

    def order(rank: int) -> tuple[bool, int, float]:
        kinds = sleepers[rank]
        staged = any(kinds[k] for k in STAGES)
        return (not staged, rank, -_minutes([s for k in (*STAGES, ASLEEP) for s in kinds[k]]))

    rank = min(sleepers, key=order)
    kinds = sleepers[rank]
    staged = any(kinds[k] for k in STAGES)
    taken: list[tuple[int, int]] = []
    minutes: dict[str, float] = {}
    for kind in STAGES if staged else (ASLEEP,):
        before = _minutes(taken)
        taken += kinds[kind]
        minutes[kind] = _minutes(taken) - before
    asleep = _minutes(taken)
    awake_minutes = _minutes(taken + kinds[AWAKE]) - asleep if kinds[AWAKE] else None
    return Night(
        start, end, rank, asleep, minutes.get(DEEP), minutes.get(REM), minutes.get(CORE), awake_minutes, bed
    )


def _minutes(spans: list[tuple[int, int]]) -> float:
    """Minutes covered by the union of spans."""
    total, reach = 0, -1
    for start, end in sorted(spans):
        if end > reach:
            total += end - max(start, reach)
            reach = end
    return total / 60_000
