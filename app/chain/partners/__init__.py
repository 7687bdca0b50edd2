"""Whom a firm should buy from or sell to, with reasons it can check."""
