"""What conversations are made of, without Django."""
