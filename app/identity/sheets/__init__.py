"""Lists that come in from a sheet: looked at first, applied whole, taken back whole; every room brings its own lists.

The toolkit is `app/hall/files/sheets`; here are the pages, the batches, and who may.
"""
