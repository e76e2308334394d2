"""What a reader sees of a number, alike everywhere. No torch here."""
