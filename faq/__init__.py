"""Help content: what a customer reads, and how it is found."""
