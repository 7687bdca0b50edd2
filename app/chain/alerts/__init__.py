"""What appeared, worsened or was relieved, and who is told."""
