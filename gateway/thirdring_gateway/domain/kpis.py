"""Every KPI of Thirdring: one small pure function each, with its definition beside it.

A new KPI (R33) is a function from `Scope` to `Rate` or `Spread` under `@kpi(...)`, and its name in `KPIS`.
"""

import numpy as np

from thirdring_gateway.domain.calls import LEFT, SERVED, WAITING
from thirdring_gateway.domain.figures import Figure, Rate, Spread
from thirdring_gateway.domain.kpi import Kpi, Words, kpi
from thirdring_gateway.domain.kpis_voice import VOICE_KPIS
from thirdring_gateway.domain.scope import Scope
from thirdring_gateway.domain.selections import (
    answered,
    count,
    ends_known,
    held_too_long,
    in_state,
    not_offered,
    offered,
    timely,
    vip_late,
    was_held,
)
from thirdring_gateway.domain.sums import BY

__all__ = ["KPIS", "VERSION", "Kpi", "Words", "figures"]

VERSION = "1"
"""Of the definitions: it is printed with every report and rises when a formula or an edge changes."""


# ---- answering


@kpi(
    "R01",
    "R02",
    en=Words(
        "Timely answer rate",
        "calls answered within 3 rings / calls answered",
        "Answered between ring 3 and ring 4 counts as 3. A call whose rings could not be counted is unclassified: "
        "in neither number. Dialled and test calls are out.",
    ),
    zh=Words(
        "接听及时率",
        "三声内接听的电话 / 已接听的电话",
        "第三声与第四声之间接听按三声计。无法计数铃声的电话列为“未分类”，不计入分子和分母。去电和测试电话不计。",
    ),
)
def timely_answer(scope: Scope) -> Rate:
    """Answered with at most 3 rings among all answered whose rings are known."""
    counted = answered(scope) & (scope.calls["rings"] >= 0)
    unclassified = count(answered(scope)) - count(counted)
    return Rate(count(timely(scope)), count(counted), {"unclassified": unclassified})


@kpi(
    "R02",
    en=Words(
        "Reach rate",
        "calls answered / (calls answered + calls missed that rang at least 5 s)",
        "Missed calls that rang shorter, missed calls of unknown length, all calls out of hours, and calls cut off by "
        "the loss of their unit stand beside it.",
    ),
    zh=Words(
        "接通率",
        "已接听 / (已接听 + 响铃至少5秒的未接)",
        "响铃更短的未接、时长未知的未接、营业时间以外的来电以及因终端失联而中断的来电单独列出。",
    ),
)
def reach(scope: Scope) -> Rate:
    """Answered among the offered calls of the opening hours."""
    return Rate(count(answered(scope) & scope.in_hours), count(offered(scope)), not_offered(scope))


@kpi(
    "R02",
    en=Words(
        "Timely of offered",
        "calls answered within 3 rings / (calls answered + calls missed that rang at least 5 s)",
        "Only a call that is known to be timely counts, so that nothing can hide behind it: answered calls whose "
        "rings could not be counted are in the lower number only, and their count stands beside it.",
    ),
    zh=Words(
        "来电及时接听率",
        "三声内接听 / (已接听 + 响铃至少5秒的未接)",
        "只有确知及时的电话才计入分子：无法计数铃声的已接电话只计入分母，其数量另列。营业时间以外的来电单独列出。",
    ),
)
def timely_of_offered(scope: Scope) -> Rate:
    """Timely among the offered calls of the opening hours."""
    unclassified = count(answered(scope) & scope.in_hours & (scope.calls["rings"] < 0))
    beside = {"unclassified": unclassified} | not_offered(scope)
    return Rate(count(timely(scope) & scope.in_hours), count(offered(scope)), beside)


@kpi(
    "R01",
    en=Words(
        "Answer time",
        "from the start of the first ring to off-hook, of calls answered",
        "Mean, median, 90th percentile (nearest rank) and longest. A wait that is not known is counted beside it.",
    ),
    zh=Words(
        "接听时长",
        "已接听电话从首次响铃开始到摘机的时间",
        "平均、中位、第90百分位（最近秩）和最长。未知的等待时间单独计数。",
    ),
)
def answer_time(scope: Scope) -> Spread:
    """The waits of answered calls."""
    wait_ms = scope.calls["wait_ms"][answered(scope)]
    known = wait_ms >= 0
    return Spread(wait_ms[known], {"unknown": count(~known)})


# ---- holding


@kpi(
    "R04",
    "R05",
    en=Words(
        "Hold",
        "time on hold per call that was held: the sum of its holds",
        "Holds by key, flash or transfer, music, and two-way silence, also in calls that were dialled. A call with a "
        "hold whose end is not known (unit lost) is counted as unknown and left out, an answered call at a desk that "
        "senses no holds as not monitored.",
    ),
    zh=Words(
        "保持等待",
        "有保持的电话中客户等待的总时间",
        "包括保持键、拍叉或转接、音乐和双向静音，去电也计入。结束时间未知（终端失联）的电话计为“未知”，不参与计算；"
        "终端无法感知保持的已接电话计为“未监测”。",
    ),
)
def hold(scope: Scope) -> Spread:
    """The whole hold of each held call, and its mean over all answered calls for which holds are sensed."""
    held, held_ms = was_held(scope), scope.calls["held_ms"]
    monitored = answered(scope) & (held_ms >= 0)
    values_ms = held_ms[held & (held_ms >= 0)]
    beside = {
        "mean_per_answered_ms": Spread(held_ms[monitored]).mean_ms,
        "segments": int(scope.calls["holds"][held].sum(dtype=np.int64)),
        "unknown": count(held) - len(values_ms),
        "not_monitored": count(answered(scope) & ~held & (held_ms < 0)),
    }
    return Spread(values_ms, beside)


@kpi(
    "R04",
    en=Words(
        "Hold over limit",
        "calls with a hold longer than 60 s / calls held",
        "Exactly 60.000 s passes. A call with a hold whose end is not known counts when another of its holds is over "
        "the limit, and is else left out and counted as unknown.",
    ),
    zh=Words(
        "保持超时率",
        "有一次保持超过60秒的电话 / 有保持的电话",
        "恰好60.000秒不算超时。结束时间未知的电话，若另有一次超时则计入，否则计为“未知”。",
    ),
)
def hold_over_limit(scope: Scope) -> Rate:
    """Calls with one hold over the limit among the calls held."""
    over, held = held_too_long(scope), was_held(scope)
    counted = over | (held & ends_known(scope))
    return Rate(count(over), count(counted), {"unknown": count(held) - count(counted)})


# ---- VIP customers


@kpi(
    "R16",
    en=Words(
        "VIP over limit",
        "(served late + left late + still waiting late) / (all served + all left + still waiting late)",
        "The limit is the one in force on arrival; exactly the limit passes. Visits without a known wait or limit "
        "are counted as unknown. Still waiting is judged at the unit's last sign of life.",
    ),
    zh=Words(
        "VIP等待超时率",
        "(超时服务 + 超时离开 + 超时仍在等待) / (全部已服务 + 全部离开 + 超时仍在等待)",
        "时限以到达时为准，恰好等于时限不算超时。等待时间或时限未知的计为“未知”。"
        "仍在等待者以终端最后一次通信时间判断。",
    ),
)
def vip_over_limit(scope: Scope) -> Rate:
    """Visits over their limit among those that ended or are over it already."""
    waits, late = in_state(scope, WAITING), vip_late(scope)
    known = (scope.waited_ms >= 0) & (scope.limit_ms >= 0)
    unknown = count(~known & ~waits)
    return Rate(count(late), count(late | (known & ~waits)), {"unknown": unknown})


@kpi(
    "R16",
    en=Words(
        "VIP waiting time",
        "from check-in to served, of VIP customers served",
        "Those who left and those who still wait are counted beside it, as are waits that are not known.",
    ),
    zh=Words("VIP等待时长", "已服务VIP客户从登记到开始服务的时间", "已离开、仍在等待以及等待时间未知的另行计数。"),
)
def vip_wait(scope: Scope) -> Spread:
    """The waits of served VIP customers."""
    wait_ms = scope.waited_ms[in_state(scope, SERVED)]
    known = wait_ms >= 0
    beside = {state: count(in_state(scope, state)) for state in (LEFT, WAITING)}
    return Spread(wait_ms[known], beside | {"unknown": count(~known)})


# ---- courtesy and customers' voices


@kpi(
    "R10",
    en=Words(
        "Caller hung up first",
        "calls ended by the caller / (calls ended by the caller + by the agent)",
        "Calls of which it is not known are counted beside it.",
    ),
    zh=Words("客户先挂机率", "客户先挂机 / (客户先挂机 + 坐席先挂机)", "无法判断的另行计数。"),
)
def caller_hung_up_first(scope: Scope) -> Rate:
    """Answered calls that the caller ended first."""
    caller, agent = (count(answered(scope) & (scope.calls.having("by", BY.index(who)))) for who in ("caller", "agent"))
    return Rate(caller, caller + agent, {"unknown": count(answered(scope)) - caller - agent})


@kpi(
    "R19",
    en=Words("Satisfaction", "ratings of 4 or 5 / ratings", "Presses within 5 s are one rating, the last one."),
    zh=Words("客户满意度", "4至5分的评价 / 全部评价", "5秒内的多次按键按最后一次计。"),
)
def satisfaction(scope: Scope) -> Rate:
    """Satisfied ratings among all ratings."""
    scores = scope.ratings["value"]
    return Rate(count(scores >= scope.settings.satisfied_score), len(scores))


@kpi(
    "R19",
    en=Words(
        "Response",
        "ratings / services",
        "Services are calls answered, ordinary services begun and VIP customers served.",
    ),
    zh=Words("评价率", "评价数 / 服务数", "服务数为已接听电话、开始的普通服务和已服务的VIP客户之和。"),
)
def response(scope: Scope) -> Rate:
    """Ratings among all that could have been rated."""
    services = count(answered(scope)) + len(scope.services) + count(in_state(scope, SERVED))
    return Rate(len(scope.ratings), services)


@kpi(
    "R20",
    en=Words(
        "Resolution", "outcomes resolved / outcomes recorded", "Answered calls without an outcome stand beside it."
    ),
    zh=Words(
        "问题解决率",
        "已解决 / 已记录结果",
        "同一客户7天内再次来电，则前一次不算解决。没有记录结果的已接听电话另行计数。",
    ),
)
def resolution(scope: Scope) -> Rate:
    """Resolved outcomes among those recorded."""
    resolved = count(scope.outcomes.having("value", 1) & ~scope.is_revoked)
    unrecorded = max(0, count(answered(scope)) - len(scope.outcomes))
    return Rate(resolved, len(scope.outcomes), {"unrecorded": unrecorded})


@kpi(
    "R21",
    en=Words(
        "Callbacks kept",
        "callbacks done by the first promised time / callbacks due in the period",
        "Overdue and open is failed; what is not yet due, done or not, is left out and counted beside it.",
    ),
    zh=Words(
        "回复及时率",
        "在首次承诺时间前完成的回复 / 期内到期的回复",
        "逾期未完成计为失败；未到期的无论完成与否均不计入，另行计数。",
    ),
)
def callbacks(scope: Scope) -> Rate:
    """Promises kept among those due."""
    due = [each for each in scope.callbacks if each.due_ms < scope.as_of_ms]
    kept = sum(each.done_ms is not None and each.done_ms <= each.due_ms for each in due)
    return Rate(kept, len(due), {"not_due": len(scope.callbacks) - len(due)})


# ---- how much of the period is known


@kpi(
    "R34",
    en=Words(
        "Coverage",
        "open minutes in which the unit is known to have been up / open minutes",
        "A minute is covered when it lies between two signs of life of the same boot. Under 90 % a desk is not ranked.",
    ),
    zh=Words(
        "覆盖率",
        "确知终端在线的营业分钟 / 营业分钟",
        "位于同一次启动的两次通信之间的分钟为已覆盖。低于90%的坐席不参与比较。",
    ),
)
def coverage(scope: Scope) -> Rate:
    """Covered minutes among open minutes."""
    return Rate(scope.covered_min, scope.open_min)


KPIS = (
    timely_answer,
    reach,
    timely_of_offered,
    answer_time,
    hold,
    hold_over_limit,
    vip_over_limit,
    vip_wait,
    caller_hung_up_first,
    satisfaction,
    response,
    resolution,
    callbacks,
    coverage,
    *VOICE_KPIS,
)


def figures(scope: Scope) -> dict[str, Figure]:
    """Return every KPI of the scope by its key."""
    return {each.key: each.compute(scope) for each in KPIS}
