"""The park's register of firms as a sheet: firms with their first administrators in, matched to who is there, and out."""
