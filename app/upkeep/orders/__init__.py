"""Work orders and faults: one order per plan and occurrence, done with checklist, photographs, parts and sign-off."""
