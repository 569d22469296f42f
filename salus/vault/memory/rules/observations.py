"""Results and vital signs: one measurement told twice, two measurements of one day, two values of one moment."""

from __future__ import annotations

from salus.records.text import T, Text
from salus.vault.memory import values
from salus.vault.memory.clashes import between
from salus.vault.memory.dates import earliest, moment
from salus.vault.memory.entry import Conflict, Status, Value
from salus.vault.memory.facts import Context
from salus.vault.memory.grouping import Group
from salus.vault.memory.making import Said, first_code, newest
from salus.vault.memory.observing import DIASTOLIC, PRESSURE, SYSTOLIC, Observed
from salus.vault.memory.rule import CERTAIN, EXACT, FIRM, MONTH, YEAR, Rule, at
from salus.vault.memory.tables import table

SAME_VALUE = Rule(
    "same_test_time_value", "same", T("the same test, the same moment, the same value, told by two records"), EXACT
)
SAME_DAY = Rule("same_test_day_value", "same", T("the same test and the same value; one gives only the day"), MONTH)
SAME_ORDER = Rule("same_order", "same", T("the same test of the same order number"), CERTAIN)
TWO_VALUES = Rule(
    "same_test_time_other_value", "same", T("the same test at the same moment from two sources, with two values"), FIRM
)
HALVES = Rule("two_halves_of_one_pressure", "same", T("two halves of one blood pressure"), EXACT)
OTHER_TEST = Rule("other_test", "different", T("two different tests"))
SPECIMEN = Rule("other_specimen", "different", T("from two different specimens (blood, urine …)"))
FASTING = Rule("fasting_or_not", "different", T("one is fasting, the other does not say so"))
OTHER_TIME = Rule("other_time", "different", T("measured at another time"))
OTHER_VALUE = Rule("other_value", "different", T("another value: another measurement"))
KIND_OF_VALUE = Rule("other_kind_of_value", "different", T("values that cannot be of one test (a share and a count)"))
RULES = (
    SAME_VALUE,
    SAME_DAY,
    SAME_ORDER,
    TWO_VALUES,
    HALVES,
    OTHER_TEST,
    SPECIMEN,
    FASTING,
    OTHER_TIME,
    OTHER_VALUE,
    KIND_OF_VALUE,
)
_PRESSURES = frozenset({PRESSURE, SYSTOLIC, DIASTOLIC})


def compare(ctx: Context, a: Observed, b: Observed) -> Rule | None:
    """What the rules say of two observations."""
    rule = _test(a, b)
    if rule is not None:
        return rule
    close = moment(a.time, b.time, ctx.zone)
    if close == "apart":
        return OTHER_TIME
    pressures = a.test in _PRESSURES and b.test in _PRESSURES
    if pressures and a.test != b.test and not a.parts.keys() & b.parts.keys():
        return HALVES if close == "same" and a.source == b.source and a.time and a.time.instant else None
    alike = _alike(a, b)
    if alike == "other":
        return KIND_OF_VALUE
    if close == "unknown":
        return at(SAME_DAY, YEAR) if alike == "same" and a.value is not None else None
    if alike == "same":
        if a.ids & b.ids:
            return SAME_ORDER
        return (
            SAME_VALUE
            if close == "same" and not _vague(a, b)
            else at(SAME_DAY, YEAR if close == "year" or _vague(a, b) else MONTH)
        )
    if alike == "unknown":
        return at(SAME_VALUE, FIRM) if close == "same" and a.value is b.value and not a.parts and not b.parts else None
    if close != "same" or a.source == b.source or _vague(a, b):
        return OTHER_VALUE
    return TWO_VALUES


def _vague(a: Observed, b: Observed) -> bool:
    """Two dates of a month or year only: nothing says that they are one moment."""
    return any(f.time is not None and f.time.precision in ("month", "year") for f in (a, b))


def _test(a: Observed, b: Observed) -> Rule | None:
    if a.specimen and b.specimen and a.specimen != b.specimen:
        return SPECIMEN
    if (a.status == "cancelled") != (b.status == "cancelled") or (a.site and b.site and a.site != b.site):
        return OTHER_TEST
    if a.test and b.test:
        if a.test == b.test:
            return None
        if a.test in _PRESSURES and b.test in _PRESSURES:
            return None
        return FASTING if a.fasting != b.fasting else OTHER_TEST
    if a.fasting != b.fasting:
        return FASTING
    return None if a.what.codes & b.what.codes or a.keys & b.keys else OTHER_TEST


def _alike(a: Observed, b: Observed) -> values.Alike:
    if a.parts or b.parts:
        shared = sorted(a.parts.keys() & b.parts.keys())
        if not shared:
            return "unknown"
        found = {values.alike(a.parts[p], b.parts[p], None) for p in shared}
        return "other" if "other" in found else "differ" if "differ" in found else "same"
    molar = a.molar or b.molar
    valence = max(a.valence, b.valence)
    one, other = values.alike(a.value, b.value, molar, valence), values.alike(b.value, a.value, molar, valence)
    if "same" not in (one, other) and (line := table("results").rows.get(a.test, {}).get("line")):
        one = "same" if values.on_line(a.value, b.value, line) else one if one != "other" else "differ"
    return "same" if "same" in (one, other) else one


def say(ctx: Context, group: Group[Observed]) -> Said:
    """A panel speaks before its parts; then a final result before a preliminary one, then the most precise time."""
    facts = group.facts
    order = {"final": 2, "amended": 3, "corrected": 3}
    best = max((len(f.parts), order.get(f.status, 0), bool(f.time and f.time.instant)) for f in facts)
    main = newest(
        [f for f in facts if (len(f.parts), order.get(f.status, 0), bool(f.time and f.time.instant)) == best],
        lambda f: f.time,
    )
    detail: list[tuple[Text, Value]] = []
    if main.value is not None:
        detail.append((T("Value"), values.shown(main.value)))
    for name, value in sorted(main.parts.items(), reverse=True):
        detail.append((PARTS.get(name, T("{name}", name=name)), values.shown(value)))
    status: Status = "not_done" if main.status == "cancelled" else "done"
    return Said(
        main,
        main.what.title,
        first_code(main.body.get("code")),
        status,
        earliest([f.time for f in facts if f.time]),
        None,
        detail,
        _conflicts(facts),
    )


PARTS = {SYSTOLIC: T("Systolic"), DIASTOLIC: T("Diastolic")}


def _conflicts(facts: list[Observed]) -> list[Conflict]:
    found: list[Conflict] = []
    for n, a in enumerate(facts):
        for b in facts[n + 1 :]:
            if _alike(a, b) == "differ" and not found:
                found.append(between("value", T("the value"), [(_said(a), a.ref), (_said(b), b.ref)]))
    return found


def _said(fact: Observed) -> Value:
    if fact.parts:
        return " / ".join(str(v.shown) for _, v in sorted(fact.parts.items(), reverse=True))
    return values.shown(fact.value)
