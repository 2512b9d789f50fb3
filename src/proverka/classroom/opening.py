"""Files and members of zips, read into memory within limits; nothing is unpacked to a disk, and no link followed."""

from __future__ import annotations

import io
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import IO, Self

#: Of one file or member. A notebook with a hundred plots stays far below.
MOST_BYTES = 50_000_000
#: How many times smaller than its contents a member of some size may be. Notebooks come to about 20.
MOST_RATIO = 200
_SOME_SIZE = 1_000_000

_WHY_NOT_OPEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    OverflowError,
)
_DRIVE = re.compile(r"[A-Za-z]:")
#: What a zip says of a member whose time nobody knew.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_UTF8, _ENCRYPTED = 0x800, 0x1
_UNIX_TIMES = 0x5455


class RefusedError(Exception):
    """Something is not read; the text says why."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a zip may come to."""

    #: Of the list of its members, in bytes.
    listing: int
    members: int
    #: Of all its members, unpacked, in bytes.
    total: int


#: What a learning platform packs for a whole class, and what a student packs.
OUTER = Limits(100_000_000, 200_000, 20_000_000_000)
INNER = Limits(1_000_000, 1_000, 500_000_000)


@dataclass(frozen=True, slots=True)
class Where:
    """A file on the disk; if it is a zip, perhaps a member of it, or a member of a zip in it, by number."""

    path: str
    members: tuple[int, ...] = ()

    def member(self, number: int) -> Where:
        """A member of the zip that this is."""
        return Where(self.path, (*self.members, number))


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a zip, as its list says."""

    number: int
    #: With slashes, whatever the zip was made with.
    name: str
    #: When it was changed, in seconds since 1970; ``None`` if nobody knows.
    at: int | None
    #: Why no honest program packs it so; empty if one may have.
    unsafe: str
    #: Why it is not to be read; empty if it may be.
    refused: str


class Reader:
    """Opens files and zips and keeps the zip that was read last open; as a context manager it closes them."""

    def __init__(self) -> None:
        self._zips: dict[Where, tuple[IO[bytes], zipfile.ZipFile]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close every zip."""
        for each in list(self._zips):
            self._close(each)

    def _close(self, where: Where) -> None:
        file, archive = self._zips.pop(where)
        archive.close()
        file.close()

    def read(self, where: Where) -> bytes:
        """The bytes of a file or member.

        :raises RefusedError: it is too large, damaged, or no file.
        """
        if not where.members:
            with open_file(where.path) as file:
                data = file.read(MOST_BYTES + 1)
        else:
            archive = self.archive(Where(where.path, where.members[:-1]))
            info = archive.infolist()[where.members[-1]]
            if refused := _why_unsafe(info, _name(info)) or _why_refused(info):
                raise RefusedError(refused)
            try:
                with archive.open(info) as member:
                    data = member.read(MOST_BYTES + 1)
            except _WHY_NOT_OPEN as error:
                raise RefusedError(f"it is damaged within the zip ({_told(error)})") from error
        if refused := too_large(len(data)):
            raise RefusedError(refused)
        return data

    def members(self, where: Where, limits: Limits) -> Iterator[Member]:
        """The files of a zip.

        :raises RefusedError: it is broken or comes to more than the limits.
        """
        archive = self.archive(where, limits)
        for number, info in enumerate(archive.infolist()):
            name = _name(info)
            if not name.endswith("/"):
                yield Member(number, name, _time(info), _why_unsafe(info, name), _why_refused(info))

    def archive(self, where: Where, limits: Limits | None = None) -> zipfile.ZipFile:
        """A zip, opened and held against limits: by default those of its place.

        :raises RefusedError: it is broken or comes to more than the limits.
        """
        if where in self._zips:
            return self._zips[where][1]
        # One on the disk and one in it are enough for reading in order.
        for other in [each for each in self._zips if each.path != where.path or each.members]:
            self._close(other)
        file: IO[bytes] = io.BytesIO(self.read(where)) if where.members else open_file(where.path, any_size=True)
        try:
            archive = _opened(file, limits or (INNER if where.members else OUTER))
        except BaseException:
            file.close()
            raise
        self._zips[where] = file, archive
        return archive


def open_file(path: str, *, any_size: bool = False) -> IO[bytes]:
    """A file that is one: no link, no device, and none too large.

    :raises RefusedError: it is not, or cannot be opened.
    """
    try:
        # A pipe would wait for somebody to write into it.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise RefusedError(f"it cannot be opened ({error.strerror})") from error
    about = os.fstat(handle)
    if refused := why_not_a_file(about.st_mode) or ("" if any_size else too_large(about.st_size)):
        os.close(handle)
        raise RefusedError(refused)
    return os.fdopen(handle, "rb")


def why_not_a_file(mode: int) -> str:
    """Why something on a disk or in a zip is not read; empty if it is a file."""
    if stat.S_ISLNK(mode):
        return "it is a link, and links are not followed"
    return "" if stat.S_ISREG(mode) else "it is a device, a pipe or the like, and no file"


def too_large(size: int) -> str:
    """Why something of a size is not read; empty if it may be."""
    return f"it has {size:,} bytes; more than {MOST_BYTES:,} are not read" if size > MOST_BYTES else ""


def _opened(file: IO[bytes], limits: Limits) -> zipfile.ZipFile:
    size, listing = _sizes(file)
    if listing > limits.listing:
        raise RefusedError(f"the list of the zip’s members has {listing:,} bytes, too many to be read")
    try:
        archive = zipfile.ZipFile(file)
    except (*_WHY_NOT_OPEN, NotImplementedError) as error:
        raise RefusedError(f"the zip is broken ({_told(error)})") from error
    members = archive.infolist()
    total = sum(each.file_size for each in members)
    if len(members) > limits.members:
        raise RefusedError(f"the zip has {len(members):,} members; more than {limits.members:,} are not read")
    if total > limits.total:
        raise RefusedError(f"the zip comes to {total:,} bytes unpacked; more than {limits.total:,} are not read")
    if sum(each.compress_size for each in members) > size:
        raise RefusedError("the zip’s members lie over one another, as no program packs them")
    return archive


def _sizes(file: IO[bytes]) -> tuple[int, int]:
    """Of a zip, and of the list of its members, before that list is read."""
    size = file.seek(0, os.SEEK_END)
    start = file.seek(max(0, size - 65_535 - 22 - 76))
    end = file.read()
    at = end.rfind(b"PK\5\6")
    if at < 0 or len(end) < at + 22:
        what = "it breaks off before its end" if start == 0 and end.startswith(b"PK") else "no list of members in it"
        raise RefusedError(f"the zip is broken ({what})")
    listing = struct.unpack_from("<L", end, at + 12)[0]
    if at >= 76 and end[at - 20 : at - 16] == b"PK\6\7" and end[at - 76 : at - 72] == b"PK\6\6":
        return size, struct.unpack_from("<Q", end, at - 76 + 40)[0]
    return size, listing


def _why_unsafe(info: zipfile.ZipInfo, name: str) -> str:
    if name.startswith("/") or _DRIVE.match(name) or ".." in name.split("/"):
        return "its name leads out of the zip"
    mode = info.external_attr >> 16
    return why_not_a_file(mode) if stat.S_IFMT(mode) else ""


def _why_refused(info: zipfile.ZipInfo) -> str:
    if refused := too_large(info.file_size):
        return refused
    if info.flag_bits & _ENCRYPTED:
        return "it is encrypted with a password"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return f"it is packed by method {info.compress_type}; only 0 (stored) and 8 (deflated) are read"
    if info.file_size > _SOME_SIZE and info.file_size > MOST_RATIO * info.compress_size:
        return f"it would become more than {MOST_RATIO} times larger by unpacking"
    return ""


def _name(info: zipfile.ZipInfo) -> str:
    name = info.filename
    if not info.flag_bits & _UTF8:
        # Some programs write UTF-8 and do not say so; hardly anything else reads as UTF-8 by chance.
        with suppress(UnicodeError):
            name = name.encode("cp437").decode()
    return name.replace("\\", "/")


def _time(info: zipfile.ZipInfo) -> int | None:
    """The time in UTC where the zip has it; else the one that it has, taken to be of this computer’s zone."""
    extra = info.extra
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        if kind == _UNIX_TIMES and length >= 5 and len(extra) >= 9 and extra[4] & 1:
            return int.from_bytes(extra[5:9], "little")
        extra = extra[4 + length :]
    with suppress(ValueError, OverflowError, OSError):
        return None if info.date_time == _NO_TIME else int(datetime(*info.date_time).timestamp())
    return None


def _told(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
