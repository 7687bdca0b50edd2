"""The register of firms as a sheet."""
