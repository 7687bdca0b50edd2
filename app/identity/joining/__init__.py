"""Two rows of one firm become one, by one audited act; ties: what other rooms know of an organisation."""
