"""Files are written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from proverka.files import write_whole


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_new_file_is_written_as_utf_8_with_its_line_ends(tmp_path: Path) -> None:
    write_whole(tmp_path / "new.txt", "Ёлка\nтак\r\n")
    assert (tmp_path / "new.txt").read_bytes() == "Ёлка\nтак\r\n".encode()
    assert names(tmp_path) == ["new.txt"]


def test_an_old_file_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "old.txt"
    file.write_text("old and longer")
    write_whole(file, "new")
    assert file.read_text() == "new"
    assert names(tmp_path) == ["old.txt"]


def test_a_text_that_cannot_be_encoded_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "old.txt"
    file.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(file, "new \ud800")
    assert file.read_text() == "old"
    assert names(tmp_path) == ["old.txt"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_at_any_step_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    file = tmp_path / "old.txt"
    file.write_text("old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail) if step == "fsync" else monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space left"):
        write_whole(file, "new")
    monkeypatch.undo()
    assert file.read_text() == "old"
    assert names(tmp_path) == ["old.txt"]


def test_an_interruption_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "new.txt", "new")
    assert names(tmp_path) == []


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "none" / "new.txt", "new")


@pytest.mark.skipif(os.name == "nt", reason="modes and links of POSIX")
def test_the_mode_of_an_old_file_is_kept_and_a_link_is_followed(tmp_path: Path) -> None:
    file = tmp_path / "old.txt"
    file.write_text("old")
    file.chmod(0o640)
    (tmp_path / "link.txt").symlink_to(file)
    write_whole(tmp_path / "link.txt", "new")
    assert (tmp_path / "link.txt").is_symlink()
    assert file.read_text() == "new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_a_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    (tmp_path / "usual.txt").write_text("usual")
    write_whole(tmp_path / "new.txt", "new")
    assert (tmp_path / "new.txt").stat().st_mode == (tmp_path / "usual.txt").stat().st_mode


def test_a_link_that_leads_back_to_itself_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    with pytest.raises(OSError, match="Too many levels of symbolic links"):
        write_whole(tmp_path / "one", "new")
    assert names(tmp_path) == ["one", "two"]
