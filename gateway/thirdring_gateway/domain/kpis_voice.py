"""KPIs of what the ears hear: manners on the phone, from desks that have the microphones for it and from no others."""

from thirdring_gateway.domain.figures import Rate, Spread
from thirdring_gateway.domain.kpi import Words, kpi
from thirdring_gateway.domain.scope import Scope
from thirdring_gateway.domain.selections import count, is_loud, is_loudness_known


@kpi(
    "R14",
    en=Words(
        "Greeting delay",
        "from off-hook to the agent's first words, of calls in which the agent was heard",
        "Calls in which the agent never spoke are counted beside it; desks without an agent's microphone are not.",
    ),
    zh=Words(
        "问候延迟",
        "从摘机到坐席开口的时间（已监听坐席声音的电话）",
        "坐席始终未说话的电话另行计数；没有坐席麦克风的终端不计。",
    ),
)
def greeting(scope: Scope) -> Spread:
    """How long the caller waited for the first words."""
    greeting_ms = scope.voices["greeting_ms"]
    heard = scope.voices["agent_ms"] >= 0
    return Spread(greeting_ms[greeting_ms >= 0], {"unspoken": count(heard & (greeting_ms < 0))})


@kpi(
    "R07",
    en=Words(
        "Longest silence",
        "longest two-way silence of each call that was listened to",
        "Silence while the caller is on hold is no silence of the conversation.",
    ),
    zh=Words("最长沉默", "每个已监听电话中双方最长的沉默时间", "保持期间的静音不计。"),
)
def silence(scope: Scope) -> Spread:
    """The longest silence of each call."""
    silence_ms = scope.voices["silence_max_ms"]
    return Spread(silence_ms[silence_ms >= 0])


@kpi(
    "R08",
    en=Words(
        "Interrupted calls",
        "calls in which the agent spoke into the caller's words / calls in which both were heard",
        "Needs a microphone for each of the two.",
    ),
    zh=Words("打断客户率", "坐席打断客户的电话 / 双方声音均已监听的电话", "需要双声道监听。"),
)
def interrupted(scope: Scope) -> Rate:
    """Calls with an interruption among those in which one could have been heard."""
    interruptions = scope.voices["interruptions"]
    return Rate(count(interruptions > 0), count(interruptions >= 0))


@kpi(
    "R09",
    en=Words(
        "Loud calls",
        "calls with more than 10 % of the agent's speech loud / calls in which loudness was measured",
        "Loud is relative to the desk's own norm. The share is a proposal: no rule fixes it.",
    ),
    zh=Words(
        "高声电话率",
        "坐席高声说话超过其说话时间10%的电话 / 已测量音量的电话",
        "高声相对于该坐席的平常音量。该比例为建议值，规范未作规定。",
    ),
)
def loud(scope: Scope) -> Rate:
    """Loud calls among those in which loudness was measured."""
    return Rate(count(is_loud(scope)), count(is_loudness_known(scope)))


VOICE_KPIS = (greeting, silence, interrupted, loud)
