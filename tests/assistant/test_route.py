"""From questions to plans: which skill, with which arguments, in both languages."""

from __future__ import annotations

import pytest

from salus.assistant.route import plan
from salus.records.finding import Triage
from salus.skills.contract import arguments
from salus.vault.view import VaultView

CASES = [
    ("How is my cholesterol?", "en", "labs", {"panel": "lipids", "ask": "latest"}),
    ("What does HbA1c mean?", "en", "labs", {"test": "hba1c", "ask": "meaning"}),
    ("What was my highest ferritin?", "en", "labs", {"test": "ferritin", "ask": "highest"}),
    ("Quel a été mon LDL le plus bas ?", "fr", "labs", {"test": "ldl_cholesterol", "ask": "lowest"}),
    ("Are my blood tests normal?", "en", "labs", {"all": True, "ask": "out_of_range"}),
    ("When was my last blood test?", "en", "labs", {"all": True, "ask": "latest"}),
    ("How many calories did I burn yesterday?", "en", "trends",
     {"metric": "active_energy", "measure": "total", "period": ["2026-11-20", "2026-11-20"]}),
    ("How many calories did I eat yesterday?", "en", "trends",
     {"metric": "dietary_energy", "measure": "total", "period": ["2026-11-20", "2026-11-20"]}),
    ("How far did I cycle in June?", "en", "trends",
     {"metric": "distance_cycling", "measure": "total", "period": ["2026-06-01", "2026-06-30"]}),
    ("What is my VO2 max?", "en", "trends", {"metric": "vo2max", "measure": "latest"}),
    ("Mon pouls le plus bas la semaine dernière ?", "fr", "trends",
     {"metric": "heart_rate", "measure": "min", "period": ["2026-11-09", "2026-11-15"]}),
    ("How is my blood pressure?", "en", "trends", {"metric": "blood_pressure", "measure": "latest"}),
    ("Combien de sommeil profond la nuit dernière ?", "fr", "trends",
     {"metric": "sleep_deep", "measure": "total", "period": ["2026-11-21", "2026-11-21"]}),
    ("Since when have I had high blood pressure?", "en", "records",
     {"kind": "problems", "ask": "since", "about": "high blood pressure"}),
    ("When did I last see a dentist?", "en", "records", {"kind": "visits", "ask": "last", "about": "dentist"}),
    ("When was my last doctor's visit?", "en", "records", {"kind": "visits", "ask": "last"}),
    ("What medications am I taking?", "en", "records", {"kind": "medications", "ask": "list"}),
    ("Depuis quand est-ce que je prends de la metformine ?", "fr", "records",
     {"kind": "medications", "ask": "since", "about": "metformine"}),
    ("Suis-je allergique aux arachides ?", "fr", "records", {"kind": "allergies", "ask": "is", "about": "arachides"}),
    ("Quand ai-je été vaccinée contre la grippe pour la dernière fois ?", "fr", "records",
     {"kind": "immunizations", "ask": "last", "about": "grippe"}),
    ("Should I stop my statin?", "en", "none", {"why": "advice"}),
    ("Quel temps fera-t-il demain ?", "fr", "none", {"why": "future"}),
    ("Quel est le poids de ma fille ?", "fr", "none", {"why": "others"}),
    ("What is the capital of France?", "en", "none", {"why": "not_heard"}),
    ("j'ai mal à la tête depuis 2 jours", "fr", "none", {"why": "not_heard"}),
]  # fmt: skip


@pytest.mark.parametrize(("question", "lang", "skill", "expected"), CASES, ids=[c[0] for c in CASES])
def test_plan(view: VaultView, question: str, lang: str, skill: str, expected: dict[str, object]) -> None:
    plans = plan(question, view, lang, Triage())
    assert [p.skill.name for p in plans] == [skill]
    assert arguments(plans[0].query) == expected


def test_two_tests_are_two_plans(view: VaultView) -> None:
    plans = plan("LDL and HDL please", view, "en", Triage())
    assert [arguments(p.query)["test"] for p in plans] == ["ldl_cholesterol", "hdl_cholesterol"]


def test_the_same_question_plans_the_same(view: VaultView) -> None:
    asked = "How has my LDL changed since 2024?"
    first = [arguments(p.query) for p in plan(asked, view, "en", Triage())]
    assert all([arguments(p.query) for p in plan(asked, view, "en", Triage())] == first for _ in range(20))
