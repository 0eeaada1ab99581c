"""Leaders and their groups: ways up on which only leaders are met."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commissions.engine import tree
from commissions.engine.bonuses.meeting import LAST_USED
from commissions.engine.frames import Frame
from commissions.engine.ground import Ground
from commissions.engine.plan import GenerationRule, Leaders
from commissions.engine.reasons import Outcome
from commissions.engine.requirements import met_everywhere
from commissions.engine.snapshot import Flag
from commissions.engine.walking import go_up, in_network

Rows = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]
Outcomes = NDArray[np.uint8]
Places = NDArray[np.int16]


@dataclass(slots=True, eq=False)
class LeadersWay:
    """Entries by owner, on their way from leader to leader; `found` is in the tree's order.

    At first they are at the group leader: generation 0.
    """

    frame: Frame
    parent: Rows
    leads: Bools
    """By network row: leaders who occupy a level."""
    found: Rows

    @classmethod
    def begin(cls, ground: Ground, leaders: Leaders, tree_index: int, rank: int = 0) -> LeadersWay:
        """Return everybody's sales at their group leaders; `rank`: those from that rank on lead."""
        frame = ground.frame(tree_index)
        if leaders.rank_of_earner:
            leads = ground.standings.paid_as >= rank
        else:
            leads = met_everywhere(ground, leaders.who)
        leads = leads & ground.allowed(Flag.OCCUPIES_LEVEL)
        parent = frame.ordered_parent
        first = tree.nearest(parent, frame.there(leads))
        if leaders.sales_above:
            first = np.where(parent >= 0, first[parent], np.int32(-1))
        return cls(frame, parent, leads, first)

    @property
    def group_leader(self) -> Rows:
        """Return who leads the group of each owner's sales, by network row: before a step.

        A copy: steps move `found` on where it stands.
        """
        return in_network(self.frame, self.found).copy()

    def only_leaders(self, outcome: Outcomes) -> Outcomes:
        """Return what happens at each network row, where who does not lead is looked through."""
        through = np.uint8(Outcome.NOT_A_LEADER)
        return np.where(self.leads | (outcome == Outcome.SKIPPED_STATE), outcome, through)

    def go(self, outcome: Outcomes) -> Rows:
        """Move on to the next leader who uses a generation up; return who that is."""
        uses = self.frame.there(outcome) <= LAST_USED
        go_up(self.parent, uses, self.found, np.empty(len(self.found), np.int32))
        return in_network(self.frame, self.found)


def less_leader(rate: Int64s, leaders: Int64s, rule: GenerationRule) -> Int64s:
    """Return rates less the group leaders' rates for generation 1, at least the minimum."""
    return np.maximum(rate - np.maximum(leaders, 0), rule.minimum_ppm)


def with_rank(ground: Ground, place: Places, rank: int) -> Places:
    """Return rates' places of those with exactly that paid-as rank (0: of everybody)."""
    if not rank:
        return place
    return np.where(ground.standings.paid_as == rank, place, np.int16(-1))


def about_rank(ground: Ground, rank: int) -> Bools | None:
    """Return whom the rounds of one rank tell of: those who have it; of no rank, the lowest's."""
    if not rank:
        return None
    paid_as = ground.standings.paid_as
    about: Bools = (paid_as == rank) | ((paid_as == 0) & (rank == 1))
    return about
