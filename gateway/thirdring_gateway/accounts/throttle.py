"""Throttling of failed sign-ins: each failure beyond the free ones doubles the pause.

What counts is the address and, apart from it, the name at that address: nobody can lock a colleague out from elsewhere.
"""

from collections.abc import Sequence

from thirdring_gateway.accounts.models import LOGIN_LENGTH, FailedSignIn

FREE_PER_NAME = 5
FREE_PER_ADDRESS = 20  # a branch may share one address behind its router
FIRST_PAUSE_MS = 15_000
LONGEST_PAUSE_MS = 900_000
MOST_DOUBLINGS = 10
REMEMBERED_MS = 3_600_000


def pause_ms(failures_at_ms: Sequence[int], free: int, now_ms: int) -> int:
    """Return how long to wait yet, 0 when a try is free; `failures_at_ms` in any order."""
    beyond = len(failures_at_ms) - free
    if beyond < 0:
        return 0
    pause = min(FIRST_PAUSE_MS << min(beyond, MOST_DOUBLINGS), LONGEST_PAUSE_MS)
    return max(0, max(failures_at_ms) + pause - now_ms)


def wait_ms(login: str, address: str, now_ms: int) -> int:
    """Return how long `address` has to wait before it may try `login` (again)."""
    failures = FailedSignIn.objects.filter(address=address, at_ms__gt=now_ms - REMEMBERED_MS)
    of_name = failures.filter(login=shortened(login))
    return max(
        pause_ms(list(failures.values_list("at_ms", flat=True)), FREE_PER_ADDRESS, now_ms),
        pause_ms(list(of_name.values_list("at_ms", flat=True)), FREE_PER_NAME, now_ms),
    )


def note_failure(login: str, address: str, now_ms: int) -> None:
    """Remember a failure, and forget those that no longer matter."""
    FailedSignIn.objects.filter(at_ms__lte=now_ms - REMEMBERED_MS).delete()
    FailedSignIn.objects.create(login=shortened(login), address=address, at_ms=now_ms)


def shortened(login: str) -> str:
    """Return the name as it is stored: case does not matter, and length is bounded."""
    return login.casefold()[:LOGIN_LENGTH]
