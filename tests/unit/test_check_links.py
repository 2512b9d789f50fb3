"""The check of links, against a real server on this machine."""

from __future__ import annotations

import importlib.util
import json
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

TOOL = Path(__file__).parent.parent.parent / "tools" / "check_links.py"


class Server(ThreadingHTTPServer):
    """Answers by path and remembers what it was asked."""

    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str]] = []
        self.agents: set[str] = set()
        self.at_once: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.lock = threading.Lock()
        self.over = threading.Event()
        #: Lets two requests pass together or none.
        self.meeting = threading.Barrier(2)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server_port}{path}"

    def methods(self, path: str) -> list[str]:
        return [method for method, each in self.asked if each == path]


class Handler(BaseHTTPRequestHandler):
    """``/404`` answers 404; the rest is told by name."""

    server: Server

    def answer(self) -> None:
        server, host = self.server, self.headers["Host"].split(":")[0]
        with server.lock:
            server.asked.append((self.command, self.path))
            server.agents.add(self.headers["User-Agent"])
            server.at_once[host] += 1
            server.most[host] = max(server.most[host], server.at_once[host])
        status, headers = self.decide(self.path.strip("/"))
        # Before the answer is sent: after it the next question may come at any time.
        with server.lock:
            server.at_once[host] -= 1
        self.send_response(status)
        for each, value in headers.items():
            self.send_header(each, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def decide(self, name: str) -> tuple[int, dict[str, str]]:
        status, headers = 200, {}
        if name.isdecimal():
            status = int(name)
        elif name == "moved":
            status, headers = 301, {"Location": "/ok"}
        elif name == "moved-and-gone":
            status, headers = 302, {"Location": "/404"}
        elif name == "round":
            status, headers = 302, {"Location": "/round"}
        elif name == "no-head" and self.command == "HEAD":
            status = 405
        elif name == "busy" and len(self.server.methods(self.path)) <= 2:
            status, headers = 503, {"Retry-After": "0"}
        elif name.startswith("meet"):
            self.server.meeting.wait(10)
        elif name == "slow" or (name == "slow-head" and self.command == "HEAD"):
            self.server.over.wait(10)
        elif name.startswith("a-while"):
            time.sleep(0.02)
        return status, headers

    do_GET = do_HEAD = answer  # noqa: N815 - as http.server wants it

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "*")
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.over.set()
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_links", TOOL)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["check_links"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def asked(tool: ModuleType, server: Server) -> Any:
    """The status of an address, without waiting between tries."""

    def asked(path: str, retries: int = 0) -> str:
        manners = tool.Manners(timeout=0.5 if "slow" in path else 20, retries=retries, pause=0, wait=0)
        status: str = tool.ask(server.url(path), manners, threading.Event())
        return status

    return asked


@pytest.mark.parametrize(
    ("path", "status", "methods"),
    [
        ("/ok", "200", ["HEAD"]),
        ("/404", "404", ["HEAD", "GET"]),
        ("/410", "410", ["HEAD", "GET"]),
        ("/403", "403", ["HEAD", "GET"]),
        ("/no-head", "200", ["HEAD", "GET"]),
        ("/slow-head", "200", ["HEAD", "GET"]),
        ("/slow", "timeout", ["HEAD", "GET"]),
        ("/moved", "200", ["HEAD"]),
        ("/moved-and-gone", "404", ["HEAD", "GET"]),
        ("/путь/Новости_(кино)?q=ё#part", "200", ["HEAD"]),
    ],
)
def test_a_status_is_that_of_head_or_else_of_get(
    path: str, status: str, methods: list[str], asked: Any, server: Server, tool: ModuleType
) -> None:
    assert asked(path) == status
    sent = tool.encode_address(server.url(path)).removeprefix(server.url(""))
    assert server.methods(sent) == methods
    assert all("proverka" in each for each in server.agents)


def test_a_redirection_without_end_is_no_proof_that_a_page_is_gone(asked: Any, tool: ModuleType) -> None:
    assert asked("/round") == "302"
    assert "302" not in tool.GONE


@pytest.mark.parametrize(
    ("path", "status", "tries"), [("/busy", "200", 2), ("/500", "500", 3), ("/slow", "timeout", 3), ("/404", "404", 1)]
)
def test_it_asks_again_only_where_that_may_help(path: str, status: str, tries: int, asked: Any, server: Server) -> None:
    assert asked(path, retries=2) == status
    assert server.methods(path).count("HEAD") == tries


def test_it_waits_as_long_as_the_server_says(tool: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    waited = []

    class Stop(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waited.append(timeout)
            return False

    monkeypatch.setattr(tool, "ask_once", lambda *_: tool.Answer("429", 10_000 if waited else 7))
    assert tool.ask("http://a.test/", tool.Manners(wait=3), Stop()) == "429"
    assert waited == [7, tool.LONGEST_WAIT]


@pytest.mark.parametrize("url", ["ftp://a.test/x", "a.test/x", "http:///x", "http://a..b/x", "http://a.test:port/"])
def test_what_is_no_address_of_the_web_is_told(url: str, tool: ModuleType) -> None:
    assert tool.ask_once(url, "HEAD", 1).status == "bad-address"
    assert "bad-address" in tool.GONE


def test_a_host_that_does_not_answer_is_told_from_one_that_nobody_knows(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert tool.ask_once(f"http://127.0.0.1:{closed.getsockname()[1]}/", "HEAD", 1).status == "unreachable"

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert tool.ask_once("http://nowhere.invalid/", "HEAD", 1).status == "unknown-host"


def test_a_host_is_asked_one_thing_at_a_time_and_hosts_side_by_side(tool: ModuleType, server: Server) -> None:
    urls = [server.url(f"/a-while-{each}") for each in range(8)]
    urls += [server.url("/meet-here"), server.url("/meet-there", "localhost")]
    found: dict[str, str] = {}
    manners = tool.Manners(timeout=10, retries=0, pause=0, wait=0)
    tool.ask_all(urls, manners, 4, found.__setitem__, threading.Event())
    assert found == dict.fromkeys(urls, "200")
    assert server.most == {"127.0.0.1": 1, "localhost": 1}


# The command

BIB = """\
@online{{fine, title = {{Fine}}, url = {{{ok}}}}}
@online{{also, title = {{The same page}}, url = {{{ok}}}}}
@book{{paper, title = {{On paper}}}}
@online{{lost, title = {{Lost}}, url = {{{bad}}}}}
"""


@pytest.fixture
def run(tool: ModuleType, server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the command; gives exit status, output and messages."""

    def run(bad: str, *arguments: str) -> tuple[int, list[str], str]:
        bib = tmp_path / "references.bib"
        bib.write_text(BIB.format(ok=server.url("/ok"), bad=server.url(bad)), encoding="utf-8")
        quick = [
            "--timeout",
            "1" if "slow" in bad else "20",
            "--retries",
            "0",
            "--pause",
            "0",
            "--cache",
            str(tmp_path / "new/links.json"),
        ]
        status: int = tool.main([str(bib), *quick, *arguments])
        told = capsys.readouterr()
        return status, sorted(told.out.splitlines()), told.err

    return run


@pytest.mark.parametrize(("bad", "word"), [("/404", "404"), ("/slow", "timeout")])
def test_every_source_has_its_line_and_those_gone_are_named(run: Any, server: Server, bad: str, word: str) -> None:
    status, lines, messages = run(bad)
    assert status == 1
    lost = f"lost {server.url(bad)} {word}"
    assert lines == [f"also {server.url('/ok')} 200", f"fine {server.url('/ok')} 200", lost]
    assert messages.endswith(f"\ngone:\n  {lost}\n1 address gone\n")
    assert server.methods("/ok") == ["HEAD"]


@pytest.mark.parametrize("bad", ["/ok", "/403", "/500", "/round"])
def test_what_is_not_surely_gone_is_listed_and_no_fault(run: Any, bad: str) -> None:
    status, lines, messages = run(bad)
    assert status == 0
    assert len(lines) == 3
    assert messages.endswith("no addresses gone\n")


def test_a_second_run_asks_only_for_what_is_not_known(run: Any, server: Server) -> None:
    first = run("/404")
    asked = list(server.asked)
    assert run("/404")[:2] == first[:2]
    assert server.asked == asked
    run("/404", "--fresh")
    assert server.asked == asked * 2


def test_no_answer_is_asked_for_again(run: Any, server: Server) -> None:
    run("/slow")
    run("/slow")
    assert len(server.methods("/slow")) == 4
    assert server.methods("/ok") == ["HEAD"]


@pytest.mark.parametrize("kept", ["", "[]", '{"http://a.test/": 1}', '{"http://a.test/": ["200", "today"]}', "\udcff"])
def test_a_spoilt_cache_is_forgotten(tool: ModuleType, tmp_path: Path, kept: str) -> None:
    path = tmp_path / "links.json"
    path.write_bytes(kept.encode("utf-8", "surrogateescape"))
    assert tool.Answers.load(path, time.time()).known == {}


def test_answers_are_kept_for_a_week(tool: ModuleType, tmp_path: Path) -> None:
    answers = tool.Answers(tmp_path / "links.json")
    answers.add("http://a.test/", "200", 1000)
    assert json.loads(answers.path.read_text()) == {"http://a.test/": ["200", 1000]}
    assert tool.Answers.load(answers.path, 1000 + tool.WEEK - 1).known == {"http://a.test/": ("200", 1000)}
    assert tool.Answers.load(answers.path, 1000 + tool.WEEK).known == {}


def test_what_was_answered_before_a_stop_is_kept(
    run: Any, server: Server, tool: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = tool.ask

    def stopped(url: str, *rest: Any) -> str:
        if url.endswith("/404"):
            raise KeyboardInterrupt
        status: str = whole(url, *rest)
        return status

    monkeypatch.setattr(tool, "ask", stopped)
    status, _, messages = run("/404")
    assert status == 130
    assert messages.endswith("stopped; what was answered is kept for the next run\n")
    assert list(json.loads((tmp_path / "new/links.json").read_text())) == [server.url("/ok")]


def test_a_machine_without_a_network_is_told_from_a_book_without_links(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tool, "ask_once", lambda *_: tool.Answer("unknown-host"))
    bib = tmp_path / "references.bib"
    bib.write_text(BIB.format(ok="http://a.test/", bad="http://b.test/"), encoding="utf-8")
    cache = tmp_path / "links.json"
    assert tool.main([str(bib), "--retries", "0", "--pause", "0", "--cache", str(cache)]) == 1
    assert "is there a network?\n3 addresses gone\n" in capsys.readouterr().err
    assert not cache.exists()


@pytest.mark.parametrize("arguments", [["--jobs", "0"], ["--timeout", "0"], ["--retries", "-1"], ["--pause", "-1"]])
def test_wrong_usage_exits_with_2(run: Any, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        run("/ok", *arguments)
    assert stopped.value.code == 2
    assert "--jobs is at least 1" in capsys.readouterr().err


def test_a_bibliography_with_errors_is_refused(
    tool: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        tool.main([str(tmp_path / "nowhere.bib")])
    assert stopped.value.code == 2
    assert "nowhere.bib:1: the file does not exist [proverka.file-missing]" in capsys.readouterr().err
