"""How organisations come in: who is there already, a new row with its first administrator, an application of strangers."""
