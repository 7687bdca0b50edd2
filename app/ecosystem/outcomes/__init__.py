"""What came of an introduction: counted once the one who got it signed."""
