"""Who hung up first (R10): said only where it could have been sensed, and always with the reason."""

from thirdring_unit.core.settings import Settings

from tests.core.desk import Desk, only, settings

EARS: dict[str, object] = {"line_device": "line", "agent_device": "agent"}


def answered(of: Settings) -> Desk:
    """A call answered at 10 s, in which both speak until 30 s."""
    desk = Desk(of).ring(7000, 1).off_hook(10_000)
    return desk.hear("voice", "agent", 10_500, 20_000).hear("voice", "line", 20_000, 30_000)


def verdict(desk: Desk, hang_up_ms: int = 40_000) -> tuple[object, object]:
    ended = only(desk.edge(hang_up_ms, "loop", False).facts(), "ended")[2]
    return ended["by"], ended["why"]


def test_a_clearing_tone_before_on_hook_says_caller() -> None:
    for tone in ("busy", "congestion", "disconnect", "dial"):
        desk = answered(settings(sound=EARS)).hear("tone", "line", 31_000, 39_000, tone)
        assert verdict(desk) == ("caller", tone + " tone")


def test_on_hook_without_a_tone_says_agent_where_tones_are_heard() -> None:
    assert verdict(answered(settings(sound=EARS))) == ("agent", "on-hook first")


def test_on_hook_without_an_open_loop_says_agent_where_the_exchange_opens_the_loop() -> None:
    assert verdict(answered(settings(line={"open_loop": True}))) == ("agent", "on-hook first")


def test_nobody_is_blamed_where_the_callers_going_cannot_be_sensed() -> None:
    assert verdict(answered(settings())) == ("unknown", "no tone sensing")
    silent_exchange = settings(line={"far_end_tone": False}, sound=EARS)
    assert verdict(answered(silent_exchange)) == ("unknown", "no clearing tone")


def test_an_open_loop_says_caller_even_where_it_is_not_expected() -> None:
    for of in (settings(), settings(line={"open_loop": True}), settings(sound=EARS)):
        assert verdict(answered(of).open_loop(31_000, 600)) == ("caller", "open loop")


def test_a_tone_told_after_on_hook_but_begun_before_it_still_counts() -> None:
    desk = answered(settings(sound=EARS)).hear("tone", "line", 39_950, None, "busy")
    assert verdict(desk) == ("caller", "busy tone")


def test_a_tone_begun_after_on_hook_says_nothing() -> None:
    desk = answered(settings(sound=EARS)).hear("tone", "line", 40_050, None, "dial")
    assert verdict(desk) == ("agent", "on-hook first")


def test_speech_long_after_a_clearing_tone_takes_it_back() -> None:
    desk = (
        answered(settings(sound=EARS))
        .hear("tone", "line", 31_000, 33_000, "busy")
        .hear("voice", "line", 36_000, 39_000)
    )
    assert verdict(desk) == ("agent", "on-hook first")


def test_other_tones_say_nothing() -> None:
    for tone in ("ringback", "dtmf", "waiting", "hold"):
        desk = answered(settings(sound=EARS)).hear("tone", "line", 31_000, 32_000, tone)
        assert verdict(desk) == ("agent", "on-hook first"), tone


def test_the_tones_of_a_consultation_are_not_the_callers() -> None:
    desk = answered(settings(sound=EARS)).open_loop(31_000, 100).hear("tone", "line", 32_000, 35_000, "busy")
    assert verdict(desk) == ("unknown", "transfer")


def test_a_caller_who_leaves_while_on_hold_left_first() -> None:
    desk = answered(settings(sound=EARS)).press(31_000).hear("tone", "line", 35_000, 39_000, "busy")
    assert verdict(desk) == ("caller", "busy tone")


def test_a_flash_to_a_waiting_call_is_no_transfer() -> None:
    desk = answered(settings(sound=EARS)).hear("tone", "line", 31_000, 31_300, "waiting").open_loop(35_000, 100)
    assert verdict(desk) == ("unknown", "call waiting")


def test_a_break_that_may_be_flash_or_open_loop_is_not_taken_for_either() -> None:
    american = settings("US", line={"open_loop": True})
    assert verdict(answered(american).open_loop(31_000, 600)) == ("unknown", "flash or open loop")


def test_dialling_after_such_a_break_shows_that_it_was_a_flash() -> None:
    american = settings("US", line={"open_loop": True}, sound=EARS)
    desk = answered(american).open_loop(31_000, 600).hear("tone", "line", 33_000, 33_200, "dtmf")
    assert verdict(desk) == ("unknown", "transfer")


def test_a_dialled_call_has_no_caller_to_hang_up() -> None:
    desk = Desk(settings(sound=EARS)).off_hook(10_000).hear("tone", "line", 31_000, None, "busy")
    assert verdict(desk) == ("unknown", "dialled")


def test_a_failed_ear_blames_nobody() -> None:
    desk = answered(settings(sound=EARS)).hear("fault", "line", 31_000)
    assert verdict(desk) == ("unknown", "no tone sensing")
