"""Running every quiz notebook: as it is, with the key, and with every wrong answer.

A kernel takes a second to start, so each worker starts one and runs its notebooks in it one after
another, with all names cleared in between. The cells run through nbclient, as other tools run them;
points are read from the data that ``quiz.results()`` publishes, never from what it prints.
"""

from __future__ import annotations

import asyncio
import copy
import json
import re
import tempfile
import time
import warnings
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from proverka.jupyter.quiz import RESULTS_TYPE
from proverka.model import JSON, Place, Question
from proverka.problems import Code, Problems
from proverka.scoring import key_answer, wrong_answers
from proverka.yaml_lines import quoted

_ASK = re.compile(r"""\s*quiz\.ask\(\s*(["'])([a-z0-9-]+)\1\s*\)\s*""")
_SCORES_TYPE = "application/json"
_SCORE_ALL = """
from IPython.display import display

scores = [quiz.score_of(question, answer) for question, answer in answers]
display({"application/json": [[each.points, each.of] for each in scores]}, raw=True)
"""


@dataclass(frozen=True, slots=True)
class QuizNotebook:
    """A notebook’s file, its name in messages, and the questions that the bank has for it."""

    path: Path
    shown: str
    questions: tuple[Question, ...]


#: Told of each notebook when it is done, with its problems and the seconds that it took.
Done = Callable[[QuizNotebook, Problems, float], None]


class KernelError(Exception):
    """No kernel can be started; the text says what it wrote."""


def validate_notebooks(notebooks: Sequence[QuizNotebook], *, jobs: int, done: Done, timeout: int = 60) -> Problems:
    """Every problem that the notebooks have when they run.

    :param jobs: How many kernels to start at most.
    :param timeout: Seconds that a cell may take.
    :raises KernelError: no kernel can be started.
    :raises KeyboardInterrupt: somebody pressed Ctrl-C; all kernels have ended.
    """
    return asyncio.run(_validate(notebooks, jobs, done, timeout))


async def _validate(notebooks: Sequence[QuizNotebook], jobs: int, done: Done, timeout: int) -> Problems:
    waiting = deque(notebooks)
    problems = Problems()

    async def work() -> None:
        async with _Kernel(timeout) as kernel:
            while waiting:
                notebook = waiting.popleft()
                begin = time.monotonic()
                found = await _validate_one(notebook, kernel)
                problems.extend(found)
                done(notebook, found, time.monotonic() - begin)

    await asyncio.gather(*(work() for _ in range(min(jobs, len(notebooks)))))
    return problems


# --------------------------------------------------------------------------------------------------
# One notebook


#: Points earned and points to be had.
_Earned = tuple[float, float]


@dataclass
class _Report:
    """Collects the problems of one notebook and puts each where it is mended."""

    notebook: QuizNotebook
    problems: Problems = field(default_factory=Problems)

    def failed(self, message: str, hint: str = "") -> None:
        self.problems.add(Place(self.notebook.shown), message, Code.NOTEBOOK_FAILED, hint=hint)

    def cell_failed(self, cell: NotebookNode, what: str) -> None:
        asked = _asked(cell)
        places = [each.place for each in self.notebook.questions if each.id == asked]
        message = f"the cell {quoted(cell.source)} {what}"
        if places:
            self.problems.add(places[0], f"{message}, in {self.notebook.shown}", Code.NOTEBOOK_FAILED)
        else:
            self.failed(message)

    def scored(self, question: Question, earned: _Earned, when: str) -> None:
        message = f"question {question.id} gives {earned[0]:.4g} of {earned[1]:.4g} {when}, in {self.notebook.shown}"
        hint = f"{Code.NOTEBOOK_SCORE.hint}; after a change run: proverka notebooks"
        self.problems.add(question.place, message, Code.NOTEBOOK_SCORE, hint=hint)

    def stale(self, message: str) -> None:
        self.problems.add(Place(self.notebook.shown), message, Code.NOTEBOOK_STALE)


async def _validate_one(notebook: QuizNotebook, kernel: _Kernel) -> Problems:
    report = _Report(notebook)
    original = _read(notebook, report)
    blank = await _results(copy.deepcopy(original), kernel, report) if original else None
    if original and blank is not None:
        known = {each.id for each in notebook.questions}
        for each in sorted(known ^ blank.keys()):
            report.stale(f"question {each} is in the {'bank' if each in known else 'notebook'} alone")
        questions = [each for each in notebook.questions if each.id in blank]
        for question in questions:
            if blank[question.id][0]:
                report.scored(question, blank[question.id], "without an answer")
        # The blank run’s quiz is still in memory, so the wrong answers come before the key.
        await _check_wrong(questions, kernel, report)
        await _check_keys(original, questions, kernel, report)
    return Problems(report.problems.in_order())


async def _check_wrong(questions: Sequence[Question], kernel: _Kernel, report: _Report) -> None:
    answers = [(question, answer) for question in questions for answer in wrong_answers(question)]
    for (question, answer), earned in zip(answers, await _scores(answers, kernel, report), strict=False):
        if earned[0] >= earned[1]:
            shown = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
            report.scored(question, earned, f"for the wrong answer {quoted(shown)}")


async def _check_keys(original: NotebookNode, questions: Sequence[Question], kernel: _Kernel, report: _Report) -> None:
    answers = {question.id: key_answer(question) for question in questions}
    results = await _results(_with_answers(original, answers), kernel, report)
    for question in questions:
        if results and results[question.id][0] != results[question.id][1]:
            report.scored(question, results[question.id], "for its key")


def _read(notebook: QuizNotebook, report: _Report) -> NotebookNode | None:
    try:
        text = notebook.path.read_text(encoding="utf-8")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            node: NotebookNode = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
            nbformat.validate(node)
    except FileNotFoundError:
        report.stale("the notebook does not exist")
    except Exception as error:  # nbformat raises whatever the JSON leads it to
        reason = " ".join(str(error).split()) or type(error).__name__
        report.failed(f"not a notebook: {reason[:120]}", hint="run: proverka notebooks")
    else:
        return node
    return None


def _notebook(*sources: str) -> NotebookNode:
    """A notebook of our own."""
    cells = [nbformat.v4.new_code_cell(each) for each in sources]  # type: ignore[no-untyped-call]
    node: NotebookNode = nbformat.v4.new_notebook(cells=cells)  # type: ignore[no-untyped-call]
    return node


def _asked(cell: NotebookNode) -> str:
    """The id of the question that a cell asks, if that is all it does."""
    found = _ASK.fullmatch(cell.source) if cell.cell_type == "code" else None
    return found[2] if found else ""


def _with_answers(original: NotebookNode, answers: Mapping[str, JSON]) -> NotebookNode:
    """A copy in which questions are answered instead of asked."""
    node = copy.deepcopy(original)
    for cell in node.cells:
        if (asked := _asked(cell)) in answers:
            # repr of plain data is a literal whatever the texts in it are.
            cell.source = f"quiz.answer({asked!r}, {answers[asked]!r})"
    return node


async def _results(node: NotebookNode, kernel: _Kernel, report: _Report) -> dict[str, _Earned] | None:
    """Run a notebook in empty names; what each question earned, or ``None`` if it did not come to that."""
    if not await _run(node, kernel, report, fresh=True):
        return None
    data = _last_output(node, RESULTS_TYPE)
    if data is None:
        report.failed("the notebook shows no results", hint="end it with a cell: quiz.results()")
        return None
    return {each["question"]: (each["points"], each["of"]) for each in data["questions"]}


async def _scores(answers: Sequence[tuple[Question, JSON]], kernel: _Kernel, report: _Report) -> Sequence[_Earned]:
    """What each answer earns by the quiz that the kernel has in memory; empty if that fails."""
    literal = [(question.id, answer) for question, answer in answers]
    node = _notebook(f"answers = {literal!r}\n{_SCORE_ALL}")
    return (_last_output(node, _SCORES_TYPE) or ()) if await _run(node, kernel, report, fresh=False) else ()


async def _run(node: NotebookNode, kernel: _Kernel, report: _Report, *, fresh: bool) -> bool:
    """Run the cells up to the first that fails; whether none did."""
    try:
        await kernel.run(node, fresh=fresh)
    except _CellFailed as failure:
        report.cell_failed(failure.cell, failure.what)
        return False
    finally:
        for cell in node.cells:
            for output in cell.get("outputs", ()):
                if output.output_type == "stream" and output.name == "stderr":
                    report.cell_failed(cell, f"writes to standard error: {quoted(output.text)}")
    return True


def _last_output(node: NotebookNode, kind: str) -> Any:
    outputs = [output for cell in node.cells for output in cell.get("outputs", ())]
    found = [output.data[kind] for output in outputs if kind in output.get("data", ())]
    return found[-1] if found else None


# --------------------------------------------------------------------------------------------------
# Kernels


class _CellFailed(Exception):  # noqa: N818  # nothing is wrong with us
    def __init__(self, cell: NotebookNode, what: str) -> None:
        super().__init__(what)
        self.cell = cell
        self.what = what


class _Kernel:
    """A Python kernel that runs one notebook after another.

    What the process itself writes goes to a file, since ipykernel greets with a warning about
    encryption; it is told when the kernel ends unasked. What cells write is part of their outputs.
    """

    def __init__(self, timeout: int) -> None:
        self.timeout = timeout
        self._log: IO[bytes]
        self._manager: Any
        self._channels: Any

    async def __aenter__(self) -> _Kernel:
        await self._start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    async def _start(self) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # closed in _stop
        starter = self._client(_notebook())
        starter.extra_arguments = ["--log-level=ERROR"]
        self._manager = starter.create_kernel_manager()
        self._channels = None
        try:
            await starter.async_start_new_kernel(stdout=self._log, stderr=self._log)
            self._channels = await starter.async_start_new_kernel_client()
        except Exception as error:
            said = self._said() or str(error)
            await self._stop()
            raise KernelError(said) from error
        except BaseException:
            await self._stop()
            raise

    async def _stop(self) -> None:
        if self._channels is not None:
            self._channels.stop_channels()
            self._channels = None
        if self._manager.has_kernel:
            await self._manager.shutdown_kernel(now=True)
        self._log.close()

    def _client(self, node: NotebookNode) -> NotebookClient:
        return NotebookClient(
            node,
            kernel_name="python3",
            timeout=self.timeout,
            iopub_timeout=self.timeout,
            shutdown_kernel="immediate",
            force_raise_errors=True,
        )

    def _said(self) -> str:
        self._log.seek(0)
        return self._log.read().decode(errors="replace").strip()

    async def run(self, node: NotebookNode, *, fresh: bool) -> None:
        """Run the cells in order and leave their outputs in them.

        :param fresh: Clear all names first.
        :raises _CellFailed: at the first cell that does not end well.
        """
        if fresh:
            self._log.seek(0)
            self._log.truncate()
            await self.run(_notebook("%reset -f"), fresh=False)
        client = self._client(node)
        client.km, client.kc = self._manager, self._channels
        for index, cell in enumerate(node.cells):
            try:
                await client.async_execute_cell(cell, index)
            except CellExecutionError as error:
                raise _CellFailed(cell, f"fails: {error.ename}: {' '.join(error.evalue.split())[:200]}") from None
            except CellTimeoutError:
                await self._restart()
                raise _CellFailed(cell, f"runs longer than {self.timeout} seconds") from None
            except DeadKernelError:
                # nbclient takes any cancellation for the kernel's death.
                if (task := asyncio.current_task()) and task.cancelling():
                    raise asyncio.CancelledError from None
                said = self._said()
                await self._restart()
                raise _CellFailed(cell, f"ends the kernel{f': {quoted(said)}' if said else ''}") from None

    async def _restart(self) -> None:
        await self._stop()
        await self._start()
