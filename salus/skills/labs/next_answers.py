"""Answers to "what comes next?": of one test, a panel or every latest result that is out of range."""

from __future__ import annotations

from salus.knowledge.labs import LabTest, panels, tests
from salus.records.finding import Finding, Result, Unknown
from salus.records.text import Named, T, Text
from salus.records.times import Period
from salus.skills.labs import answers, findings
from salus.skills.labs.coming_next import step_text
from salus.skills.labs.judging import critical_text, lang_name, verdict_text
from salus.skills.labs.readings import newest
from salus.skills.labs.whom import whom
from salus.vault.view import VaultView


def following(view: VaultView, test: str | None, panel: str | None, period: Period | None) -> Result:
    """What usually comes next after the latest result or results."""
    if test is not None:
        return _one(view, tests()[test], period)
    only = frozenset(panels()[panel].tests) if panel else None
    out = answers.out_of_range(view, period, only)
    if all(f.kind == "count" for f in out.findings):
        more = (T("So nothing usually has to follow."),) if out.findings and not out.unknown else ()
        return Result(out.findings, out.unknown, (*out.answer, *more))
    said: list[Text] = []
    for finding in out.findings:
        said += [finding.statement, _step(finding) or T("Salus does not know what usually comes next here.")]
    return Result(out.findings, out.unknown, (*said, _not_an_order()))


def _step(finding: Finding) -> Text | None:
    step = finding.data.get("next")
    return T("{words}", words=Named(step["en"], step["fr"])) if step else None


def _one(view: VaultView, test: LabTest, period: Period | None) -> Result:
    reading = newest(view, test, period)
    if reading is None:
        return answers.none(view, test, period)
    finding, judged = findings.of(reading, test, whom(view))
    step = step_text(test, judged)
    said: list[Text] = [finding.statement, verdict_text(judged)]
    if (alarm := critical_text(judged)) is not None:
        said.append(alarm)
    if step is not None:
        return Result((finding,), (), (*said, step, _not_an_order()))
    if judged.where == "normal":
        return Result((finding,), (), (*said, T("So nothing usually has to follow.")))
    unknown = T("Salus does not know what usually comes next after {test}.", test=lang_name(test))
    return Result((finding,), (Unknown(unknown, T("Ask the doctor who ordered it.")),), (*said, *finding.caveats))


def _not_an_order() -> Text:
    return T("That is what clinicians usually do; your own doctor decides with you.")
