"""Which days and hours the offices work: the State Council's rows, plain weekends, spans of a working day."""
