"""From interest to money: a case with its days, judged by the version it began with."""
