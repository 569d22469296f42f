"""English and French words: the catalogue, numbers, units, dates and periods, and sentences put together."""

from __future__ import annotations

import gettext
import re
from datetime import date, datetime
from decimal import Decimal
from string import Formatter
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from salus.assistant.words import figures, words
from salus.records.finding import Lang
from salus.records.text import TN, Named, On, T
from salus.records.times import Period, When
from salus.records.units import Quantity
from tools import strings

HARD, THIN = "\u00a0", "\u202f"
EN, FR = words("en").say, words("fr").say


def catalogue() -> Catalog:
    with strings.CATALOGUE.open("rb") as file:
        return read_po(file, locale="fr")


def entries() -> list[Message]:
    return [entry for entry in catalogue() if entry.id]


def forms(entry: Message) -> list[str]:
    return list(entry.string) if isinstance(entry.string, list | tuple) else [str(entry.string)]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_translation_has_the_fields_of_its_english() -> None:
    assert len(entries()) > 300
    for entry in entries():
        english = entry.id if isinstance(entry.id, list | tuple) else (entry.id,)
        wanted = set().union(*map(fields, english))
        spare = {"n"} if len(english) == 2 else set()  # one of something may be said without its number
        assert [(fields(form) ^ wanted) - spare for form in forms(entry)] == [set()] * len(forms(entry)), entry.id


def test_no_translation_is_empty_or_uncertain_and_plurals_have_two_forms() -> None:
    for entry in entries():
        assert all(form.strip() for form in forms(entry)) and not entry.fuzzy, entry.id
        assert len(forms(entry)) == (2 if isinstance(entry.id, list | tuple) else 1), entry.id


def test_french_is_set_as_french_is() -> None:
    loose = re.compile(r" [;:?!»]|« |\w[!?;](?=\s|$)|[a-zé]»|«[a-zé{]|“|”")
    straight = re.compile(r"\w'\w")
    for entry in entries():
        for form in forms(entry):
            assert not loose.search(form) and not straight.search(form), form


def test_the_compiled_catalogue_says_what_the_text_says() -> None:
    with strings.CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for entry in entries():
        if isinstance(entry.id, list | tuple):
            one, many = entry.id
            said = forms(entry)
            assert [compiled.ngettext(one, many, n) for n in (0, 1, 2, 7)] == [said[0], said[0], said[1], said[1]]
        else:
            assert compiled.gettext(entry.id) == entry.string


@pytest.mark.parametrize(("n", "en", "fr"), [(0, "0 documents", "0 document"), (1, "1 document", "1 document"),
                                             (2, "2 documents", "2 documents"),
                                             (1200, "1,200 documents", f"1{THIN}200 documents")])  # fmt: skip
def test_plurals(n: int, en: str, fr: str) -> None:
    text = TN("{n} document", "{n} documents", n)
    assert (EN(text), FR(text)) == (en, fr)


def test_a_text_the_catalogue_lacks_stays_english_and_an_empty_one_empty() -> None:
    assert FR(T("Nobody ever translated {thing}.", thing=3)) == "Nobody ever translated 3."
    assert (EN(T("")), FR(T(""))) == ("", "")


@pytest.mark.parametrize(("value", "en", "fr"), [
    (0, "0", "0"), (999, "999", "999"), (8204, "8,204", f"8{THIN}204"), (2438547, "2,438,547", f"2{THIN}438{THIN}547"),
    (Decimal("6.40"), "6.40", "6,40"), (Decimal("-0.5"), "−0.5", "−0,5"),
    (Decimal("12345.678"), "12,345.678", f"12{THIN}345,678"),
    (Decimal("1E+3"), "1,000", f"1{THIN}000"), (Decimal("1E-7"), "0.0000001", "0,0000001"),
])  # fmt: skip
def test_numbers(value: int | Decimal, en: str, fr: str) -> None:
    assert (EN(value), FR(value)) == (en, fr)


@given(st.one_of(st.integers(-(10**12), 10**12), st.decimals(-(10**9), 10**9, allow_nan=False, places=4)))
def test_a_number_reads_back_with_all_its_digits(value: int | Decimal) -> None:
    french, english = FR(value), EN(value)
    assert Decimal(french.replace(THIN, "").replace(",", ".").replace("−", "-")) == value
    assert Decimal(english.replace(",", "").replace("−", "-")) == value
    assert " " not in french and all(len(part) == 3 for part in french.partition(",")[0].split(THIN)[1:])


@pytest.mark.parametrize(("quantity", "en", "fr"), [
    (("3.4", "mmol/L"), "3.4 mmol/L", "3,4 mmol/L"), (("6.4", "%"), "6.4%", "6,4 %"),
    (("37.2", "Cel"), "37.2°C", "37,2 °C"), (("8204", "{steps}"), "8,204 steps", f"8{THIN}204 pas"),
    (("2.62", "uIU/mL"), "2.62 µIU/mL", "2,62 µUI/mL"), (("2.34", "m[IU]/L"), "2.34 mIU/L", "2,34 mUI/L"),
    (("2.34", "m[iU]/L"), "2.34 mIU/L", "2,34 mUI/L"), (("30", "[iU]"), "30 IU", "30 UI"),
    (("68", "umol/L"), "68 µmol/L", "68 µmol/L"), (("5", "mcg/L"), "5 µg/L", "5 µg/L"),
    (("1", "us"), "1 µs", "1 µs"), (("4", "cup"), "4 cup", "4 cup"), (("7", "U/L"), "7 U/L", "7 U/L"),
    (("2", "kcal/h/kg"), "2 kcal/h/kg", "2 kcal/h/kg"),
    (("93", "mL/min/{1.73_m2}"), "93 mL/min/1.73 m²", "93 mL/min/1,73 m²"),
    (("1", "{flights}"), "1 flight", "1 étage"), (("1.5", "{flights}"), "1.5 flights", "1,5 étage"),
    (("0", "{flights}"), "0 flights", "0 étage"), (("2", "{flights}"), "2 flights", "2 étages"),
    (("0.5", "%{points}"), "0.5 percentage points", "0,5 point de pourcentage"), (("3.1", "{ratio}"), "3.1", "3,1"),
    (("7", "{#}"), "7", "7"), (("0.4", "kg/mo"), "0.4 kg per month", "0,4 kg par mois"),
    (("3", "%{points}/wk"), "3 percentage points per week", "3 points de pourcentage par semaine"),
    (("45", "min"), "45 min", "45 min"), (("448", "min"), "7 h 28 min", "7 h 28 min"),
    (("425", "min"), "7 h 05 min", "7 h 05 min"),
    (("120", "min"), "2 h", "2 h"),
])  # fmt: skip
def test_quantities(quantity: tuple[str, str], en: str, fr: str) -> None:
    made = Quantity(Decimal(quantity[0]), quantity[1])
    assert [EN(made).replace(HARD, " "), FR(made).replace(HARD, " ")] == [en, fr]


PARIS = ZoneInfo("Europe/Paris")
TIMES = [
    ("2019", "2019", "2019", "in 2019", "en 2019"),
    ("2019-03", "March 2019", "mars 2019", "in March 2019", "en mars 2019"),
    ("2026-03-03", "3 March 2026", "3 mars 2026", "on 3 March 2026", "le 3 mars 2026"),
    ("2026-08-01", "1 August 2026", "1er août 2026", "on 1 August 2026", "le 1er août 2026"),
    ("2026-03-03T08:05:00+01:00", "3 March 2026", "3 mars 2026", "on 3 March 2026", "le 3 mars 2026"),
]


@pytest.mark.parametrize(("text", "en", "fr", "on_en", "on_fr"), TIMES)
def test_a_time_is_said_as_precisely_as_it_was_recorded(text: str, en: str, fr: str, on_en: str, on_fr: str) -> None:
    when = When.parse(text)
    assert when is not None
    said = [say(thing).replace(HARD, " ") for thing in (when, On(when)) for say in (EN, FR)]
    assert said == [en, fr, on_en, on_fr]
    assert str(On(when)) == text[:10]


@pytest.mark.parametrize(("text", "said"), [
    ("2026-03-01", "depuis le 1er mars 2026 / du 1er mars 2026 / au 1er mars 2026 / le 1er mars 2026"),
    ("2019-03", "depuis mars 2019 / de mars 2019 / à mars 2019 / en mars 2019"),
    ("2019-04", "depuis avril 2019 / d’avril 2019 / à avril 2019 / en avril 2019"),
    ("2019", "depuis 2019 / de 2019 / à 2019 / en 2019"),
])  # fmt: skip
def test_french_prepositions_fit_the_precision_of_a_time(text: str, said: str) -> None:
    asked = T("{when:depuis} / {when:du} / {when:au} / {when:le}", when=When.parse(text))
    assert FR(asked).replace(HARD, " ") == said
    assert FR(T("{when:depuis}", when=T("hier"))) == "hier"


def test_the_catalogue_asks_for_known_prepositions_only() -> None:
    specs = {spec for e in entries() for form in forms(e) for _, _, spec, _ in Formatter().parse(form) if spec}
    assert specs and specs <= set(figures.BEFORE)


def test_a_moment_has_its_time_of_day() -> None:
    moment = datetime(2026, 11, 15, 7, 5, tzinfo=PARIS)
    assert [EN(moment), FR(moment)] == [f"15{HARD}November 2026, 07:05", f"15{HARD}novembre 2026 à 7{HARD}h{HARD}05"]
    assert [EN(On(moment))[:3], FR(On(moment))[:3]] == ["on ", "le "]
    day = On(date(2026, 1, 1))
    assert [EN(day), FR(day)] == [f"on 1{HARD}January 2026", f"le 1er{HARD}janvier 2026"]
    assert figures.weekday(date(2026, 11, 21), "fr") == f"samedi 21{HARD}novembre 2026"


@pytest.mark.parametrize(("first", "last", "en", "fr"), [
    ("2026-11-09", "2026-11-15", "from 9 to 15 November 2026", "du 9 au 15 novembre 2026"),
    ("2026-10-01", "2026-11-15", "from 1 October to 15 November 2026", "du 1er octobre au 15 novembre 2026"),
    ("2025-12-30", "2026-01-01", "from 30 December 2025 to 1 January 2026", "du 30 décembre 2025 au 1er janvier 2026"),
    ("2026-03-01", None, "since 1 March 2026", "depuis le 1er mars 2026"),
    (None, "2026-03-02", "until 2 March 2026", "jusqu’au 2 mars 2026"),
    ("2026-03-02", "2026-03-02", "2 March 2026", "2 mars 2026"),
    (None, None, "all time", "toute la période"),
])  # fmt: skip
def test_periods(first: str | None, last: str | None, en: str, fr: str) -> None:
    begins, ends = (date.fromisoformat(day) if day else None for day in (first, last))
    period = Period(begins, ends)
    assert [EN(period).replace(HARD, " "), FR(period).replace(HARD, " ")] == [en, fr]


def test_lists() -> None:
    names = [Named("a", "x"), Named("b", "y"), Named("c", "z")]
    assert EN(names) == "a, b and c"
    assert [FR(names), FR(names[:2]), FR(names[:1]), FR([])] == ["x, y et z", "x et y", "x", ""]


def test_a_sentence_that_opens_with_a_name_gets_its_capital() -> None:
    metric = Named("resting heart rate", "énergie au repos")
    assert FR(T("There is no {metric} data in your records.", metric=metric)).startswith("Énergie au repos")
    assert EN(T("{metric} or not.", metric=metric)) == "Resting heart rate or not."
    assert EN(T("{file}: {what}", file="facts.db", what="broken")) == "facts.db: broken"
    assert EN(T("{name} is here.", name="export.zip")) == "export.zip is here."
    assert EN(T("{value} each week", value=T("a little"))) == "a little each week"


def test_french_of_data_files_is_set_as_french_is() -> None:
    named = Named("", "minutes d'exercice : « dit-on » !")
    assert FR(named) == f"minutes d’exercice{HARD}: «{HARD}dit-on{HARD}»{THIN}!"
    assert EN(Named("it's so : here", "")) == "it's so : here"


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_result_with_a_partial_date(lang: Lang) -> None:
    value, when = Quantity(Decimal("3.4"), "mmol/L"), When.parse("2019")
    assert when is not None
    text = T("{test}: {value} {on_date}.", test=Named("LDL", "LDL"), value=value, on_date=On(when))
    said = {"en": "LDL: 3.4 mmol/L in 2019.", "fr": "LDL : 3,4 mmol/L en 2019."}
    assert words(lang).say(text).replace(HARD, " ") == said[lang]
