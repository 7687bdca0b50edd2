"""The optimiser of flexible requests: reads an instance, plans it, explains the plan. Knows neither web nor database.

Start reading at `model` (the words), `documents` (the file format), `worth` (what a place is worth), `solver` (the route).
The solvers are imported by the first call, not by the first import.
"""
