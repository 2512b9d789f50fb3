"""Makes the PDF: LaTeX by Sphinx, which xelatex sets. With ``--latex`` it stops before xelatex."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

from paper import COVER, paper_configuration
from sphinx_runs import BUILD, build

from proverka.render.drawing import settled_svg

DESIGN = Path(__file__).resolve().parent / "design"
LATEX = BUILD / "latex"
NAME = "checking-the-zone"
PDF = LATEX / f"{NAME}.pdf"
FONT = "Linux Biolinum O"
NEEDS = {"rsvg-convert": "librsvg2-bin"}
NEEDS_OF_TEX = {"xelatex": "texlive-xetex", "latexmk": "latexmk"}


def options() -> dict[str, Any]:
    """The options of the LaTeX builder."""
    config = paper_configuration(BUILD / "latex-toc.yml")
    from edition import facts

    config.update(
        release=facts()["version"],
        today=facts()["date"],
        latex_engine="xelatex",
        latex_use_xindy=False,
        latex_documents=[("book/index", f"{NAME}.tex", config["project"], config["author"], "manual")],
        latex_toplevel_sectioning="chapter",
        latex_show_urls="no",
        latex_elements={
            "papersize": "b5paper",
            "pointsize": "10pt",
            "extraclassoptions": "openany,oneside",
            "fontpkg": "",
            "fncychap": "",
            "sphinxsetup": (DESIGN / "print-setup.txt").read_text(encoding="utf-8").replace("\n", ""),
            "preamble": (DESIGN / "print.tex").read_text(encoding="utf-8"),
            "maketitle": title_page(facts()),
            "tableofcontents": rf"\sphinxtableofcontents\markboth{{{config['project']}}}{{}}",
            "figure_align": "htbp",
            "printindex": r"\printindex",
        },
        # A drawing in a notebook is SVG, which this builder does not ask for by itself.
        nb_mime_priority_overrides=[("latex", "image/svg+xml", 5)],
        proverka_drawing_font=FONT,
    )
    return config


def title_page(facts: dict[str, str]) -> str:
    """The first two pages."""
    page = (DESIGN / "title-page.tex").read_text(encoding="utf-8")
    return re.sub(r"@(\w+)@", lambda found: facts[found[1]], page)


def check_programs(needs: dict[str, str]) -> None:
    """End the program, with the names of packages, unless all programs are there."""
    missing = [f"{package} (for {command})" for command, package in needs.items() if not shutil.which(command)]
    if missing:
        sys.exit(f"this needs Debian’s {', '.join(missing)}; docs/publishing.md lists all packages")


def draw_cover(path: Path) -> None:
    """The opening image, as a PDF or as a picture for a cover."""
    svg = settled_svg(COVER.read_text(encoding="utf-8"), FONT)
    subprocess.run(["rsvg-convert", "--format", "pdf", "--output", path], input=svg.encode(), check=True)


def sorted_by_plain_letters(tex: str) -> str:
    """The same with entries of the index sorted without accents: makeindex takes Ž for two signs."""

    def plain(found: re.Match[str]) -> str:
        letters = unicodedata.normalize("NFD", found[1])
        return rf"\index{{{''.join(each for each in letters if not unicodedata.combining(each))}@"

    return re.sub(r"\\index\{(.*?)@(?=\\spxentry)", plain, tex)


def typeset() -> None:
    """Run xelatex until all references are settled."""
    environment = {**os.environ, "FORCE_SOURCE_DATE": "1"}  # of the commit, see paper.py
    command = ["latexmk", "-xelatex", "-interaction=nonstopmode", "-halt-on-error", f"{NAME}.tex"]
    done = subprocess.run(command, cwd=LATEX, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        log = (LATEX / f"{NAME}.log").read_text(encoding="utf-8", errors="replace")
        wrong = "\n".join(re.findall(r"^!.*(?:\n.*){6}", log, re.MULTILINE)) or done.stdout[-2000:]
        sys.exit(f"{wrong}\nxelatex stopped; the whole log is {LATEX / NAME}.log")


def main() -> None:
    """Write the LaTeX, and the PDF unless told not to."""
    whole = "--latex" not in sys.argv
    check_programs({**NEEDS, **NEEDS_OF_TEX} if whole else NEEDS)
    shutil.rmtree(LATEX, ignore_errors=True)
    build("latex", LATEX, options())
    tex = LATEX / f"{NAME}.tex"
    tex.write_text(sorted_by_plain_letters(tex.read_text(encoding="utf-8")), encoding="utf-8")
    draw_cover(LATEX / "cover.pdf")
    if whole:
        typeset()
        sys.stdout.write(f"{PDF}: {PDF.stat().st_size / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main()
