"""A chain as Parquet: the tables of the folder with their types; only where the extra `columns` is installed."""

from __future__ import annotations

import importlib
import importlib.util
import io
import zipfile

from app.chain.exchange.export import table_rows, tables_of
from app.chain.exchange.tables import AMOUNT, COEFFICIENT, STAGE, YES_NO
from app.chain.register import facts


def installed() -> bool:
    """Whether Parquet can be written here."""
    return importlib.util.find_spec("pyarrow") is not None


def parquet_zip(chain: facts.Chain) -> bytes:
    """One file a table: amounts and coefficients as doubles, stages as whole numbers, yes and no as booleans."""
    pa, pq = (importlib.import_module(name) for name in ("pyarrow", "pyarrow.parquet"))
    types = {AMOUNT: pa.float64(), COEFFICIENT: pa.float64(), STAGE: pa.int64(), YES_NO: pa.bool_()}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in tables_of(chain):
            schema = pa.schema(
                [(column.name, types.get(column.holds, pa.string())) for column in table.columns]
            )
            rows = [dict(zip(table.header, row, strict=True)) for row in table_rows(chain, table)]
            file = io.BytesIO()
            pq.write_table(pa.Table.from_pylist(rows, schema), file)
            archive.writestr(f"{table.name}.parquet", file.getvalue())
    return stream.getvalue()
