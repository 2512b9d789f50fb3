"""Lighthouse, as for a phone, on one page of each kind; the median of several runs.

    make book && .venv/bin/python bench/pages/lighthouse.py [runs]

It needs Node and fetches the npm package ``lighthouse`` into a folder under ``_build/``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median

from measure import CHROMIUM, PAGES, SITE, served

#: The newest that runs on Node 20.
VERSION = "12.8.2"
TOOLS = SITE.parent / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
AUDITS = ("largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"


def install() -> Path:
    """The program, fetched if it is not there."""
    program = TOOLS / "node_modules" / ".bin" / "lighthouse"
    if not program.is_file():
        TOOLS.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(TOOLS), f"lighthouse@{VERSION}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return program


def run(program: Path, address: str) -> tuple[list[float], list[str], list[str]]:
    """Scores of one run, what it measured, and the audits that failed."""
    command = [str(program), address, "--quiet", "--output=json", f"--only-categories={','.join(CATEGORIES)}"]
    environment = {**os.environ, "CHROME_PATH": CHROMIUM}
    done = subprocess.run(
        [*command, f"--chrome-flags={FLAGS}"], check=True, capture_output=True, text=True, env=environment
    )
    report = json.loads(done.stdout)
    failed = [
        each["id"]
        for name in CATEGORIES[1:]
        for each in report["categories"][name]["auditRefs"]
        if each["weight"] and report["audits"][each["id"]]["score"] not in (1, None)
    ]
    scores = [100 * report["categories"][name]["score"] for name in CATEGORIES]
    return scores, [report["audits"][name]["displayValue"] for name in AUDITS], failed


def main(runs: int) -> None:
    """Print a row for each page."""
    program = install()
    print(
        f"{'page':26}{'perf. (runs)':32}{'a11y':>6}{'best':>6}{'SEO':>6}  LCP, TBT, CLS of the last run; failed audits"
    )
    with served() as site:
        for path in PAGES.values():
            seen = [run(program, site + path) for _ in range(runs)]
            performance = sorted(round(scores[0]) for scores, _, _ in seen)
            others = "".join(f"{median(scores[i] for scores, _, _ in seen):6.0f}" for i in (1, 2, 3))
            told = f"{median(performance):3.0f} ({' '.join(map(str, performance))})"
            failed = sorted({audit for _, _, audits in seen for audit in audits})
            print(f"{path:26}{told:32}{others}  {', '.join(seen[-1][1])}; {', '.join(failed) or 'none'}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
