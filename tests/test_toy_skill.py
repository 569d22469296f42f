"""A skill added from a temporary folder is found, asked and answers, with nothing else changed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SKILL = '''
from dataclasses import dataclass
from decimal import Decimal
from salus.records.finding import Evidence, Finding, Result
from salus.records.text import T
from salus.skills.contract import skill

@dataclass(frozen=True)
class Moon:
    word: str

@skill("moon", title={"en": "Moon"}, query=Moon, asks=["How is the moon?"],
       hears=lambda question, view, lang: Moon("moon") if "moon" in question else None)
def moon(view, query):
    evidence = Evidence("policy", "sky/moon", "the sky", None, "round")
    return Result((Finding("toy", T("The moon is round."), "round", None, None, None, T("Looked."), (evidence,)),))

def register(add):
    add(moon)
'''
ASK = '''
import sys, pathlib
from salus.vault.home import Home
from salus.assistant.ask import ask
home = Home(pathlib.Path(sys.argv[1]))
listed = home.add("Toy", "a long passphrase", born=None, sex=None)
with home.open(listed, "a long passphrase") as vault:
    answer = ask(vault.view(), "How is the moon?")
    print(answer.skills, answer.text)
'''


def test_a_skill_from_elsewhere_is_asked(tmp_path: Path) -> None:
    (tmp_path / "toy_moon.py").write_text(SKILL)
    info = tmp_path / "toy_moon-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: toy-moon\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[salus.skills]\nmoon = toy_moon:register\n")
    root = Path(__file__).parent.parent
    env = {k: v for k, v in os.environ.items() if k != "SALUS_PLUGINS"}
    env["PYTHONPATH"] = f"{tmp_path}{os.pathsep}{root}"
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(tmp_path / "home")], env=env, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "('moon',) The moon is round.", done.stderr
