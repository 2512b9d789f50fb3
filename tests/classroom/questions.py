"""A question of every type, with words in it that must never be found where there is no key."""

from __future__ import annotations

from typing import Any

from proverka.model import (
    Blank,
    Blanks,
    Choice,
    Choices,
    Code,
    Criterion,
    Distractor,
    Essay,
    Foreseen,
    Item,
    Match,
    Number,
    Option,
    Order,
    Pair,
    Pin,
    Question,
    Spot,
    Text,
    Trial,
)


def _about(name: str) -> dict[str, Any]:
    return {
        "id": f"q-canary-{name}",
        "outcome": "lo-canary-outcome",
        "claims": ("c-canary-claim",),
        "level": "apply",
        "stem": f"What about {name}?",
        "explain": f"CanaryExplain{name} stands here.",
        "hints": (f"CanaryHint{name}",),
    }


def _options(name: str) -> tuple[Option, ...]:
    return (
        Option(f"canaryright{name}", f"First for {name}", correct=True),
        Option(f"canarywrong{name}", f"Second for {name}", why=f"CanaryWhy{name}"),
        Option(f"canarythird{name}", f"Third for {name}", why=f"CanaryOther{name}", pinned=True),
    )


#: One question of each type; what begins with “canary”, in any case, is not for students.
QUESTIONS: tuple[Question, ...] = (
    Choice(**_about("choice"), options=_options("choice")),
    Choices(**_about("choices"), options=_options("choices"), points=2),
    Number(**_about("number"), low=7310471, high=7310473, unit="metres", wrong=(Foreseen("7310999", "CanaryNumber"),)),
    Text(**_about("text"), accept=("CanaryAccepted", "CanarySpelling"), wrong=(Foreseen("CanaryTyped", "CanaryBad"),)),
    Order(
        **_about("order"), items=tuple(Item(f"canaryitem{each}", f"Step {each}", f"CanaryStep{each}") for each in "xyz")
    ),
    Match(
        **_about("match"),
        pairs=tuple(Pair(f"canarypair{each}", f"Left {each}", f"Right {each}", f"CanaryPair{each}") for each in "xyz"),
        distractors=(Distractor("canarytrap", "Right none", "CanaryTrap"),),
    ),
    Blanks(
        **_about("blanks"),
        text="Typed {canarytyped} and chosen {canarychosen}.",
        blanks=(
            Blank("canarytyped", ("CanaryWord",), why="CanaryBlank"),
            Blank("canarychosen", ("one",), ("two", "three")),
        ),
    ),
    Pin(
        **_about("pin"),
        drawing="plan.svg",
        alt="A plan.",
        spots=(
            Spot("canaryspot", "The place", 10, 20, 5, correct=True),
            Spot("canaryother", "Another place", 30, 40, 5, why="CanarySpot"),
        ),
    ),
    Code(
        **_about("code"),
        function="double",
        starter="def double(number):\n    ...\n",
        solution="def double(number):\n    canary_solution = number * 2\n    return canary_solution\n",
        trials=(Trial((4711,), 9422), Trial((815,), 1630)),
    ),
    Essay(
        **_about("essay"),
        rubric=(Criterion("canarysource", "CanaryRubric", 2), Criterion("canarydoubt", "CanaryDoubt")),
        model="CanaryModel answer.",
        words=50,
    ),
)

#: Texts that are keys and do not begin with “canary”.
SECRETS = ("7310471", "7310472", "7310473", "7310999", "9422", "1630", "4711")
