"""The Wilson interval: how far a share that was counted may be from the true one."""

from math import sqrt

Z_95 = 1.959964


def wilson(right: int, total: int, z: float = Z_95) -> tuple[float, float]:
    """Give the 95 % interval of a share.

    >>> low, high = wilson(99, 100)
    >>> round(low, 3), round(high, 3)
    (0.946, 0.998)
    """
    if total == 0:
        return 0.0, 1.0
    share = right / total
    middle = share + z * z / (2 * total)
    spread = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)
