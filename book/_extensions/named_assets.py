"""The files that pages load: joined, trimmed to what pages use, and named by what is in them.

A browser may keep such a file for ever: when it changes, so does its name. ``_headers`` says so to hosts
that read it, together with the content security policy that every page keeps.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from stylesheet import trimmed

#: What each file of the site is made of, from the folder of static files. The sheets of sphinx-design, of notebooks and
#: of code are not among them: the book’s own says what cards, cells and code look like.
JOINED = {
    "book.css": (
        "styles/furo.css",
        "proverka.css",
        "../_proverka/page.css",
        "fonts/fonts.css",
        "book.css",
        "drawings.css",
    ),
    "book.js": ("scheme.js", "fonts.js", "scripts/furo.js", "notes.js", "questions.js", "permanent.js", "filter.js"),
}
#: What need not be asked for beside the stylesheet.
JOINED_LINK = re.compile(r'\s*<link rel="stylesheet" href="[^"]*_proverka/page\.css[^>]*>')
#: Files that are taken as they are.
ALONE = ("proverka.js", "favicon.svg", "fonts/*.woff2")
#: Kept beside the files, though no page loads them: what fonts are and on which terms.
PAPERS = {".txt", ".md"}
#: The folder of JupyterLite.
LITE = "lite"
POLICY = "default-src 'self'"
HEADERS = """\
# For hosts that read this file; others are told the same in their own way.
{pages}
/_static/*
  Cache-Control: public, max-age=31536000, immutable
"""


def _name(path: Path, digest: str) -> str:
    return f"{path.stem}-{digest}{path.suffix}"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:10]


def _text(static: Path, patterns: tuple[str, ...]) -> str:
    files = [file for pattern in patterns for file in sorted(static.glob(pattern))]
    # Without lines that are only a comment.
    return "\n".join(re.sub(r"^ *//.*\n?", "", file.read_text("utf-8"), flags=re.MULTILINE) for file in files)


def _used(pages: list[str], scripts: list[str]) -> set[str]:
    """Every class and id of a page, and every word of a script, which may set it."""
    used = {name for page in set(re.findall(r'\b(?:class|id)="([^"]*)"', "\n".join(pages))) for name in page.split()}
    return used.union(*(re.findall(r"[A-Za-z_][\w-]*", script) for script in scripts))


def name_assets(out: Path, drawings: Path) -> None:
    """Write the files of a built site and let its pages load them; twice is the same as once."""
    static = out / "_static"
    if not (static / "book.css").is_file():
        # Nothing was out of date, so there is nothing new but two sheets that every build writes and no page names.
        for file in (static / "pygments.css", *static.glob("mystnb.*.css")):
            file.unlink(missing_ok=True)
        return
    pages = {
        path: path.read_text(encoding="utf-8")
        for path in sorted(out.rglob("*.html"))
        if not {"_static", LITE} & {*path.relative_to(out).parts}
    }
    styles = [
        re.findall(r"<style>(.*?)</style>", file.read_text("utf-8"), re.DOTALL) for file in drawings.rglob("*.svg")
    ]
    (static / "drawings.css").write_text("\n".join(sorted({rule for each in styles for rule in each})), "utf-8")
    made = {name: _text(static, parts) for name, parts in JOINED.items()}
    names: dict[str, str] = {}
    for pattern in ALONE:
        for file in static.glob(pattern):
            if not re.search(r"-[0-9a-f]{10}$", file.stem):
                place = file.relative_to(static).as_posix()
                names[place] = (file.relative_to(static).parent / _name(file, _digest(file.read_bytes()))).as_posix()
                (static / names[place]).write_bytes(file.read_bytes())
    scripts = [made["book.js"], (static / "proverka.js").read_text(encoding="utf-8")]
    scripts += [file.read_text(encoding="utf-8") for file in out.glob("_proverka/*.js") if "index" not in file.stem]
    made["book.css"] = trimmed(made["book.css"], _used(list(pages.values()), scripts))
    for name, text in made.items():
        data = re.sub(r"url\(([\w./-]+)\)", lambda found: f"url({names.get(found[1], found[1])})", text).encode()
        names[name] = _name(Path(name), _digest(data))
        (static / names[name]).write_bytes(data)
    place = re.compile(r"(?<=_static/)((?:fonts/)?[\w]+(?:-[a-z]+)*)(?:-[0-9a-f]{10})?(\.\w+)(?:\?v=\w+)?(?=[\" ])")
    everything = ""
    for path, text in pages.items():
        new = JOINED_LINK.sub("", place.sub(lambda found: names.get(found[1] + found[2], found[0]), text))
        everything += new
        if new != text:
            path.write_text(new, encoding="utf-8")
    for file in sorted(static.rglob("*"), reverse=True):
        here = file.relative_to(static).as_posix()
        kept = here in names.values() or file.suffix in PAPERS or f"_static/{here}" in everything
        if file.is_file() and not kept:
            file.unlink()
        elif file.is_dir() and not any(file.iterdir()):
            file.rmdir()
    (out / "_headers").write_text(_headers(out), encoding="utf-8")


def _headers(out: Path) -> str:
    """The policy of every page; a folder at a time, since JupyterLite, which cannot keep it, is one of them."""
    tops = ["/", *(f"/{each.name}" for each in out.glob("*.html"))]
    tops += [
        f"/{each.name}/*" for each in out.iterdir() if each.is_dir() and each.name[0] not in "_." and each.name != LITE
    ]
    rule = f"\n  Content-Security-Policy: {POLICY}\n  X-Content-Type-Options: nosniff\n"
    return HEADERS.format(pages="".join(f"{each}{rule}" for each in sorted(tops)))


def _given(app: Sphinx) -> str:
    """A digest of the static files that a build is given."""
    listed = [Path(app.confdir) / each for each in app.config.html_static_path]
    files = [each for path in listed for each in (path, *sorted(path.rglob("*"))) if each.is_file()]
    return _digest("".join(f"{each.name} {_digest(each.read_bytes())}\n" for each in files).encode())


def _stamp(app: Sphinx) -> Path:
    """Keeps the digest of those that the last whole build was given."""
    return Path(app.doctreedir) / "static-files"


def _pages_to_write_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """A page, when a style, script or font has changed: else Sphinx would find nothing to do, and copy none."""
    del env
    stamp = _stamp(app)
    changed = not stamp.is_file() or stamp.read_text("utf-8") != _given(app)
    return [app.config.root_doc] if app.builder.name == "html" and changed else []


def _finish(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and app.builder.name == "html":
        name_assets(Path(app.outdir), Path(app.srcdir) / "book" / "figures")
        _stamp(app).write_text(_given(app), "utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Come after furo has written its colours of code."""
    app.connect("env-updated", _pages_to_write_again)
    app.connect("build-finished", _finish, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
