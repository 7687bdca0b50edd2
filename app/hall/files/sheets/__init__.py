"""The one toolkit for the tables a park sends: spreadsheets and CSV in, judged row by row; templates and exports out.

Start with `columns.Column`, which says as data what a column holds; `reading.read` finds and judges a table,
`compare.compare` says what it would change, `writing` makes the template and the export that it reads again.
"""
