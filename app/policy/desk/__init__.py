"""The officer's desk: firms by state, who needs a person, what became of pushes, who wins and loses."""
