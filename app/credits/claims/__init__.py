"""Claims: what an enterprise says it contributed, how a reviewer decides, and what a rule grants."""
