"""Files to rows: a chain folder or workbook read strictly, every problem with file, line, column and what was expected.

Nothing here trusts a file: lines, cells, rows and unpacked sizes are bounded before they are held in memory.
Where to start: `reading.read_chain`.
"""

from app.chain.importing.cells import Problem
from app.chain.importing.reading import Reading, read_added, read_chain

__all__ = ["Problem", "Reading", "read_added", "read_chain"]
