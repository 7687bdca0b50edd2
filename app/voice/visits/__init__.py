"""Who is heard next, by whom, and when: contact plans, visits and the week."""
