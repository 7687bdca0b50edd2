"""Upkeep 维保: the machine mended before it stops – what falls due by days, hours and condition.

Main words: Machine, Plan, Reading, condition. Start reading at `plans/rules.py` (when a plan is due), then
`readings/rules.py` (what a meter says), `plans/availability.py` (how much a machine was there).
"""
