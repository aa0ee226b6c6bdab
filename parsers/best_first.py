"""Texts in the order of their probability, from independent posteriors of their characters."""

import heapq
from collections.abc import Iterator, Sequence

Choices = Sequence[tuple[str, float]]
"""The characters that one place may hold, each with its log probability, best first."""


def best_first(places: Sequence[Choices]) -> Iterator[tuple[str, float]]:
    """Yield texts with their log probabilities, best first, lazily; nothing where a place has no choice.

    >>> [text for text, _ in best_first([[("A", -0.1), ("B", -2.0)], [("1", -0.2), ("7", -0.3)]])]
    ['A1', 'A7', 'B1', 'B7']
    """
    if not places or not all(places):
        return
    first = (0,) * len(places)
    queue = [(-sum(place[0][1] for place in places), first)]
    seen = {first}
    while queue:
        cost, ranks = heapq.heappop(queue)
        yield "".join(place[rank][0] for place, rank in zip(places, ranks, strict=True)), -cost
        for i, rank in enumerate(ranks):
            worse = (*ranks[:i], rank + 1, *ranks[i + 1 :])
            if rank + 1 < len(places[i]) and worse not in seen:
                seen.add(worse)
                heapq.heappush(queue, (cost + places[i][rank][1] - places[i][rank + 1][1], worse))
