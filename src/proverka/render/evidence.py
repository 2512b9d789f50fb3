"""What a key or a sentence rests on, as it is shown beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from proverka.model import Claim, Source, Status

STATUS_WORDS = {
    Status.CONFIRMED: "confirmed",
    Status.SINGLE_SOURCE: "one source",
    Status.DISPUTED: "disputed",
    Status.UNVERIFIED: "not verified",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A claim in words that need no ledger."""

    claim: str
    says: str
    status: str
    sources: str


def evidence_for(
    ids: Iterable[str], claims: Mapping[str, Claim], sources: Mapping[str, Source]
) -> tuple[Evidence, ...]:
    """The evidence of each known claim, in order."""
    return tuple(
        Evidence(each, claims[each].says, STATUS_WORDS[claims[each].status], sources_line(claims[each], sources))
        for each in ids
        if each in claims
    )


def sources_line(claim: Claim, sources: Mapping[str, Source]) -> str:
    """“Tsymbal 2022; Gosfilmofond”: each source once, by its short name."""
    keys = dict.fromkeys(citation.key for citation in claim.citations)
    return "; ".join(dict.fromkeys(sources[key].short if key in sources else key for key in keys))
