"""Through which lanes policies let their data be asked, each alone and all together."""

from collections.abc import Sequence

from policies.classes import Access, Openness
from policies.schema import Policy

ACCESS_FOR = {
    "query": frozenset((Access.API, Access.ALGORITHM)),
    "algorithm": frozenset((Access.ALGORITHM,)),
    "reviewed": frozenset((Access.ALGORITHM,)),
}
"""The ways of access of which a lane needs one, by lane."""
LANES_ZH = {"query": "查询通道", "algorithm": "算法通道", "reviewed": "审核通道"}


def open_lanes(policy: Policy) -> tuple[str, ...]:
    """Name the lanes that are on and within the dataset's ways of access."""
    if policy.openness is Openness.CLOSED:
        return ()
    return tuple(
        lane
        for lane, ways in ACCESS_FOR.items()
        if lane in policy.lanes.on and ways.intersection(policy.access)
    )


def common_lanes(policies: Sequence[Policy]) -> tuple[str, ...]:
    """Name the lanes that every policy opens: of several, the strictest counts."""
    opened = [open_lanes(policy) for policy in policies]
    return tuple(lane for lane in ACCESS_FOR if opened and all(lane in each for each in opened))


def lane_zh(lane: str) -> str:
    """Name a lane in Chinese; an unknown one by its own name."""
    return LANES_ZH.get(lane, f"“{lane}”通道")
