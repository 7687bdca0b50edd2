"""Problems 问题闭环: one sentence, one person, one date, one answer – and the way back from any figure to it.

Main words: Problem, class (immediate, process, longterm), Clock, Pause, first responsible, five haves, Playbook.
Start reading at `clocks/rules.py` (due and state of every clock), then `work/rules.py` (who answers for it),
`closing/rules.py` (what a closing needs), `reports/rules.py` (what the park sees of it all).
"""
