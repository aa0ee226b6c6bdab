"""Rate: how often somebody may call. The door to ``limits``; counts live in this process, as the server is one."""

from dataclasses import dataclass, field
from typing import Self

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter


@dataclass(frozen=True, slots=True)
class Rate:
    """A bound like ``600/minute`` over a moving window, counted for each name."""

    bound: RateLimitItem
    limiter: MovingWindowRateLimiter = field(default_factory=lambda: MovingWindowRateLimiter(MemoryStorage()))

    @classmethod
    def of(cls, words: str) -> Self:
        """Read a bound. Raises ``ValueError`` for one that cannot be read."""
        return cls(parse(words))

    @property
    def words(self) -> str:
        """Say the bound."""
        return f"{self.bound.amount} requests per {self.bound.get_expiry()} seconds"

    @property
    def window_s(self) -> int:
        """How long the window is, in seconds."""
        return self.bound.get_expiry()

    def hit(self, name: str) -> bool:
        """Count a call; False when it is one too many."""
        return self.limiter.hit(self.bound, name)

    def left(self, name: str) -> bool:
        """Tell whether a call would be allowed, without counting it."""
        return self.limiter.test(self.bound, name)
