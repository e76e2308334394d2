"""One loop for all methods, and what it needs to be stopped and resumed at any moment."""
