"""The invariants by name, and those that one query can prove: each returns (subject, what is wrong)."""

from __future__ import annotations

# What the replay and the queries prove, in the order in which the audit prints them.
INVARIANTS = (
    "accounts",
    "zero_sum",
    "legs",
    "counters",
    "never_negative",
    "sequence",
    "chain",
    "holds",
    "lots_mirror",
    "lots_balance",
    "lots_explain",
    "first_to_expire",
    "expiry",
    "reversals",
    "claims",
    "evidence",
    "redemptions",
    "stock",
    "periods",
    "issued",
    "kept_months",
    "grounds",
    "files",
    "clock",
    "seals",
    "guards",
)

# The constraints and unique indexes without which a wrong row could be written.
CONSTRAINTS = {
    "sqlite": {
        *(
            f"ck_transfer_{name}"
            for name in (
                "amount",
                "one_member",
                "legs",
                "phase",
                "reverses",
                "lot",
                "lot_expires",
                "hold_until",
                "effective",
                "texts",
            )
        ),
        *(f"ck_account_{name}" for name in ("kind", "owner", "never_negative", "counters")),
    },
    "postgresql": {"ck_transfer_well_formed", "ck_account_well_formed"},
}
_CONSTRAINTS = {
    "ck_entry_never_negative",
    "ck_lot_never_over",
    "ck_lot_alloc_never_negative",
    "ck_reward_stock",
    "ck_claim_four_eyes",
    "ck_claim_posted",
    "ck_claim_reversed",
    "ck_redemption_four_eyes",
    "ck_redemption_settled",
    "ck_earn_rule_four_eyes",
    "ck_proposal_four_eyes",
    "ck_appeal_other_reviewer",
    "uq_transfer_idem_key",
    "uq_transfer_pending_id",
    "uq_transfer_reverses_id",
    "uq_entry_account_id_seq",
    "uq_lot_alloc_transfer_id_lot_id",
    "uq_evidence_kind_normal",
    "uq_claim_transfer_id",
    "uq_claim_source_key",
    "uq_redemption_hold_transfer_id",
    "uq_seal_up_to_id_proofs_up_to",
}


for _names in CONSTRAINTS.values():
    _names |= _CONSTRAINTS


_MEMBER = "CASE WHEN t.debit_account_id > 4 THEN t.debit_account_id ELSE t.credit_account_id END"
_PARK = "CASE WHEN t.debit_account_id > 4 THEN t.credit_account_id ELSE t.debit_account_id END"
_SIGNED = "CASE WHEN t.debit_account_id > 4 THEN t.amount ELSE -t.amount END"
QUERIES = (
    (
        "accounts",
        "SELECT 'account ' || id, 'is not the account it should be' FROM account WHERE (id <= 4 AND (organisation_id IS NOT NULL"
        " OR code <> kind OR kind <> CASE id WHEN 1 THEN 'issuance' WHEN 2 THEN 'redeemed' WHEN 3 THEN 'expired' ELSE 'adjust' END"
        " OR debits <> 0 OR credits <> 0 OR held <> 0 OR owed <> 0 OR seq <> 0 OR head <> '')) OR (id > 4 AND (kind <> 'enterprise'"
        " OR organisation_id IS NULL OR code <> 'org:' || organisation_id))",
    ),
    (
        "accounts",
        "SELECT 'transfer ' || t.id, 'moves credits of an account that is not there' FROM transfer t"
        " LEFT JOIN account d ON d.id = t.debit_account_id LEFT JOIN account c ON c.id = t.credit_account_id"
        " WHERE d.id IS NULL OR c.id IS NULL",
    ),
    (
        "lots_mirror",
        "SELECT 'lot ' || l.id, 'lies on no account of an enterprise' FROM lot l"
        " LEFT JOIN account a ON a.id = l.account_id AND a.id > 4 WHERE a.id IS NULL",
    ),
    (
        "zero_sum",
        "SELECT 'transfer ' || transfer_id, 'entries sum to ' || sum(amount) FROM entry GROUP BY transfer_id"
        " HAVING sum(amount) <> 0",
    ),
    (
        "legs",
        f"SELECT 'transfer ' || t.id, 'has no entry on account ' || {_MEMBER} FROM transfer t WHERE NOT EXISTS ("
        f"SELECT 1 FROM entry e WHERE e.transfer_id = t.id AND e.account_id = {_MEMBER} AND e.seq IS NOT NULL)",
    ),
    (
        "legs",
        f"SELECT 'transfer ' || t.id, 'has no matching entry on account ' || {_PARK} FROM transfer t"
        f" WHERE t.phase IN ('single', 'post') AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.transfer_id = t.id"
        f" AND e.account_id = {_PARK} AND e.amount = {_SIGNED} AND e.held = 0 AND e.seq IS NULL"
        " AND e.balance_after IS NULL AND e.held_after IS NULL AND e.hash IS NULL)",
    ),
    (
        "legs",
        "SELECT 'entry of transfer ' || e.transfer_id || ' on account ' || e.account_id, 'belongs to no transfer'"
        " FROM entry e LEFT JOIN transfer t ON t.id = e.transfer_id AND e.account_id IN (t.debit_account_id,"
        " t.credit_account_id) WHERE t.id IS NULL",
    ),
    (
        "lots_explain",
        "SELECT 'lot ' || x.lot_id || ' at transfer ' || x.transfer_id, 'allocation without a transfer of its account'"
        " FROM lot_alloc x LEFT JOIN transfer t ON t.id = x.transfer_id LEFT JOIN lot l ON l.id = x.lot_id"
        " WHERE t.id IS NULL OR l.id IS NULL OR l.account_id NOT IN (t.debit_account_id, t.credit_account_id)",
    ),
    (
        "claims",
        "SELECT 'transfer ' || t.id, 'earning without exactly one claim' FROM transfer t LEFT JOIN claim c"
        " ON c.transfer_id = t.id WHERE t.kind = 'earn' AND (c.id IS NULL OR t.source <> 'claim:' || c.id"
        " OR c.credits <> t.amount)",
    ),
    (
        "claims",
        "SELECT 'claim ' || c.id, 'approved without its earning on its own account' FROM claim c"
        " LEFT JOIN transfer t ON t.id = c.transfer_id LEFT JOIN account a ON a.id = t.credit_account_id"
        " WHERE c.state IN ('approved', 'revoked') AND (t.id IS NULL OR t.kind <> 'earn'"
        " OR a.organisation_id <> c.organisation_id)",
    ),
    (
        "claims",
        "SELECT 'claim ' || c.id, 'decided by who submitted it, or without two people' FROM claim c"
        " WHERE c.state IN ('approved', 'revoked', 'rejected') AND c.source_key IS NULL"
        " AND (c.submitted_by IS NULL OR c.decided_by IS NULL OR c.submitted_by = c.decided_by)",
    ),
    (
        "claims",
        "SELECT 'claim ' || c.id, 'revoked without the reversal of its earning' FROM claim c"
        " LEFT JOIN transfer r ON r.id = c.reversal_id WHERE c.state = 'revoked'"
        " AND (r.id IS NULL OR r.reverses_id <> c.transfer_id)",
    ),
    (
        "reversals",
        "SELECT 'transfer ' || r.id, 'reverses an earning whose claim is not revoked' FROM transfer r"
        " JOIN transfer t ON t.id = r.reverses_id AND t.kind = 'earn' LEFT JOIN claim c ON c.transfer_id = t.id"
        " AND c.state = 'revoked' WHERE c.id IS NULL",
    ),
    (
        "evidence",
        "SELECT kind || ' ' || normal, 'counts ' || count(*) || ' times' FROM evidence WHERE live GROUP BY kind, normal"
        " HAVING count(*) > 1",
    ),
    (
        "evidence",
        "SELECT 'evidence ' || v.id, 'of claim ' || c.id || ' in state ' || c.state || ' counts wrongly' FROM evidence v"
        " JOIN claim c ON c.id = v.claim_id WHERE c.source_key IS NULL"
        " AND (v.live <> (c.state IN ('approved', 'revoked'))"
        " OR (v.open_for IS NOT NULL) <> (c.state IN ('submitted', 'returned', 'approved', 'appealed', 'revoked'))"
        " OR v.open_for <> c.organisation_id)",
    ),
    (
        "redemptions",
        "SELECT 'redemption ' || r.id, 'state ' || r.state || ' does not match its hold' FROM redemption r"
        " LEFT JOIN transfer h ON h.id = r.hold_transfer_id LEFT JOIN transfer s ON s.pending_id = r.hold_transfer_id"
        " LEFT JOIN account a ON a.id = h.debit_account_id"
        " WHERE h.id IS NULL OR h.phase <> 'pending' OR h.amount <> r.cost_credits"
        " OR a.organisation_id <> r.organisation_id OR (r.state IN ('requested', 'approved') AND s.id IS NOT NULL)"
        " OR (r.state = 'fulfilled' AND (s.id IS NULL OR s.phase <> 'post' OR s.amount <> r.cost_credits))"
        " OR (r.state IN ('rejected', 'cancelled', 'expired') AND (s.id IS NULL OR s.phase <> 'void'))",
    ),
    (
        "redemptions",
        "SELECT 'transfer ' || h.id, 'holds for a reward without a redemption' FROM transfer h"
        " LEFT JOIN redemption r ON r.hold_transfer_id = h.id WHERE h.phase = 'pending' AND h.source LIKE 'reward:%'"
        " AND r.id IS NULL",
    ),
    (
        "stock",
        "SELECT 'reward ' || w.code, 'reserved ' || w.reserved || ', issued ' || w.issued || '; redemptions say '"
        " || coalesce(n.reserved, 0) || ', ' || coalesce(n.issued, 0) FROM reward w LEFT JOIN (SELECT reward_id,"
        " sum(CASE WHEN state IN ('requested', 'approved') THEN quantity ELSE 0 END) AS reserved,"
        " sum(CASE WHEN state = 'fulfilled' THEN quantity ELSE 0 END) AS issued FROM redemption GROUP BY reward_id) n"
        " ON n.reward_id = w.id WHERE w.reserved <> coalesce(n.reserved, 0) OR w.issued <> coalesce(n.issued, 0)"
        " OR w.reserved + w.issued > w.stock",
    ),
    (
        "periods",
        "SELECT 'transfer ' || t.id, 'recorded after ' || p.month || ' was closed, effective in it' FROM period p"
        " JOIN transfer t ON t.effective_at < p.ends_at AND t.recorded_at > p.closed_at",
    ),
)
