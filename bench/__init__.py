"""`make bench`: how fast the help center is, as ratios to something known that is measured in the same run."""
