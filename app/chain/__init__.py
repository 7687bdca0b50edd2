"""Chain 产业链: who depends on whom, where the park is weak, whom to bring, who should meet.

Main words: IndustryChain, Segment, InputCoefficient, Position, SupplyLink, Prospect, ChainAction, Scenario.
Start reading at `register/facts.py` (the plain rows every pure file takes), then `weak_links/rules.py` (where the park is
weak), `knock_out/rules.py` (what stops), `recruit/plan.py` (whom to invite together).
"""
