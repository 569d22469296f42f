"""Everything of the sample person's chart but results: people, visits, problems, medicines, vaccines, notes, plans."""

from __future__ import annotations

import base64
from datetime import date, timedelta
from decimal import Decimal

from salus.records.codes import CVX, ICD10CM, RXNORM, SNOMED
from salus.sample.chart import TERMS, Body, Chart, quantity, stamp, status, table
from salus.sample.person import BORN, FAMILY, GIVEN, SEX, local
from salus.sample.results import add_vitals, at


def add_people(chart: Chart) -> None:
    """Patient, organisations, practitioners."""
    story = table("story.toml")
    chart.add("Patient", "self", {
        "identifier": [{"system": "urn:salus:sample", "value": f"S-{chart.spec.seed:05d}"}],
        "active": True,
        "name": [{"use": "official", "family": FAMILY, "given": [GIVEN]}],
        "gender": SEX,
        "birthDate": BORN.isoformat(),
        "address": [{"use": "home", "city": "Nantes", "postalCode": "44000", "country": "FR"}],
        "communication": [{"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": "fr"}]}, "preferred": True}],
    }, f"{GIVEN} {FAMILY}")
    for key, row in story["organization"].items():
        chart.add("Organization", key, {
            "active": True,
            "type": [status("organization-type", row["kind"])],
            "name": chart.say(row),
            "address": [{"city": row["city"], "country": "FR"}],
        }, chart.say(row))
    for key, row in story["practitioner"].items():
        chart.add("Practitioner", key, {
            "active": True,
            "name": [{"family": row["family"], "given": [row["given"]], "prefix": [row["prefix"]]}],
            "gender": row["gender"],
            "qualification": [{"code": {"text": chart.say(row)}}],
        }, f"{row['prefix']} {row['given']} {row['family']}")


def add_visits(chart: Chart) -> None:
    """Encounters, each with its vital signs."""
    for row in table("story.toml")["encounter"]:
        start, utc = at(chart.spec, row), row["where"] == "hospital"
        chart.add("Encounter", row["key"], {
            "status": "finished",
            "class": {"system": f"{TERMS}/v3-ActCode", "code": row["class"]},
            "type": [chart.snomed({"snomed": row["code"], "en": row["en"], "fr": row["fr"]})],
            "subject": chart.patient,
            "participant": [{"individual": chart.ref("Practitioner", row["by"])}] if "by" in row else None,
            "period": {
                "start": stamp(start, utc=utc),
                "end": stamp(start + timedelta(minutes=row["minutes"]), utc=utc),
            },
            "reasonCode": [{"text": chart.say(row["why"])}],
            "serviceProvider": chart.ref("Organization", row["where"]),
        })
        add_vitals(chart, row)


def _visit(chart: Chart, row: Body) -> Body | None:
    return chart.ref("Encounter", row["encounter"]) if "encounter" in row else None


def partial(chart: Chart, row: Body) -> str:
    """A date at the precision the story gives: a year, a month or a day."""
    if "years" in row:
        year = chart.spec.end.year - row["years"]
        return f"{year}-{row['month']:02d}" if "month" in row else str(year)
    return chart.spec.workday(row["ago"]).isoformat()


def add_problems(chart: Chart) -> None:
    """Conditions (some with partial dates) and allergies."""
    story = table("story.toml")
    for row in story["condition"]:
        chart.add("Condition", row["key"], {
            "clinicalStatus": status("condition-clinical", row["status"]),
            "verificationStatus": status("condition-ver-status", "confirmed"),
            "category": [status("condition-category", "problem-list-item")],
            "code": chart.snomed(row, {"system": ICD10CM, "code": row["icd10"]}),
            "subject": chart.patient,
            "encounter": _visit(chart, row),
            "onsetDateTime": partial(chart, row["onset"]),
            "abatementDateTime": partial(chart, row["ended"]) if "ended" in row else None,
            "recorder": chart.ref("Practitioner", "gp"),
        }, chart.say(row))
    for row in story["allergy"]:
        reaction = row.get("reaction")
        chart.add("AllergyIntolerance", row["key"], {
            "clinicalStatus": status("allergyintolerance-clinical", "active"),
            "verificationStatus": status("allergyintolerance-verification", "confirmed"),
            "type": "allergy",
            "category": [row["category"]],
            "criticality": row["criticality"],
            "code": chart.snomed(row),
            "patient": chart.patient,
            "encounter": _visit(chart, row),
            "recordedDate": chart.spec.workday(row["recorded"]).isoformat(),
            "reaction": [{"manifestation": [chart.snomed(reaction)], "severity": reaction["severity"]}]
            if reaction
            else None,
        })


def add_medicines(chart: Chart) -> None:
    """Prescriptions; one names its medicine through a Medication resource, as some systems do."""
    for row in table("story.toml")["medication"]:
        coding = {"system": RXNORM, "code": row["rxnorm"], "display": row["display"]}
        concept = {"coding": [coding], "text": chart.say(row)}
        by_reference = row.get("resource", False)
        if by_reference:
            chart.add("Medication", row["key"], {"code": concept}, chart.say(row))
        dose = row["dose"]
        chart.add("MedicationRequest", row["key"], {
            "status": row["status"],
            "statusReason": {"text": chart.say(row["stop"])} if "stop" in row else None,
            "intent": "order",
            "medicationCodeableConcept": None if by_reference else concept,
            "medicationReference": chart.ref("Medication", row["key"]) if by_reference else None,
            "subject": chart.patient,
            "encounter": _visit(chart, row),
            "authoredOn": chart.spec.workday(row["ago"]).isoformat(),
            "requester": chart.ref("Practitioner", row["by"]),
            "reasonReference": [chart.ref("Condition", row["why"])],
            "dosageInstruction": [{
                "text": chart.say(dose),
                "timing": {"repeat": {"frequency": dose["per"], "period": 1, "periodUnit": "d"}},
                "doseAndRate": [{"doseQuantity": quantity(Decimal(dose["value"]), dose["unit"])}],
            }],
        })


def flu_days(chart: Chart) -> list[date]:
    """One flu vaccine each autumn, for the last few autumns that are over."""
    flu = table("story.toml")["flu"]
    end = chart.spec.end
    last = end.year if date(end.year, flu["month"], flu["day"]) <= end else end.year - 1
    return [date(year, flu["month"], flu["day"]) for year in range(last - flu["seasons"] + 1, last + 1)]


def vaccine(chart: Chart, row: Body, when: str) -> Body:
    """The body of one Immunization; `when` may be a day or a year."""
    return {
        "status": "completed",
        "vaccineCode": {
            "coding": [{"system": CVX, "code": row["cvx"], "display": row["display"]}],
            "text": chart.say(row),
        },
        "patient": chart.patient,
        "occurrenceDateTime": when,
        "primarySource": True,
        "performer": [{"actor": chart.ref("Organization", "clinic")}],
    }


def add_vaccines_and_procedures(chart: Chart) -> None:
    story = table("story.toml")
    for row in story["vaccine"]:
        chart.add("Immunization", row["key"], vaccine(chart, row, partial(chart, row)))
    for day in flu_days(chart):
        chart.add("Immunization", f"flu/{day.year}", vaccine(chart, story["flu"], day.isoformat()))
    for row in story["procedure"]:
        visit = next(v for v in story["encounter"] if v["key"] == row["encounter"])
        start = at(chart.spec, visit)
        chart.add("Procedure", row["key"], {
            "status": "completed",
            "code": chart.snomed(row),
            "subject": chart.patient,
            "encounter": _visit(chart, row),
            "performedPeriod": {
                "start": stamp(start, utc=True),
                "end": stamp(start + timedelta(minutes=25), utc=True),
            },
            "performer": [{"actor": chart.ref("Organization", visit["where"])}],
        })


def _attachment(chart: Chart, row: Body) -> Body:
    data = base64.b64encode(str(row["text"][chart.lang]).encode()).decode()
    return {"contentType": "text/plain; charset=utf-8", "language": chart.lang, "data": data, "title": chart.say(row)}


def add_documents(chart: Chart) -> None:
    """Two notes and an imaging report whose words are attached."""
    story = table("story.toml")
    visits = {v["key"]: v for v in story["encounter"]}
    for row in story["document"]:
        visit = visits[row["encounter"]]
        chart.add("DocumentReference", row["key"], {
            "status": "current",
            "type": chart.loinc(row["loinc"], row),
            "category": [{"text": chart.say({"en": "Clinical note", "fr": "Note clinique"})}],
            "subject": chart.patient,
            "date": stamp(at(chart.spec, visit) + timedelta(minutes=visit["minutes"])),
            "author": [chart.ref("Practitioner", visit["by"])],
            "description": chart.say(row),
            "content": [{"attachment": _attachment(chart, row)}],
            "context": {"encounter": [chart.ref("Encounter", row["encounter"])]},
        })
    row = story["imaging"]
    chart.add("DiagnosticReport", "imaging", {
        "status": "final",
        "category": [{"coding": [{"system": f"{TERMS}/v2-0074", "code": "RAD"}]}],
        "code": chart.loinc(row["loinc"], row),
        "subject": chart.patient,
        "encounter": _visit(chart, row),
        "effectiveDateTime": stamp(at(chart.spec, visits[row["encounter"]]), utc=True),
        "performer": [chart.ref("Organization", "hospital")],
        "presentedForm": [_attachment(chart, row)],
    })


def add_plans(chart: Chart) -> None:
    """Goals, care team, care plan, coverage."""
    story, spec = table("story.toml"), chart.spec
    for row in story["goal"]:
        chart.add("Goal", row["key"], {
            "lifecycleStatus": "active",
            "description": {"text": chart.say(row)},
            "subject": chart.patient,
            "startDate": spec.workday(row["ago"]).isoformat(),
            "target": [{
                "measure": chart.loinc(row["loinc"], row),
                "detailRange": {"high": quantity(Decimal(row["high"]), row["unit"])},
            }],
            "addresses": [chart.ref("Condition", row["addresses"])],
        })
    members = [
        {"role": [{"text": chart.say(who)}], "member": chart.ref("Practitioner", key)}
        for key, who in story["practitioner"].items()
    ]
    since = {"start": spec.workday(story["plan"]["ago"]).isoformat()}
    chart.add("CareTeam", "team", {
        "status": "active",
        "subject": chart.patient,
        "period": since,
        "participant": members,
    })
    plan = story["plan"]
    chart.add("CarePlan", "diabetes", {
        "status": "active",
        "intent": "plan",
        "title": chart.say(plan),
        "category": [{
            "coding": [{"system": SNOMED, "code": plan["snomed"], "display": plan["en"]}],
            "text": chart.say(plan),
        }],
        "subject": chart.patient,
        "period": since,
        "careTeam": [chart.ref("CareTeam", "team")],
        "addresses": [chart.ref("Condition", "diabetes")],
        "goal": [chart.ref("Goal", row["key"]) for row in story["goal"]],
        "activity": [
            {"detail": {"status": "in-progress", "description": chart.say(row)}} for row in plan["activities"]
        ],
    })
    chart.add("Coverage", "main", {
        "status": "active",
        "type": {"text": chart.say({"en": "Health insurance", "fr": "Assurance santé"})},
        "subscriberId": f"SAMPLE-{spec.seed:05d}",
        "beneficiary": chart.patient,
        "period": {"start": stamp(local(date(spec.end.year - 10, 1, 1)))[:10]},
        "payor": [{"display": chart.say(story["coverage"])}],
    })
