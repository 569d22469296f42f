"""From what was heard to plans: first what Salus must not answer, then results and metrics, then the records."""

from __future__ import annotations

from typing import Any

from salus.assistant.route import diary, measures, named, records, searching, spelling
from salus.assistant.route.asked import Asked
from salus.assistant.route.heard import Heard, hear
from salus.assistant.route.steps import Nothing, Plan, skills, unknown
from salus.records.finding import Triage, Unknown
from salus.records.text import T, Text
from salus.vault.view import VaultView

__all__ = ["Plan", "plan"]

MOST_PLANS = 4


_BEYOND: dict[str, tuple[Text, Text]] = {
    "advice": (
        T("Salus does not decide about treatment: it cannot tell you to start, stop or change anything."),
        T("Ask the doctor who prescribed it, or your pharmacist, before you change anything."),
    ),
    "future": (
        T("Salus cannot tell the future."),
        T("It can show how something has gone so far: ask how it has changed."),
    ),
    "others": (
        T("This vault holds your records only, so nothing is known here about anyone else."),
        T("Their own vault would be needed."),
    ),
    "explain": (
        T("Salus tells what your records hold. It does not explain what a medicine is for, or what goes with it."),
        T("Your pharmacist or the leaflet can tell you."),
    ),
    "overall": (
        T("Salus cannot judge your health as a whole."),
        T("Ask about one thing: a result, a medicine, your sleep."),
    ),
    "not_heard": (
        T("Salus cannot answer that from your records."),
        T("Ask about your results, your medicines, your visits, or what your devices measure."),
    ),
}


def plan(question: str, view: VaultView, lang: str, triage: Triage) -> list[Plan]:
    """The plans of a question, in the order they are answered. Never empty unless a triage speaks for itself."""
    made = _plan(question, view, lang, triage)
    if [one.query for one in made] == [Nothing("not_heard")] and (mended := spelling.mended(question)):
        return _plan(mended, view, lang, triage)
    return made


def _plan(question: str, view: VaultView, lang: str, triage: Triage) -> list[Plan]:
    heard = hear(question, view, lang)
    beyond = _beyond(heard) or ("others" if named.someone_else(question, heard, view) else None)
    if beyond is not None:
        return [] if triage.level in ("emergency", "urgent") else [_nothing(beyond)]
    if triage.level in ("emergency", "urgent") and not heard.spots and not heard.kinds:
        return []
    made = _plans(heard, view) or _claimed(question, view, lang)
    measures = any(one.skill.name in ("labs", "trends") for one in made)
    unclear = heard.unclear_part if measures else None
    if unclear is not None and triage.level not in ("emergency", "urgent"):
        return [unclear_days(unclear)]
    if not made:
        return [] if triage.level != "none" else [_nothing("not_heard")]
    return made[:MOST_PLANS]


def _claimed(question: str, view: VaultView, lang: str) -> list[Plan]:
    """Skills that hear the question as theirs, in the order of their names."""
    made = []
    for name, skill in sorted(skills().items()):
        query = skill.hears(question, view, lang) if skill.hears else None
        if query is not None:
            made.append(Plan(skills()[name], query))
    return made


def _nothing(why: str) -> Plan:
    return unknown(why, Unknown(*_BEYOND[why]))


def unclear_days(words: str) -> Plan:
    """Days that were not understood: said, rather than answered for others."""
    missing = Unknown(
        T("Salus does not understand which days or times “{words}” means, so it gives no figure.", words=words),
        T("Salus counts in whole days. Name them by date, for example “in October”."),
    )
    return unknown("unclear_days", missing)


def _beyond(heard: Heard) -> str | None:
    for why in ("others", "advice", "explain", "overall", "future"):
        if heard.has("beyond", why):
            return why
    return None


def _plans(heard: Heard, view: VaultView) -> list[Plan]:
    if (noted := diary.query(heard, view)) is not None:
        return [_records(noted)]
    if (looked_for := searching.query(heard)) is not None and "search" in skills():
        return [Plan(skills()["search"], _query("search", **looked_for._asdict()))]
    asked = records.query(heard, view)
    if heard.spots and not (asked is not None and _records_first(heard, asked)):
        return measures.plans(heard, view)
    thing = _names_kind(heard) or heard.has("records_ask", "since", "who")
    other = [] if asked is not None and thing else named.results(heard, view)
    if other:
        return [_of_code(heard, code) for code in other]
    if asked is not None and _records_first(heard, asked):
        return [_records(asked)]
    whole = heard.has("labs_ask", "results") and not heard.kinds
    if whole and not heard.has("labs_ask", "out_of_range") and (missing := named.missing_result(heard)):
        return [_no_result(missing)]
    if heard.has("labs_ask", "out_of_range") and not heard.kinds and (missing := named.possessed(heard)):
        return [_no_result(missing)]
    if heard.has("labs_ask", "out_of_range") or whole:
        return [measures.labs(heard, None)]
    return [_records(asked)] if asked is not None else []


def _query(skill: str, **args: Any) -> Any:
    make: Any = skills()[skill].query
    return make(**args)


def _names_kind(heard: Heard) -> bool:
    """A kind of record is named that is no result ("vaccine", "visit"); an allergy is tested for too."""
    return bool({kind for kind, _, _ in heard.kinds} - {"allergies"})


def _of_code(heard: Heard, code: str) -> Plan:
    skill = skills()["labs"]
    make: Any = skill.query
    return Plan(skill, make(code=code, ask=measures.labs_ask(heard, None), period=heard.period))


def _no_result(words: str) -> Plan:
    missing = Unknown(
        T("Your records hold no result called “{words}”.", words=words),
        T("To know it, import a laboratory report that has it."),
    )
    return unknown("no_result", missing)


def _records(asked: Asked) -> Plan:
    skill = skills()["records"]
    make: Any = skill.query
    return Plan(skill, make(**asked._asdict()))


def _records_first(heard: Heard, asked: Any) -> bool:
    """Records win when the question names their kind, unless it plainly asks for a figure."""
    kinds = {kind for kind, _, _ in heard.kinds}
    if not heard.spots:
        return bool(kinds) and not (heard.has("labs_ask", "out_of_range") and kinds <= {"documents"})
    if kinds & {"allergies", "immunizations", "coverage", "goals", "care_team"}:
        return True
    if heard.has("records_ask", "since") and asked.kind in ("problems", "medications"):
        return True
    if "medications" in kinds:
        return not _asks_figure(heard)
    if kinds & {"problems", "procedures", "documents"}:
        return not _asks_figure(heard)
    return False


def _asks_figure(heard: Heard) -> bool:
    return heard.has("labs_ask", "latest", "average", "highest", "lowest", "trend", "change", "total")
