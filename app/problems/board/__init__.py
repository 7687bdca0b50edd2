"""Problems as readers see them: cards by clock, the page with its path, the report with its rows."""
