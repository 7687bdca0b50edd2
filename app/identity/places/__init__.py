"""Buildings and rooms of the park, by the codes that labels and rules use."""
