"""What greedy bytes do to the child that reads them. Light to import: the child has little memory."""


def grab(question: bytes) -> bytes:
    """Take more memory than a child may have."""
    return question * 10**9
