"""A field and a list above the claims of a page, which leave only those that a reader asks for.

They stand in the page from the beginning, so that nothing moves, and are shown where there are scripts.
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from proverka.render.evidence import STATUS_WORDS

OPTIONS = "".join(f"<option>{word}</option>" for word in STATUS_WORDS.values())
LIST = '<ul class="evidence'
FORM = f"""\
<form class="claim-filter" role="search" aria-label="Claims of this page">
<label>Words <input type="search" autocomplete="off" /></label>
<label>Status <select><option value="">any</option>{OPTIONS}</select></label>
<p role="status"></p>
</form>
"""


def _add(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    del pagename, templatename, doctree
    if app.builder.name == "html" and context.get("body", "").count(LIST) == 1:
        context["body"] = context["body"].replace(LIST, f"{FORM}{LIST}")


def setup(app: Sphinx) -> dict[str, bool]:
    """Put the form above a list of claims that is alone on its page."""
    app.connect("html-page-context", _add)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
