"""Roles that mark the language of a text: ``{ru}`Сталкер` `` is read aloud and hyphenated as Russian."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

#: Role → language tag (BCP 47).
LANGUAGES = {
    "de": "de",
    "et": "et",
    "fr": "fr",
    "it": "it",
    "ru": "ru",
    "ru-latn": "ru-Latn",
    "tg": "tg",
    "uk": "uk",
}


class LanguageRole(SphinxRole):
    """Text in another language."""

    def __init__(self, tag: str) -> None:
        self.tag = tag

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Docutils turns the class into a ``lang`` attribute."""
        return [nodes.inline(self.rawtext, self.text, classes=[f"language-{self.tag}"])], []


def setup_languages(app: Sphinx) -> None:
    """Register the roles."""
    for name, tag in LANGUAGES.items():
        app.add_role(name, LanguageRole(tag))
