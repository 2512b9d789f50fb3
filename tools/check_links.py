"""Ask the web for every address in book/references.bib, and tell which are gone.

For each source with an address it writes a line to standard output: ``key url status``. A status is the
number that the server gave in the end, redirections followed, or a word where there was none: ``timeout``,
``unknown-host``, ``unreachable``, ``tls`` (the certificate is bad), ``bad-address``. Gone is what answers 404
or 410, or does not answer at all after some tries; a server that forbids programs (403) or is in trouble (500)
proves nothing. Exit status: 0 nothing is gone, 1 something is, 2 wrong usage, 130 stopped.

Every host is asked one thing at a time, with a pause between. What was answered is kept in
_build/links.json for a week, so that a run that was stopped goes on where it was; --fresh forgets it.
This is never run in CI: a page that is gone is no fault of a commit.
"""

from __future__ import annotations

import argparse
import json
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit, urlunsplit
from urllib.request import Request, urlopen

from proverka.files import write_whole
from proverka.ledger.bibliography import load_sources
from proverka.problems import Problems, render_problems

ROOT = Path(__file__).resolve().parent.parent
BIBLIOGRAPHY = ROOT / "book" / "references.bib"
CACHE = ROOT / "_build" / "links.json"
WEEK = 7 * 24 * 60 * 60

HEADERS = {"User-Agent": "proverka-link-check/1 (checks the sources of a book)", "Accept": "*/*"}
NO_ANSWER = {"timeout", "unknown-host", "unreachable"}
GONE = {"404", "410", "bad-address", *NO_ANSWER}
#: Asking again may help.
PASSING = {"408", "429", "500", "502", "503", "504", *NO_ANSWER}
LONGEST_WAIT = 60.0


@dataclass(frozen=True)
class Manners:
    """How patient and how polite to be; seconds, except ``retries``."""

    timeout: float = 20
    retries: int = 2
    #: Between two questions to a host.
    pause: float = 1
    #: Before the first retry; doubled for each further one.
    wait: float = 3


class Answer(NamedTuple):
    """A status, and for how long the server asks to be left alone."""

    status: str
    retry_after: float = 0


@dataclass
class Answers:
    """The statuses known by address, kept in a file."""

    path: Path
    #: Address, status, and when it was given.
    known: dict[str, tuple[str, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def load(cls, path: Path, now: float) -> Answers:
        """What the file holds and is less than a week old; nothing if it cannot be read."""
        answers = cls(path)
        try:
            for url, (status, asked) in json.loads(path.read_text(encoding="utf-8")).items():
                if 0 <= now - asked < WEEK:
                    answers.known[url] = (str(status), float(asked))
        except (OSError, ValueError, TypeError, AttributeError):
            answers.known.clear()
        return answers

    def add(self, url: str, status: str, now: float) -> None:
        """Keep a status, unless it may only be our network that failed."""
        if status in NO_ANSWER:
            return
        with self._lock:
            self.known[url] = (status, now)
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.path, json.dumps(self.known, indent=0, sort_keys=True, ensure_ascii=False) + "\n")


def encode_address(url: str) -> str:
    """The address as it goes over the wire: without its fragment, what is not ASCII encoded.

    :raises ValueError: it is not an address of the web.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(url)
    host = parts.hostname.encode("idna").decode() + (f":{parts.port}" if parts.port else "")
    path, query = (quote(each, safe="%/:?#[]@!$&'()*+,;=~") for each in (parts.path, parts.query))
    return urlunsplit((parts.scheme, host, path or "/", query, ""))


def ask_once(url: str, method: str, timeout: float) -> Answer:
    """The answer to one request; never raises."""
    try:
        request = Request(encode_address(url), headers=HEADERS, method=method)
    except ValueError:
        return Answer("bad-address")
    try:
        with urlopen(request, timeout=timeout) as response:
            return Answer(str(response.status))
    except HTTPError as error:
        with error:
            after = error.headers.get("Retry-After", "")
            return Answer(str(error.code), float(after) if after.isdecimal() else 0)
    except (OSError, HTTPException, ValueError) as error:
        reason = error.reason if isinstance(error, URLError) else error
        if isinstance(reason, TimeoutError):
            return Answer("timeout")
        if isinstance(reason, socket.gaierror):
            return Answer("unknown-host")
        return Answer("tls" if isinstance(reason, ssl.SSLError) else "unreachable")


def ask(url: str, manners: Manners, stop: threading.Event) -> str:
    """The status of an address: of HEAD, else of GET, tried again where it may help."""
    wait = manners.wait
    for left in range(manners.retries, -1, -1):
        answer = ask_once(url, "HEAD", manners.timeout)
        # Some servers know no HEAD, and refuse it, leave it unanswered or say whatever comes to their mind.
        if not answer.status.startswith("2") and answer.status not in ("bad-address", "unknown-host"):
            answer = ask_once(url, "GET", manners.timeout)
        if answer.status not in PASSING or not left or stop.wait(min(max(wait, answer.retry_after), LONGEST_WAIT)):
            break
        wait *= 2
    return answer.status


def ask_all(
    urls: Iterable[str],
    manners: Manners,
    jobs: int,
    done: Callable[[str, str], None],
    stop: threading.Event,
) -> None:
    """Ask for every address, hosts side by side, one thing at a time of each; ``done`` is told each status."""
    hosts: dict[str, list[str]] = {}
    for url in urls:
        hosts.setdefault(urlsplit(url).hostname or "", []).append(url)

    def ask_host(queue: list[str]) -> None:
        for number, url in enumerate(queue):
            if (number and stop.wait(manners.pause)) or stop.is_set():
                return
            status = ask(url, manners, stop)
            if not stop.is_set():
                done(url, status)

    with ThreadPoolExecutor(jobs) as pool:
        # The longest queues first, so that none is left over at the end.
        waiting = [pool.submit(ask_host, queue) for queue in sorted(hosts.values(), key=len, reverse=True)]
        try:
            for each in waiting:
                each.result()
        except BaseException:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def load_addresses(path: Path) -> dict[str, str]:
    """The address of each source that has one, by key.

    :raises SystemExit: the bibliography has errors.
    """
    problems = Problems()
    sources = load_sources(path, str(path), problems)
    if problems:
        sys.stderr.write(f"{render_problems(problems)}\n")
        raise SystemExit(2)
    return {key: source.fields["url"] for key, source in sources.items() if source.fields.get("url")}


def check_links(addresses: Mapping[str, str], answers: Answers, manners: Manners, jobs: int) -> list[str]:
    """Write a line for each source as soon as its status is known; return the lines of those that are gone."""
    keys: dict[str, list[str]] = {}
    for key, url in addresses.items():
        keys.setdefault(url, []).append(key)
    known = {url: answers.known[url][0] for url in keys if url in answers.known}
    statuses: dict[str, str] = {}
    telling = threading.Lock()

    def tell(url: str, status: str) -> None:
        with telling:
            statuses[url] = status
            sys.stdout.write("".join(f"{key} {url} {status}\n" for key in keys[url]))
            sys.stdout.flush()
            if len(statuses) % 50 == 0:
                sys.stderr.write(f"{len(statuses)} of {len(keys)} addresses\n")

    def done(url: str, status: str) -> None:
        answers.add(url, status, time.time())
        tell(url, status)

    sys.stderr.write(f"{len(keys)} addresses, {len(known)} of them known from an earlier run\n")
    for url, status in known.items():
        tell(url, status)
    ask_all([url for url in keys if url not in known], manners, jobs, done, threading.Event())
    return [f"{key} {url} {statuses[url]}" for key, url in addresses.items() if statuses[url] in GONE]


def main(arguments: list[str] | None = None) -> int:
    """Check the addresses; 1 if any is gone."""
    parser = argparse.ArgumentParser(description="Ask the web for every address of the bibliography.")
    parser.add_argument("bibliography", nargs="?", type=Path, default=BIBLIOGRAPHY, help="a file of sources")
    parser.add_argument("--jobs", type=int, default=8, help="how many hosts to ask side by side (8)")
    parser.add_argument("--timeout", type=float, default=Manners.timeout, help="seconds to wait for an answer (20)")
    parser.add_argument("--retries", type=int, default=Manners.retries, help="how often to ask again (2)")
    parser.add_argument("--pause", type=float, default=Manners.pause, help="seconds between two requests to a host (1)")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where answers are kept (_build/links.json)")
    parser.add_argument("--fresh", action="store_true", help="ask again for what is known")
    given = parser.parse_args(arguments)
    if given.jobs < 1 or given.retries < 0 or given.timeout <= 0 or given.pause < 0:
        parser.error("--jobs is at least 1, --timeout more than 0, --retries and --pause not negative")
    manners = Manners(given.timeout, given.retries, given.pause)
    answers = Answers(given.cache) if given.fresh else Answers.load(given.cache, time.time())
    addresses = load_addresses(given.bibliography)
    try:
        gone = check_links(addresses, answers, manners, given.jobs)
    except KeyboardInterrupt:
        sys.stderr.write("stopped; what was answered is kept for the next run\n")
        return 130
    if gone and len(gone) == len(addresses) and not answers.known:
        sys.stderr.write("nothing answered at all: is there a network?\n")
    elif gone:
        sys.stderr.write("\ngone:\n" + "".join(f"  {line}\n" for line in gone))
    sys.stderr.write(f"{len(gone) or 'no'} address{'' if len(gone) == 1 else 'es'} gone\n")
    return 1 if gone else 0


if __name__ == "__main__":
    sys.exit(main())
