"""Who is asked, on which channel, how often reminded, and which layer is due this quarter."""
