"""Questionnaires that refuse empty questions, and what their answers say."""
