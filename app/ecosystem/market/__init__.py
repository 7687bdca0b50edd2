"""Needs and offers: written, reviewed, published, closed; masked for everybody else."""
