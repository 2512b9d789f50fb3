"""What is handed out: a notebook for each student, all of them in a zip, and apart from them the manifest."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from proverka.classroom.release import Release, Sheet
from proverka.files import write_whole
from proverka.render.assignment import render_assignment

MANIFEST = Path("keep/manifest.json")

_UNSAFE = re.compile(r"[^\w.@+-]+")
#: Zip archives keep times; a fixed one makes two releases of one seed the same.
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def write_hand_out(
    release: Release, out: Path, show: Callable[[Sheet], Mapping[str, str]], *, done: Callable[[], None]
) -> int:
    """Write ``hand-out/``, ``hand-out.zip`` and ``keep/manifest.json``; how many notebooks there are.

    The manifest comes first: what was handed out can always be read again.

    :param show: The pictures and drawings of a sheet, by path as written.
    :param done: Told after each notebook.
    :raises OSError: something cannot be written.
    """
    manifest = out / MANIFEST
    manifest.parent.mkdir(parents=True, exist_ok=True)
    manifest.parent.chmod(0o700)
    write_whole(manifest, release.to_text())
    folder = out / "hand-out"
    folder.mkdir(exist_ok=True)
    beside = out / ".hand-out.zip.tmp"
    count = 0
    try:
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in _notebooks(release, show):
                write_whole(folder / name, text)
                info = zipfile.ZipInfo(name, _LONG_AGO)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, text)
                count += 1
                done()
        beside.replace(out / "hand-out.zip")
    finally:
        beside.unlink(missing_ok=True)
    return count


def _notebooks(release: Release, show: Callable[[Sheet], Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    """File names, each once, and notebooks."""
    taken: set[str] = set()
    for student in release.students:
        sheet = release.sheet(student.id)
        name = file_name(release.assignment, student.id)
        while name.casefold() in taken:
            name = f"{name.removesuffix('.ipynb')}_.ipynb"
        taken.add(name.casefold())
        text = render_assignment(
            sheet,
            assignment=release.assignment,
            title=release.title,
            instructions=release.instructions,
            due=release.due,
            files=show(sheet),
        )
        yield name, text


def file_name(assignment: str, student: str) -> str:
    """“first-week-s1234.ipynb”, whatever the student’s id is made of."""
    return f"{assignment}-{_UNSAFE.sub('_', student).strip('.')[:80] or 'student'}.ipynb"
