"""Which skills answer a question, with which typed arguments. Rules only; the same question gives the same plan."""

from salus.assistant.route.plan import Plan, plan
from salus.assistant.route.plan import unclear_days as unclear

__all__ = ["Plan", "plan", "unclear"]
