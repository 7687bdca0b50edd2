"""Organisations: who takes part in the park, how a firm comes in, and the directory other rooms read."""
