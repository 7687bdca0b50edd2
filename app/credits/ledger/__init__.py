"""The ledger: whole credits moved between accounts by one INSERT, entries, lots, holds, seals, the audit that proves them."""
