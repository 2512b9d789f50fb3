"""A place on a drawing: all points or none."""

from __future__ import annotations

from proverka.model import JSON, Pin, Score, Spot, State
from proverka.scoring.common import is_empty, nothing, share
from proverka.scoring.number import readings


def score(question: Pin, answer: object) -> Score:
    """``answer`` is the id of a spot, or a point: ``{"x": …, "y": …}`` in the drawing’s units."""
    if is_empty(answer):
        return nothing(question, State.EMPTY)
    if isinstance(answer, dict):
        if answer.keys() != {"x", "y"} or any(isinstance(answer[each], str) for each in "xy"):
            return nothing(question, State.MALFORMED)
        point = [number for each in "xy" for number in readings(answer[each])]
        if len(point) != 2:
            return nothing(question, State.MALFORMED)
        spot = spot_at(question, point[0], point[1])
        return share(question, float(spot.correct), (spot.why,) if spot.why else ()) if spot else share(question, 0)
    for spot in question.spots:
        if isinstance(answer, str) and spot.id == answer:
            return share(question, float(spot.correct), (spot.why,) if spot.why else ())
    return nothing(question, State.MALFORMED)


def spot_at(question: Pin, x: float, y: float) -> Spot | None:
    """The spot whose circle holds the point; of several, the one whose centre is nearest."""
    near = [
        (distance, position)
        for position, spot in enumerate(question.spots)
        # Products, not powers, which overflow, nor hypot, which JavaScript rounds otherwise.
        if (distance := (spot.x - x) * (spot.x - x) + (spot.y - y) * (spot.y - y)) <= spot.radius * spot.radius
    ]
    return question.spots[min(near)[1]] if near else None


def key_answer(question: Pin) -> JSON:
    """The right spot."""
    return next(spot.id for spot in question.spots if spot.correct)


def wrong_answers(question: Pin) -> list[JSON]:
    """Every other spot, and a point beside them all."""
    others: list[JSON] = [spot.id for spot in question.spots if not spot.correct]
    beside = max(spot.x + spot.radius for spot in question.spots) + 1
    return [*others, {"x": beside, "y": 0}]
