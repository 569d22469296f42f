"""Questions worth asking of this vault: only what it can answer. Computes no figure."""

from __future__ import annotations

from itertools import zip_longest

from salus.knowledge.labs import tests
from salus.records.codes import LOINC
from salus.records.text import Named, T, Text
from salus.vault.view import VaultView

MOST = 5

# (metric, question), the most asked first
READINGS = (
    (("steps",), T("How many steps did I take last week?")),
    (("sleep",), T("How did I sleep last night?")),
    (("resting_heart_rate",), T("Is my resting heart rate going up?")),
    (("body_weight",), T("Has my weight changed since last year?")),
    (("systolic",), T("What was my last blood pressure?")),
)
RECORDS = (
    (("MedicationRequest", "MedicationStatement"), T("Which medications do I take?")),
    (("AllergyIntolerance",), T("What am I allergic to?")),
    (("Immunization",), T("When was my last vaccination?")),
    (("Condition",), T("Which health problems do I have?")),
)
WANTED = ("ldl_cholesterol", "hba1c", "ferritin", "tsh", "vitamin_d", "creatinine", "hemoglobin", "glucose")


def suggestions(view: VaultView) -> list[Text]:
    """At most five, of different kinds; none when the vault is empty."""
    counts, metrics = view.counts(), {span.key for span in view.metrics()}
    results = _results(view) if counts.get("Observation") else []
    records = [text for types, text in RECORDS if any(counts.get(type_) for type_ in types)]
    readings = [text for keys, text in READINGS if metrics.intersection(keys)]
    in_turn = zip_longest(results, records, readings)
    return [text for three in in_turn for text in three if text][:MOST]


def _results(view: VaultView) -> list[Text]:
    codes = {code for code, _ in view.newest_per_code("Observation", LOINC)}
    found = [tests()[key] for key in WANTED if key in tests() and codes & set(tests()[key].loinc)]
    return [T("What was my last {test}?", test=Named(test.name("en"), test.name("fr"))) for test in found[:2]]
