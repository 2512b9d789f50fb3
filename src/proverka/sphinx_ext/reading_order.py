"""Pages in the order in which a reader meets them."""

from __future__ import annotations

from sphinx.environment import BuildEnvironment


def in_order(env: BuildEnvironment) -> list[str]:
    """All pages, in the order of the table of contents; those outside it last."""
    found: dict[str, None] = {}

    def visit(docname: str) -> None:
        if docname not in found and docname in env.all_docs:
            found[docname] = None
            for each in env.toctree_includes.get(docname, []):
                visit(each)

    visit(str(env.config.root_doc))
    return [*found, *sorted(env.all_docs.keys() - found.keys())]
