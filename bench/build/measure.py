"""How long the book takes to build: with our extension, without it, and as stock Jupyter Book 1. ``make bench-build``.

Three copies of the same sources are built by the same command, one after the other, several rounds, without running
notebooks. “ours” has the extension ``proverka.sphinx_ext``, “off” has not, and both have the book’s theme and
nothing else of the book’s own; “stock” is Jupyter Book as it comes. In the last two, what our roles and directives
write of claims, sources and questions stands in the sources as Markdown, with its links, as if somebody had typed it:
all three make about the same pages.

Shown are medians of seconds and of processor seconds, which other work on the machine does not change as much.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from proverka.model import Claim, Source
from proverka.project import Project, load_project
from proverka.render.evidence import STATUS_WORDS
from proverka.render.plain import question_lines

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("book", "quizzes", "_toc.yml", "_config.yml", "pyproject.toml")
CLAIMS = r"\{claim\}`([^`]*)`"
#: The paragraph that a rebuild has changed.
CHAPTER, OLD = "book/mosfilm.md", "A decree changes owners"


@dataclass
class Times:
    """Seconds on the clock and of the processor, a pair a run."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


class Plain:
    """Sources without our roles and directives; see the module."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.up = ""

    def page(self, text: str, up: str) -> str:
        """A page with what our extension would write, as Markdown.

        :param up: The way from the page to the folder of the chapters.
        """
        self.up = up
        cited = dict.fromkeys(name for group in re.findall(CLAIMS, text) for name in re.split(r",\s*", group))
        numbers = {name: number for number, name in enumerate(cited, 1)}
        text = re.sub(
            CLAIMS,
            lambda found: ",".join(f"[{numbers[name]}](#notes-here)" for name in re.split(r",\s*", found[1])),
            text,
        )
        text = re.sub(r"```\{(\w+)\} ?(\S*)\n(.*?)```", self._directive, text, flags=re.DOTALL)
        text = re.sub(r"\{source\}`([^`]*)`", lambda found: self._works(found[1]), text)
        text = re.sub(r"\{(?:ru|et|de|fr|it|tg|uk|ru-latn|edition)\}`([^`]*)`", r"*\1*", text)
        notes = "".join(self._note(name, f"{number}.") for name, number in numbers.items())
        return f"{text}\n\n(notes-here)=\n**Notes**\n\n{notes}" if notes else text

    def _directive(self, found: re.Match[str]) -> str:
        ledger, bank = self.project.ledger, self.project.bank.questions
        lines = [line for line in found[3].splitlines() if line.strip()]
        match found[1]:
            case "quiz":
                asked = [line.strip() for line in lines if not line.startswith(":")]
                outcome = next((line.split()[1] for line in lines if line.startswith(":outcome:")), "")
                asked += [name for name, question in bank.items() if outcome and question.outcome == outcome]
                return "".join(self._question(name) for name in asked)
            case "outcomes":
                return "".join(f"- {line.split(': ', 1)[1]}\n" for line in lines)
            case "verdicts":
                section = next((line.split(": ", 1)[1] for line in lines), None)
                shown = [each for each in ledger.statements.values() if section in (None, each.section)]
                return "".join(f"- **{each.verdict}** {each.says}\n  {each.correction}\n" for each in shown)
            case "sources":
                return "".join(f"- {self._entry(source)}\n" for source in ledger.sources.values())
            case "evidence":
                return "".join(self._claim(name) for name in ledger.chapters[found[2]])
            case "progress" | "downloads" | "index":
                return ""
        return found[0]

    def _works(self, keys: str) -> str:
        sources = self.project.ledger.sources
        return "; ".join(
            f"[{sources[key].fields['title']}]({self.up}bibliography.md)" for key in re.split(r",\s*", keys)
        )

    def _entry(self, source: Source) -> str:
        fields = source.fields
        parts = [fields.get(name, "") for name in ("author", "title", "journaltitle", "year", "url", "annotation")]
        return ". ".join(part for part in parts if part)

    def _cited(self, claim: Claim) -> list[str]:
        sources = self.project.ledger.sources
        return [
            f"[{sources[each.key].short}]({self.up}bibliography.md) ({each.at or each.quote})"
            for each in claim.citations
            if each.key in sources
        ]

    def _note(self, name: str, mark: str) -> str:
        claim = self.project.ledger.claims[name]
        stem = next(stem for stem, names in self.project.ledger.chapters.items() if name in names)
        indent = " " * (len(mark) + 1)
        says = f"{mark} [{claim.says}]({self.up}evidence/{stem}.md) *{STATUS_WORDS[claim.status]}*"
        return f"{says}\n\n{indent}{'; '.join(self._cited(claim))}\n\n{indent}{claim.note}\n\n"

    def _claim(self, name: str) -> str:
        claim = self.project.ledger.claims[name]
        cited = "".join(f"  - {each}\n" for each in self._cited(claim))
        return f"- {claim.says} *{STATUS_WORDS[claim.status]}*\n\n{cited}\n  {claim.note}\n\n"

    def _question(self, name: str) -> str:
        question = self.project.bank.questions[name]
        options = "".join(f"  - {line}\n" for line in question_lines(question))
        cited = "".join(f"  - {self.project.ledger.claims[each].says}\n" for each in question.claims)
        return f"- {question.stem}\n\n{options}\n  {question.explain}\n\n{cited}\n"


def prepare(folder: Path, kind: str, project: Project) -> None:
    """Copy the sources, and change them and the configuration for a kind."""
    for part in PARTS:
        source = ROOT / part
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / part)
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    config["execute"] = {"execute_notebooks": "off"}
    sphinx = config["sphinx"]
    sphinx["extra_extensions"] = ["sphinx_design", *(["proverka.sphinx_ext"] if kind == "ours" else [])]
    local = {"downloads": "book/_extensions", "edition": "book/_extensions"} if kind == "ours" else {}
    sphinx["local_extensions"] = local
    options = {"numfig": True, "project": sphinx["config"]["project"], "suppress_warnings": ["*"]}
    sphinx["config"] = options | ({} if kind == "stock" else {"html_theme": "furo"})
    (folder / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    if kind != "ours":
        plain = Plain(project)
        for path in (folder / "book").rglob("*.md"):
            up = "../" * (len(path.relative_to(folder / "book").parts) - 1)
            path.write_text(plain.page(path.read_text(encoding="utf-8"), up), encoding="utf-8")


def timed(folder: Path, times: Times) -> None:
    """Build once."""
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", str(folder), "--quiet"]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "NO_COLOR": "1"})
    wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode or not (folder / "_build/html/book/mosfilm.html").is_file():
        sys.exit(f"{done.stdout[-3000:]}{done.stderr[-3000:]}\nthe build of {folder.name} failed")
    times.wall.append(wall)
    times.cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def edit(folder: Path, number: int) -> None:
    """Change a paragraph."""
    path = folder / CHAPTER
    text = path.read_text(encoding="utf-8")
    assert OLD in text
    path.write_text(text.replace(OLD, f"{OLD} ({number})"), encoding="utf-8")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    project = load_project(ROOT)
    kinds = ("ours", "off", "stock")
    clean, rebuilt = {kind: Times() for kind in kinds}, {kind: Times() for kind in kinds}
    with tempfile.TemporaryDirectory() as name:
        folders = {kind: Path(name) / kind for kind in kinds}
        for kind, folder in folders.items():
            folder.mkdir()
            prepare(folder, kind, project)
        for number in range(rounds):
            for kind, folder in folders.items():
                shutil.rmtree(folder / "_build", ignore_errors=True)
                timed(folder, clean[kind])
                edit(folder, number)
                timed(folder, rebuilt[kind])
            sys.stderr.write(f"round {number + 1} of {rounds}\n")
    report(clean, rebuilt)


def report(clean: dict[str, Times], rebuilt: dict[str, Times]) -> None:
    """Print medians, what the extension adds, and all figures as JSON."""

    def median(values: list[float]) -> float:
        return statistics.median(values)

    for kind in clean:
        sys.stdout.write(
            f"{kind:6} clean {median(clean[kind].wall):6.1f} s (CPU {median(clean[kind].cpu):5.1f})"
            f"   one paragraph {median(rebuilt[kind].wall):5.1f} s (CPU {median(rebuilt[kind].cpu):5.1f})\n"
        )
    added = median(clean["ours"].cpu) / median(clean["off"].cpu) - 1
    again = median(rebuilt["ours"].cpu) - median(rebuilt["off"].cpu)
    sys.stdout.write(f"the extension adds {added:+.0%} to a clean build and {again:+.2f} s to a rebuild (CPU)\n")
    figures = {kind: {"clean": vars(clean[kind]), "rebuild": vars(rebuilt[kind])} for kind in clean}
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
