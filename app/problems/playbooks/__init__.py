"""What was learnt as a checklist that others take up, and the proof that they did."""
