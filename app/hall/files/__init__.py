"""Files of people: read without trust, every problem with its place; written whole or not at all.

Where to start: `sheet.read_sheet` (one table of a CSV file or workbook), `commands` (how a file command answers).
"""
