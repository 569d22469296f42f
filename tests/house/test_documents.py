"""Documents cannot lie: what there is stands in docs/, and what docs/ says is there."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import salus
from salus import evals
from salus.hooks import register_faces, register_references, register_skills, register_sources
from tests.house.conftest import ROOT
from tools import cli_docs

Pages = dict[str, str]

FENCE = re.compile(r"^```(?:sh|shell|bash|console)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)\s]*)?\)")
PATH = re.compile(r"`((?:salus|tests|tools|docs|runs|requirements)/[\w./-]+|\.ci/run)`")


def in_docs(pages: Pages, name: str) -> bool:
    return any(f"`{name}`" in text for page, text in pages.items() if page.startswith("docs/"))


def test_the_rendered_command_line_is_the_program_s_own() -> None:
    assert cli_docs.PAGE.read_text("utf-8") == cli_docs.render(), "docs/cli.md is behind: run make docs"


def test_every_command_and_option_is_documented(pages: Pages) -> None:
    page = pages["docs/cli.md"]
    missing = []
    for context, command in cli_docs.commands(cli_docs.root()):
        if f" {context.command_path}\n" not in page:
            missing.append(context.command_path)
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                missing += [f"{context.command_path} {o}" for o in parameter.opts if o[:2] == "--" and o not in page]
                assert parameter.hidden or parameter.help, f"{context.command_path} {parameter.name} has no help"
    assert missing == []


def test_every_source_has_its_page(pages: Pages) -> None:
    for source in register_sources():
        text = pages.get(f"docs/sources/{source.name}.md", "")
        for heading in ("## What is read", "## What is not"):
            assert heading in text, f"docs/sources/{source.name}.md: {heading}"


@pytest.mark.parametrize("hook", [register_skills, register_references, register_faces], ids=lambda hook: hook.__name__)
def test_what_the_hooks_find_is_documented(pages: Pages, hook: object) -> None:
    found = hook()  # type: ignore[operator]
    assert [item.name for item in found if not in_docs(pages, item.name)] == []


def test_there_is_something_to_document() -> None:
    assert {s.name for s in register_sources()} >= {"fhir", "apple_health"}
    assert {s.name for s in register_skills()} >= {"labs", "trends", "records"}
    assert {r.name for r in register_references()} >= {"labs", "red_flags"}


def test_every_eval_is_documented(pages: Pages) -> None:
    assert evals.names() and [name for name in evals.names() if f"`{name}`" not in pages["docs/evals.md"]] == []


def settings(source: str) -> Iterator[str]:
    """Names of environment variables that a module reads."""
    tree = ast.parse(source)
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }

    def name(node: ast.expr) -> Iterator[str]:
        value = node.value if isinstance(node, ast.Constant) else constants.get(getattr(node, "id", ""))
        if isinstance(value, str):
            yield value

    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if node.args and called.endswith(("environ.get", "environ.pop", "environ.setdefault", "getenv")):
                yield from name(node.args[0])
            for keyword in node.keywords:
                if keyword.arg == "envvar":
                    yield from name(keyword.value)
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("environ"):
            yield from name(node.slice)


def test_the_reader_of_settings_sees_each_way_of_reading_one() -> None:
    source = 'X = "A"\nos.environ.get(X)\nos.environ["B"]\nos.getenv("C", "")\nf(envvar="D")\n{**os.environ}\n'
    assert sorted(settings(source)) == ["A", "B", "C", "D"]


def test_every_setting_is_documented(pages: Pages) -> None:
    def read(folder: str) -> set[str]:
        return {n for path in (ROOT / folder).rglob("*.py") for n in settings(path.read_text("utf-8"))}

    names = read("salus") | {n for n in read("tests") | read("tools") if n.startswith("SALUS_")}
    assert names >= {"SALUS_HOME", "SALUS_PLUGINS", "SALUS_PASSPHRASE_FILE", "SALUS_CHROMIUM"}
    assert sorted(n for n in names if f"`{n}`" not in pages["docs/settings.md"]) == []


def examples(pages: Pages) -> Iterator[tuple[str, str]]:
    """(page, line) of every shell example that runs `salus`."""
    for page, text in pages.items():
        for block in FENCE.findall(text):
            for line in block.replace("\\\n", " ").splitlines():
                line = line.strip().removeprefix("$ ")
                if line.startswith("salus "):
                    yield page, line


def parse(line: str) -> None:
    """Raises click.UsageError for a command or an option there is not."""
    words = shlex.split(re.split(r"\s[|>]", line)[0], comments=True)[1:]
    command: click.Command = cli_docs.root()
    context = click.Context(command, info_name="salus")
    while True:
        given, words, _ = command.make_parser(context).parse_args(args=list(words))
        if not isinstance(command, click.Group) or not words:
            if words:
                raise click.UsageError(f"{line}: too many arguments")
            for parameter in command.params:
                value = given.get(parameter.name or "")
                if isinstance(parameter, click.Argument) and parameter.required and not isinstance(value, str | tuple):
                    raise click.UsageError(f"{line}: {parameter.name} is missing")
            return
        found = command.get_command(context, words[0])
        if found is None:
            raise click.UsageError(f"{line}: there is no command {words[0]}")
        command, context, words = found, click.Context(found, info_name=words[0], parent=context), words[1:]


def test_shell_examples_are_commands_there_are(pages: Pages) -> None:
    found = list(examples(pages))
    assert len(found) >= 8
    for page, line in found:
        try:
            parse(line)
        except click.UsageError as error:
            pytest.fail(f"{page}: {line}: {error.format_message()}")


@pytest.mark.parametrize("line", ["salus fly", "salus ask --loud x", "salus ask", "salus imports undone 3"])
def test_an_example_that_is_none_is_found(line: str) -> None:
    with pytest.raises(click.UsageError):
        parse(line)


def test_links_and_paths_lead_somewhere(pages: Pages) -> None:
    broken = []
    for page, text in pages.items():
        folder = (ROOT / page).parent
        broken += [
            f"{page}: {link}" for link in LINK.findall(text)
            if not re.match(r"[a-z]+:", link) and not (folder / link).exists()
        ]  # fmt: skip
        if page != "CHANGELOG.md":
            broken += [
                f"{page}: {path}" for path in PATH.findall(text) if "NAME" not in path and not (ROOT / path).exists()
            ]  # fmt: skip
    assert broken == []


def test_the_changelog_has_this_version(pages: Pages) -> None:
    assert re.search(rf"^## \[{re.escape(salus.__version__)}\]", pages["CHANGELOG.md"], re.MULTILINE)


def test_decisions_say_what_was_decided_and_what_would_change_it(pages: Pages) -> None:
    found = {page: text for page, text in pages.items() if re.match(r"docs/decisions/\d{4}-", page)}
    assert len(found) >= 6
    for page, text in found.items():
        for heading in ("## Context", "## Decision", "## Consequences", "## What would change our mind"):
            assert heading in text, f"{page}: {heading}"
        assert len(text.splitlines()) <= 80, f"{page} is longer than a page"
        assert Path(page).name in pages["docs/decisions/README.md"]
