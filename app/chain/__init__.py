"""Chain 产业链: who depends on whom, where the park is weak, whom to bring, who should meet.

Main words: IndustryChain, Segment, InputCoefficient, Position, SupplyLink, Prospect, ChainAction, Scenario.
Start reading at `facts.py` (the plain rows every pure file takes), then `assessment.py` (weak links),
`knockout.py`, `risk.py`; pages and storage are in `service/` and `views/`.
"""
