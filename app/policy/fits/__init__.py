"""What fits whom: kept per version and firm, computed again only where a fact of it changed."""
