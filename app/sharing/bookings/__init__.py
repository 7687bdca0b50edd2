"""Who has what when: wishes judged and written, the waiting list, series, boards and feeds."""
