"""Fill the labs with what they carry, so that each works alone in an empty folder.

A lab is a notebook written by hand, quizzes/labs/<name>.ipynb. Two kinds of its cells are written
here and nowhere else, told by their ids:

``table-<table>``  the rows of book/data/<table>.csv as a text
``setup``          the look of the charts, and the quiz of quizzes/labs/bank/<name>.yml

Outcomes stand in the lab itself; see src/proverka/labs.py.

Run it after a change to a table or a question; with --check it writes nothing and tells what is stale.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from proverka.bank.load import Bank
from proverka.chapters import Chapter
from proverka.ledger.load import Ledger
from proverka.problems import Problems, render_problems
from proverka.project import check_project, load_project
from proverka.render.notebook import quiz_json

ROOT = Path(__file__).resolve().parent.parent
LABS = ROOT / "quizzes" / "labs"
TABLES = ROOT / "book" / "data"

_TABLE = """\
# The rows of book/data/{file}. Written by tools/labs_data.py: change the table, not this cell.
{name} = r'''{rows}'''  # fmt: skip
"""

_SETUP = """\
# The look of tables and charts, and the questions. Written by tools/labs_data.py.
import logging

import matplotlib as mpl
import pandas as pd
from IPython.display import HTML
from matplotlib_inline.backend_inline import set_matplotlib_formats

from proverka.jupyter import Quiz

# The first chart on a new machine takes a while; a message about it in red would only worry people.
logging.getLogger("matplotlib").setLevel(logging.ERROR)
# The same chart gives the same bytes, whenever and wherever it is drawn.
set_matplotlib_formats("svg", metadata={"Date": None})
mpl.rcParams["svg.hashsalt"] = "lab"
# Paper of its own, so that a chart can be read on a dark page too; the colours of Okabe and Ito.
mpl.rcParams.update(
    {
        "axes.axisbelow": True,
        "axes.edgecolor": "#57503f",
        "axes.facecolor": "#fdfcf8",
        "axes.grid": True,
        "axes.prop_cycle": mpl.cycler(color=["#0072B2", "#D55E00", "#009E73", "#CC79A7"]),
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.titlelocation": "left",
        "axes.titlesize": 12,
        "axes.titleweight": "bold",
        "axes.ymargin": 0.1,
        "figure.constrained_layout.use": True,
        "figure.facecolor": "#fdfcf8",
        "font.size": 11,
        "grid.color": "#e4dcc9",
        "legend.frameon": False,
    }
)

# Whole texts in tables, and an empty corner that is no heading.
pd.options.display.max_colwidth = None
get_ipython().display_formatter.formatters["text/html"].for_type(
    pd.DataFrame, lambda table: table.to_html(border=0, max_rows=60).replace("<th></th>", "<td></td>")
)

quiz = Quiz.from_json(r'''
{data}
''')  # fmt: skip

# For pages of the book: lines too long for a phone are broken, colours are those of the page.
HTML('''<style>
{style}</style>''')  # fmt: skip
"""

_STYLE = """\
.tag_look { display: none; }
.cell pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.cell .highlight { background: none; }
.cell .highlight :is(.c1, .nn) { color: inherit; }
div.cell > div.cell_input, div.cell > details.hide {
  background: var(--color-background-primary);
  border-color: var(--color-background-border);
  border-inline-start-color: var(--color-brand-primary);
}
div.cell > details.hide {
  border: 1px solid var(--color-background-border);
  border-inline-start: medium solid var(--color-brand-primary);
  box-shadow: none;
}
div.cell > details.hide .admonition-title { background: none; padding-inline-start: 0.75rem; }
div.cell > details.hide .admonition-title::before { display: none; }
div.cell > details.hide pre { max-block-size: 20rem; overflow-y: auto; }
.cell_output { padding-inline-start: 0; }
.cell table.dataframe { border-collapse: collapse; font-size: 0.9em; }
.cell table.dataframe :is(td, th) {
  padding: 0.15rem 0.6rem 0.15rem 0;
  border-block-end: 1px solid var(--color-background-border);
  text-align: start;
}
"""


@dataclass
class Labs:
    """The notebooks as data, what they state, the questions for them, and their problems."""

    notebooks: dict[str, dict[str, Any]]
    chapters: dict[str, Chapter]
    bank: Bank
    ledger: Ledger
    problems: Problems

    def filled(self, name: str) -> str:
        """The text of a notebook’s file, with its cells as they should be."""
        notebook: dict[str, Any] = json.loads(json.dumps(self.notebooks[name]))
        for cell in notebook["cells"]:
            if cell["id"] == "setup":
                cell["source"] = self._setup(name).splitlines(keepends=True)
            elif cell["id"].startswith("table-"):
                cell["source"] = _table(cell["id"].removeprefix("table-")).splitlines(keepends=True)
        return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"

    def _setup(self, name: str) -> str:
        chapter = self.chapters[name]
        data = quiz_json(
            f"lab-{name}",
            chapter.title,
            self.bank.of_chapter(name),
            chapter.outcomes,
            self.ledger.claims,
            self.ledger.sources,
        )
        return _SETUP.replace("{style}", _STYLE).replace("{data}", data).rstrip("\n")


def _table(table: str) -> str:
    rows = (TABLES / f"{table}.csv").read_text(encoding="utf-8")
    if "'''" in rows or "\\" in rows:
        raise ValueError(f"{table}.csv cannot stand in a raw text between three apostrophes")
    return _TABLE.format(file=f"{table}.csv", name=table.replace("-", "_").upper(), rows=rows).rstrip("\n")


def load_labs() -> Labs:
    """Everything about the labs, and what ``proverka check`` says of them."""
    project = load_project(ROOT)
    problems = Problems(
        each for each in check_project(project).errors if each.place.file.startswith(f"{project.config.labs}/")
    )
    labs = project.labs
    notebooks = {name: json.loads((LABS / f"{name}.ipynb").read_text(encoding="utf-8")) for name in labs.chapters}
    return Labs(notebooks, labs.chapters, labs.bank, project.ledger, problems)


def main(*, check: bool) -> int:
    """Write the labs, or tell which are stale; 1 if there are problems."""
    labs = load_labs()
    if labs.problems:
        sys.stdout.write(f"{render_problems(labs.problems)}\n")
        return 1
    stale = 0
    for name in labs.notebooks:
        path = LABS / f"{name}.ipynb"
        text = labs.filled(name)
        if path.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        if not check:
            path.write_text(text, encoding="utf-8")
        shown = path.relative_to(ROOT)
        told = f"{shown} is stale; run: python tools/labs_data.py" if check else f"wrote {shown}"
        sys.stdout.write(f"{told}\n")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
