"""What templates of the help content need."""
