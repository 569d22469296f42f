"""What a report counts, in words: "12 results and 3 visits"."""

from __future__ import annotations

from collections.abc import Mapping

from salus.records.text import TN, T, Text


def kind(name: str, n: int) -> Text:
    """A count of one kind of item. Kinds without words of their own keep the name their standard gives them."""
    if name == "Observation":
        return TN("{n} result or measurement", "{n} results and measurements", n)
    if name in ("Record", "Sample"):
        return TN("{n} reading from a device or app", "{n} readings from devices and apps", n)
    if name == "Condition":
        return TN("{n} health problem", "{n} health problems", n)
    if name in ("MedicationRequest", "MedicationStatement", "MedicationDispense", "MedicationAdministration"):
        return TN("{n} medication entry", "{n} medication entries", n)
    if name == "AllergyIntolerance":
        return TN("{n} allergy", "{n} allergies", n)
    if name == "Immunization":
        return TN("{n} vaccination", "{n} vaccinations", n)
    if name == "Procedure":
        return TN("{n} procedure", "{n} procedures", n)
    if name == "Encounter":
        return TN("{n} visit", "{n} visits", n)
    if name == "DiagnosticReport":
        return TN("{n} report", "{n} reports", n)
    if name in ("DocumentReference", "Binary", "Composition"):
        return TN("{n} document", "{n} documents", n)
    if name in ("CarePlan", "CareTeam", "Goal"):
        return TN("{n} care plan, team or goal", "{n} care plans, teams and goals", n)
    if name in ("Practitioner", "PractitionerRole", "Organization", "Location"):
        return TN("{n} clinician or place", "{n} clinicians and places", n)
    if name in ("Claim", "ExplanationOfBenefit", "Coverage"):
        return TN("{n} insurance entry", "{n} insurance entries", n)
    if name == "Patient":
        return TN("{n} personal detail record", "{n} personal detail records", n)
    if name == "Workout":
        return TN("{n} workout", "{n} workouts", n)
    if name == "WorkoutRoute":
        return TN("{n} workout route", "{n} workout routes", n)
    if name == "Electrocardiogram":
        return TN("{n} heart tracing (ECG)", "{n} heart tracings (ECG)", n)
    if name == "ActivitySummary":
        return TN("{n} day summary", "{n} day summaries", n)
    if name == "Medication":
        return TN("{n} medicine", "{n} medicines", n)
    if name == "Correlation":
        return TN("{n} pair of readings", "{n} pairs of readings", n)
    if name == "ClinicalRecord":
        return TN("{n} medical record kept on the phone", "{n} medical records kept on the phone", n)
    if name == "Me":
        return TN("{n} personal detail record", "{n} personal detail records", n)
    return T("{n} × {kind}", n=n, kind=name)


MOST_KINDS = 4


def brief(counts: Mapping[str, int]) -> list[Text]:
    """The largest kinds, the rest as one number."""
    named = counted(counts)
    if len(named) <= MOST_KINDS:
        return named
    rest = sum(int(text.args["n"]) for text in named[MOST_KINDS - 1 :])
    return [*named[: MOST_KINDS - 1], TN("{n} other item", "{n} other items", rest)]


def counted(counts: Mapping[str, int]) -> list[Text]:
    """One text per kind, the largest first; kinds said with the same words are counted together."""
    together: dict[str, tuple[str, int]] = {}
    for name, n in counts.items():
        if n:
            words = kind(name, 1)
            key = words.template if words.plural else name
            together[key] = (name, together.get(key, ("", 0))[1] + n)
    return [kind(name, n) for name, n in sorted(together.values(), key=lambda pair: -pair[1])]
