"""The leader's page: what got worse, how sure we are, who carries it, what we did, did it help."""
