"""Policy 政策: what fits a firm before it asks – rule files with tests inside, facts with their source, fits with reasons.

Main words: Policy, Condition, Fact, Fit. Unknown is a value here: a missing fact is neither zero nor false.
Start reading at `rules/policy.py` (what a rule file says), then `rules/grammar.py`, `rules/evaluation.py`, `rules/fits.py`.
"""
