"""Two results of one test against each other: beyond the usual variation of body and laboratory, or within it.

Knows how records differ (unit, specimen, method, a bound instead of a figure); the variation itself is the table's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from salus.knowledge.labs import Change, LabTest, Spread, moves, rcv, spread
from salus.records.finding import Finding
from salus.records.resource import codings, concept_text, first
from salus.records.text import Named, On, T, Text
from salus.skills.labs import findings
from salus.skills.labs.readings import Reading, before_it
from salus.vault.person import Person

WhyNot = Literal["", "unit", "variation", "value", "specimen", "bound", "date", "clash"]


@dataclass(frozen=True)
class Against:
    """A result, the one before it and what the comparison says. `why` says why nothing can be told."""

    before: Reading
    after: Reading
    change: Change
    why: WhyNot
    person: Person
    elsewhere: bool = False
    """Another laboratory, method or code: part of the change can come from that."""

    @property
    def changed(self) -> bool:
        return self.change.verdict in ("changed_up", "changed_down")


def before(found: Sequence[Reading], test: LabTest, latest: Reading, person: Person) -> Against | None:
    """The newest result against the one before it among those at hand; None when there is none."""
    earlier = before_it(found, latest)
    return None if earlier is None else of(test, earlier, latest, person)


def of(test: LabTest, earlier: Reading, later: Reading, person: Person) -> Against:
    """Two readings compared. Only figures, of one specimen, in units that convert, are."""
    elsewhere = _laboratory(earlier) != _laboratory(later) or earlier.code.code != later.code.code
    if earlier.value is None or later.value is None or earlier.comparator or later.comparator:
        return Against(earlier, later, Change("unknown", why="value"), "bound", person, elsewhere)
    if earlier.others or later.others:
        return Against(earlier, later, Change("unknown", why="value"), "clash", person, elsewhere)
    if earlier.time is None or later.time is None:
        return Against(earlier, later, Change("unknown", why="value"), "date", person, elsewhere)
    if not _same_specimen(test, earlier, later):
        return Against(earlier, later, Change("unknown", why="value"), "specimen", person, elsewhere)
    change = rcv(test, earlier.value, later.value)
    return Against(earlier, later, change, change.why, person, elsewhere)


def _same_specimen(test: LabTest, a: Reading, b: Reading) -> bool:
    apart = test.variation.apart if test.variation else frozenset()
    if (a.code.code in apart) != (b.code.code in apart):
        return False
    kinds = [_specimen(reading) for reading in (a, b)]
    return not all(kinds) or kinds[0] == kinds[1]


def _specimen(reading: Reading) -> str:
    """The kind of specimen as the record names it; a bare reference tells nothing."""
    said = reading.resource.body.get("specimen")
    return str(said.get("display") or "").strip().lower() if isinstance(said, dict) else ""


def _laboratory(reading: Reading) -> tuple[str, str]:
    body = reading.resource.body
    who = str(first(body, "performer.display") or first(body, "performer.reference") or "")
    method: Any = body.get("method")
    return who, (codings(method)[0].code if codings(method) else concept_text(method)) if method else ""


# In words ----------------------------------------------------------------------------------------------------------


def verdict_text(against: Against) -> Text:
    """What the comparison says, with both figures."""
    was, now = findings.shown(against.before), findings.shown(against.after)
    when = findings.local(against.before, against.person)
    if against.change.verdict == "changed_up":
        return T("It has really changed: it rose from {before} {on_date}, more than results usually vary.",
                 before=was, on_date=On(when))  # fmt: skip
    if against.change.verdict == "changed_down":
        return T("It has really changed: it fell from {before} {on_date}, more than results usually vary.",
                 before=was, on_date=On(when))  # fmt: skip
    if against.change.verdict == "within_variation":
        return T("It was {before} {on_date}: the difference is within the usual variation, so not a real change.",
                 before=was, on_date=On(when))  # fmt: skip
    if against.why in ("variation", "value"):
        return _plain_move(against, was, now)
    if against.why == "specimen":
        return T("The one before ({before}) is of another kind of sample, so Salus does not compare them.", before=was)
    if against.why == "unit":
        return T("The one before ({before}) is in a unit that Salus cannot convert, so it does not compare them.",
                 before=was)  # fmt: skip
    if against.why == "clash":
        return T("The sources of one of the two results disagree on its value, so Salus does not compare them.")
    return T("One of the two results is no exact figure with a date, so Salus does not compare them.")


def variation_unknown() -> Text:
    """That a real change cannot be told from the usual variation."""
    return T("Salus does not know how much this result usually varies, so it does not say if that is a real change.")


def _plain_move(against: Against, was: Any, now: Any) -> Text:
    a, b = against.before.value, against.after.value
    unsaid = variation_unknown()
    same = a is not None and b is not None and a.unit == b.unit
    if same and a is not None and b is not None and b.value > a.value:
        return T("It rose from {before} to {after}. {unsaid}", before=was, after=now, unsaid=unsaid)
    if same and a is not None and b is not None and b.value < a.value:
        return T("It fell from {before} to {after}. {unsaid}", before=was, after=now, unsaid=unsaid)
    return T("It went from {before} to {after}. {unsaid}", before=was, after=now, unsaid=unsaid)


def moves_texts(against: Against, test: LabTest) -> tuple[Text, ...]:
    """What else could have moved it: only where a change is told, and another laboratory only where it was one."""
    if not against.changed or test.variation is None:
        return ()
    keys = [key for key in test.variation.moves if key != "lab" or against.elsewhere]
    return tuple(T("{words}", words=Named(moves()[key].en, moves()[key].fr)) for key in keys)


def method_text(test: LabTest) -> Text | None:
    """How a real change is told from the usual variation, with the figures and their source."""
    known, variation = spread(test), test.variation
    if known is None or variation is None:
        return None
    limits = {"cvi": variation.cvi, "cva": variation.cva, "source": variation.source, "year": str(variation.year)}
    if known.method == "symmetric":
        return T(
            "A change is called real beyond ±{up} % of the earlier result: 1.96 × √2 × √(CVA² + CVI²), with a "
            "variation of {cvi} % within a healthy person and {cva} % in the laboratory ({source}, {year}; not yet "
            "reviewed by a clinician).", up=_shown(known.up), **limits,
        )  # fmt: skip
    return T(
        "A change is called real beyond +{up} % or −{down} % of the earlier result: log-normal limits at 1.96 × √2, "
        "with a variation of {cvi} % within a healthy person and {cva} % in the laboratory ({source}, {year}; not yet "
        "reviewed by a clinician).", up=_shown(known.up), down=_shown(known.down), **limits,
    )  # fmt: skip


def _shown(value: Decimal) -> Decimal:
    return findings.significant(value)


def told(finding: Finding, against: Against, test: LabTest) -> Finding:
    """The finding with the comparison in its data, its method and its evidence."""
    method = method_text(test) if against.change.spread else None
    more = tuple(one for one in findings.evidences(against.before) if one not in finding.evidence)
    return replace(
        finding,
        data={**finding.data, "change_since": plain(against, test)},
        method=T("{how} {comparison}", how=finding.method, comparison=method) if method else finding.method,
        evidence=(*finding.evidence, *more),
    )


def plain(against: Against, test: LabTest) -> dict[str, Any]:
    """The comparison as data: verdict, the earlier result, limits in the later one's unit, variation, what moves it."""
    change, earlier, when = against.change, against.before, findings.local(against.before, against.person)
    variation = test.variation
    made: dict[str, Any] = {
        "verdict": change.verdict,
        "why": against.why or None,
        "before": {
            "value": float(earlier.value.value) if earlier.value else None,
            "said": earlier.comparator or earlier.said or None,
            "unit": earlier.value.unit if earlier.value else None,
            "time": when.text if when else None,
            "ref": earlier.resource.ref,
        },
        "moves": [{"key": k, "en": moves()[k].en, "fr": moves()[k].fr} for k in (variation.moves if variation else ())],
        "elsewhere": against.elsewhere,
    }
    if change.spread is not None and variation is not None:
        made |= _spread(change, change.spread) | {
            "cvi": _float(variation.cvi), "cva": _float(variation.cva), "cvg": _float(variation.cvg),
            "source": variation.source, "year": variation.year, "reviewed": bool(variation.reviewed_by),
            "note": {"en": variation.note_en, "fr": variation.note_fr} if variation.note_en else None,
        }  # fmt: skip
    return made


def _spread(change: Change, known: Spread) -> dict[str, Any]:
    return {
        "low": _rounded(change.low), "high": _rounded(change.high), "unit": change.unit,
        "percent": _rounded(change.percent), "up_percent": _rounded(known.up), "down_percent": _rounded(known.down),
        "method": known.method,
    }  # fmt: skip


def _rounded(value: Decimal | None) -> float | None:
    return None if value is None else float(findings.significant(value))


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
