"""Processes that the gateway starts and ends: what is heavy or may crash never holds up a light."""

from collections.abc import Callable
from multiprocessing import get_context, resource_tracker
from multiprocessing.process import BaseProcess
from signal import SIG_BLOCK, SIG_SETMASK, SIGINT, pthread_sigmask
from typing import Any

JOIN_S = 5


def born(work: Callable[..., None], arguments: tuple[Any, ...], name: str) -> BaseProcess:
    """Return a process that does `work`; it is born deaf to Ctrl-C, which is the gateway's to answer."""
    process = get_context("spawn").Process(target=work, args=arguments, name=name)
    resource_tracker.ensure_running()  # which unblocks SIGINT again when it has to be started first
    blocked = pthread_sigmask(SIG_BLOCK, {SIGINT})
    try:
        process.start()
    finally:
        pthread_sigmask(SIG_SETMASK, blocked)
    return process


def end(process: BaseProcess) -> None:
    """End a process, by force when it does not end otherwise."""
    process.terminate()
    process.join(JOIN_S)
    if process.is_alive():
        process.kill()
        process.join()
