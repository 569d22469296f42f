"""What the kinds of things are called, for every face: events of the timeline, the memory, corrections."""

from __future__ import annotations

from salus.records.text import T, Text

EVENT: dict[str, Text] = {
    "problem": T("problem"), "medication": T("medicine"), "allergy": T("allergy"), "immunization": T("vaccine"),
    "result": T("result"), "vital": T("vital sign"), "symptom": T("symptom"), "procedure": T("procedure"),
    "encounter": T("visit"), "document": T("document"), "plan": T("plan"), "workout": T("workout"),
    "heart_tracing": T("heart tracing"), "reading": T("reading"), "insurance": T("insurance"), "other": T("other"),
}  # fmt: skip
"""One event of each kind of `vault.timeline`."""

EVENTS: dict[str, Text] = {
    "problem": T("Problems"), "medication": T("Medicines"), "allergy": T("Allergies"), "immunization": T("Vaccines"),
    "result": T("Results"), "vital": T("Vital signs"), "symptom": T("Symptoms"), "procedure": T("Procedures"),
    "encounter": T("Visits"), "document": T("Documents"), "plan": T("Plans and goals"), "workout": T("Workouts"),
    "heart_tracing": T("Heart tracings"), "reading": T("Readings by hand"), "insurance": T("Insurance"),
    "other": T("Everything else"),
}  # fmt: skip
"""Several of them."""

MEMORY: dict[str, Text] = {
    "problems": T("Problems"), "medications": T("Medicines"), "allergies": T("Allergies"),
    "immunizations": T("Vaccines"), "results": T("Results"), "vitals": T("Vital signs"),
    "procedures": T("Procedures"), "encounters": T("Visits"), "care_team": T("Care team"), "goals": T("Goals"),
    "devices": T("Devices"), "documents": T("Documents"), "other": T("Everything else"),
}  # fmt: skip
"""The kinds of `vault.memory`."""

STATUS: dict[str, Text] = {
    "current": T("current"), "past": T("past"), "denied": T("stated as absent"), "not_done": T("not done"),
}  # fmt: skip
"""How an entry of the memory stands; what is not here goes without saying."""

TYPE: dict[str, Text] = {
    "Correlation": T("pair of readings"), "CarePlan": T("care plan"), "CareTeam": T("care team"), "Goal": T("goal"),
    "Workout": T("workout"), "Electrocardiogram": T("heart tracing (ECG)"), "Condition": T("health problem"),
    "Observation": T("observation"), "DiagnosticReport": T("report"), "DocumentReference": T("document"),
    "Composition": T("document"), "Binary": T("file"), "Encounter": T("visit"), "Appointment": T("appointment"),
    "Procedure": T("procedure"), "Immunization": T("vaccination"), "AllergyIntolerance": T("allergy"),
    "MedicationRequest": T("prescription"), "MedicationStatement": T("medicine taken"),
    "MedicationDispense": T("medicine handed out"), "MedicationAdministration": T("medicine given"),
    "Medication": T("medicine"), "ServiceRequest": T("order"), "ImagingStudy": T("imaging"), "Claim": T("claim"),
    "ExplanationOfBenefit": T("insurance statement"), "Coverage": T("insurance cover"), "Device": T("device"),
    "Patient": T("personal details"), "Practitioner": T("clinician"), "PractitionerRole": T("clinician"),
    "Organization": T("organisation"), "Location": T("place"), "FamilyMemberHistory": T("family history"),
    "QuestionnaireResponse": T("questionnaire"), "ClinicalRecord": T("medical record kept on the phone"),
    "ActivitySummary": T("day summary"), "WorkoutRoute": T("workout route"), "Profile": T("personal details"),
    "RelatedPerson": T("relative"), "Specimen": T("specimen"), "Provenance": T("note of origin"),
    "Consent": T("consent"), "Communication": T("message"), "ClinicalImpression": T("assessment"),
}  # fmt: skip
"""One record of each type, where it has no title of its own."""

WHY: dict[str, Text] = {"wrong": T("wrong"), "not_mine": T("not mine")}
"""Why a record was set aside."""
