"""``python -m bench`` (``make bench``): accuracy on sample and fresh post, registration, speed against OCRmyPDF."""

import subprocess
import sys

RUNS = (
    ("bench.accuracy", "--samples"),
    ("bench.accuracy", "--fresh", "3", "--seed", "77"),
    ("bench.registration",),
    ("bench.speed",),
)


def main() -> int:
    """Run the benches one after the other, each in a process of its own; give the first exit code that is not 0."""
    codes = [subprocess.run([sys.executable, "-m", *run], check=False).returncode for run in RUNS]  # noqa: S603  our own
    return next((code for code in codes if code), 0)


if __name__ == "__main__":
    sys.exit(main())
