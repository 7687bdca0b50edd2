"""Files in and out: folder, workbook, GraphML, JSON; every problem with file, line, column and what was expected.

Nothing here trusts a file: lines, cells, rows and unpacked sizes are bounded before they are held in memory.
Where to start: `reading.read_chain`.
"""
