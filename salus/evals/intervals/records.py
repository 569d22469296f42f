"""A case as the records a vault would hold: the result, the person, what is recorded of a pregnancy. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, timedelta
from decimal import Decimal
from typing import Any, cast

from salus.knowledge.labs import Age, LabTest, by_loinc, recognise, tests
from salus.knowledge.labs.pregnancy import TERM_DAYS
from salus.records.codes import LOINC, SNOMED, Code
from salus.records.resource import Resource, all_codes, when
from salus.skills.labs.whom import Whom
from salus.vault.person import Person
from salus.vault.view import VaultView

Case = Mapping[str, Any]
_WEEKS = {"1": 9, "2": 20, "3": 33}
"""The week a case's trimester is recorded as."""
DATE = "2026-06-01"


class Records:
    """The few records of one case, answering `resources` as a view of a vault does."""

    def __init__(self, held: Iterable[Resource]) -> None:
        self.held = list(held)

    def resources(self, *types: str, codes: Iterable[Code] | None = None, **_: Any) -> list[Resource]:
        """Those of these types that carry one of the codes."""
        wanted = None if codes is None else set(codes)
        return [
            r for r in self.held if r.type in types and (wanted is None or wanted & set(all_codes(r.body)))
        ]  # fmt: skip


def test_of(case: Case) -> LabTest | None:
    """The test a case names by LOINC code, key or a name in either language."""
    said = str(case["test"])
    found = by_loinc(said) or tests().get(said)
    if found is None:
        keys = [spot.key for spot in recognise(said) if spot.kind == "test"]
        found = tests()[keys[0]] if keys else None
    return found


def day_of(case: Case) -> date:
    """The day of the result; a fixed one where the case gives none."""
    return date.fromisoformat(str(case.get("date") or DATE)[:10])


def born_of(case: Case) -> date | None:
    """The birth date, given or counted back from an `age` ("45", "6mo", "10d"); None when the case gives neither."""
    if case.get("born"):
        return date.fromisoformat(str(case["born"])[:10])
    age = case.get("age")
    if age is None or str(age).strip().lower() in ("", "unknown"):
        return None
    exact, day = Age.read(str(age)), day_of(case)
    if exact.months == 0 or str(age).strip().endswith(("d", "wk")):
        return day - timedelta(days=exact.days)
    total = day.year * 12 + day.month - 1 - exact.months
    return date(total // 12, total % 12 + 1, min(day.day, 28))


def whom(case: Case) -> Whom:
    """The person of a case, with the records of a pregnancy or of menopause."""
    sex = case.get("sex")
    known = sex if sex in ("female", "male", "other") else None
    person = Person("", born_of(case), known, UTC, "UTC", True, "en", None, ())
    return Whom(person, cast("VaultView", Records(_around(case))))


def observation(case: Case) -> Resource:
    """The result as a FHIR Observation, with the laboratory's own range where the case has one."""
    test, said = test_of(case), str(case["test"])
    code = said if by_loinc(said) else test.loinc[0] if test else said
    body: dict[str, Any] = {
        "code": {"coding": [{"system": LOINC, "code": code}]},
        "valueQuantity": _quantity(case["value"], case.get("unit") or ""),
    }
    if case.get("date") or case.get("born") or case.get("age"):
        body["effectiveDateTime"] = day_of(case).isoformat()
    if case.get("comparator"):
        body["valueQuantity"]["comparator"] = case["comparator"]
    if limits := case.get("range"):
        ends = {k: limits[k] for k in ("low", "high") if limits.get(k) is not None}
        body["referenceRange"] = [{k: _quantity(v, case.get("unit") or "") for k, v in ends.items()}]
    return _resource("Observation", "result", body)


def _around(case: Case) -> list[Resource]:
    day, said, made = day_of(case), case.get("pregnancy"), list[Resource]()
    if isinstance(said, Mapping):
        made.append(_dated(said, day))
        said = None
    said = {True: "any", "yes": "any", "T1": "1", "T2": "2", "T3": "3"}.get(said, said)
    if str(said) in _WEEKS:
        made.append(_dated({"weeks": _WEEKS[str(said)]}, day))
    elif said in ("any", "no", False):
        answer = {"system": SNOMED, "code": "77386006" if said == "any" else "60001007"}
        body = {"effectiveDateTime": day.isoformat(), "valueCodeableConcept": {"coding": [answer]}}
        made.append(_resource("Observation", "status", {"code": _loinc("82810-3"), **body}))
    if case.get("state") == "postmenopausal":
        begun = day - timedelta(days=400)
        concept = {"coding": [{"system": SNOMED, "code": "76498008"}]}
        made.append(_resource("Condition", "menopause", {"code": concept, "onsetDateTime": begun.isoformat()}))
    return made


def _dated(given: Mapping[str, Any], day: date) -> Resource:
    """A pregnancy by its due date or by weeks on the day of the result (`on` where recorded on another day)."""
    recorded = str(given.get("on") or day.isoformat())
    if given.get("due"):
        body: dict[str, Any] = {"code": _loinc("11778-8"), "valueDateTime": str(given["due"])}
    elif given.get("began"):
        due = date.fromisoformat(str(given["began"])) + timedelta(days=TERM_DAYS)
        body = {"code": _loinc("11778-8"), "valueDateTime": due.isoformat()}
    else:
        body = {"code": _loinc("18185-9"), "valueQuantity": _quantity(given["weeks"], "wk")}
    return _resource("Observation", "dating", {"effectiveDateTime": recorded, **body})


def _loinc(code: str) -> dict[str, Any]:
    return {"coding": [{"system": LOINC, "code": code}]}


def _quantity(value: Any, unit: str) -> dict[str, Any]:
    return {"value": Decimal(str(value)), "unit": unit, **({"code": unit} if unit else {})}


def _resource(type_: str, fid: str, body: dict[str, Any]) -> Resource:
    whole = {"resourceType": type_, "id": fid, **({"status": "final"} if type_ == "Observation" else {}), **body}
    raw = json.dumps(whole, default=_number).encode()
    return Resource(type_, fid, raw, when(whole), "a made case", "eval", 0)


def _number(value: Any) -> Any:
    """A Decimal as a JSON number, digit for digit where a float keeps them."""
    return int(value) if value == value.to_integral_value() else float(value)
