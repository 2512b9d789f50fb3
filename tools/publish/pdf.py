"""Makes the PDF: LaTeX by Sphinx, which xelatex sets. With ``--latex`` it stops before xelatex."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from sphinx_runs import BUILD, build, configuration, own_extensions
from paper import write_contents

HERE = Path(__file__).resolve().parent
LATEX = BUILD / "latex"
NAME = "checking-the-zone"
PDF = LATEX / f"{NAME}.pdf"
NEEDS = {
    "xelatex": "texlive-xetex",
    "latexmk": "latexmk",
    "rsvg-convert": "librsvg2-bin",
}


def options() -> dict[str, Any]:
    """Jupyter Book’s options, and those of the LaTeX builder."""
    config = configuration()
    from edition import facts

    contents = BUILD / "latex-toc.yml"
    write_contents(contents)
    config["extensions"] = [each for each in config["extensions"] if each not in own_extensions() - {"edition"}]
    config["extensions"].append("paper")
    config.update(
        external_toc_path=str(contents),
        version=facts()["version"],
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
            "sphinxsetup": (HERE / "print-setup.txt").read_text(encoding="utf-8").replace("\n", ""),
            "preamble": (HERE / "print.tex").read_text(encoding="utf-8"),
            "maketitle": title_page(facts()),
            "figure_align": "htbp",
            "printindex": r"\printindex",
        },
        # A drawing in a notebook is SVG, which this builder does not ask for by itself.
        nb_mime_priority_overrides=[("latex", "image/svg+xml", 5)],
        proverka_drawing_font="Linux Biolinum O",
    )
    return config


def title_page(facts: dict[str, str]) -> str:
    """The first two pages."""
    page = (HERE / "title-page.tex").read_text(encoding="utf-8")
    return re.sub(r"@(\w+)@", lambda found: facts[found[1]], page)


def typeset() -> None:
    """Run xelatex until all references are settled."""
    missing = [f"{package} (for {command})" for command, package in NEEDS.items() if not shutil.which(command)]
    if missing:
        sys.exit(f"the PDF needs Debian’s {', '.join(missing)}; docs/publishing.md lists all packages")
    from edition import commit_time

    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(commit_time() or 0), "FORCE_SOURCE_DATE": "1"}
    command = ["latexmk", "-xelatex", "-interaction=nonstopmode", "-halt-on-error", f"{NAME}.tex"]
    done = subprocess.run(command, cwd=LATEX, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        log = (LATEX / f"{NAME}.log").read_text(encoding="utf-8", errors="replace")
        wrong = "\n".join(re.findall(r"^!.*(?:\n.*){6}", log, re.MULTILINE)) or done.stdout[-2000:]
        sys.exit(f"{wrong}\nxelatex stopped; the whole log is {LATEX / NAME}.log")


def main() -> None:
    """Write the LaTeX, and the PDF unless told not to."""
    build("latex", LATEX, options())
    if "--latex" not in sys.argv:
        typeset()
        sys.stdout.write(f"{PDF}: {PDF.stat().st_size / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main()
