"""Input–output tables as statistics offices publish them: read, matched to segments, turned into input coefficients."""
