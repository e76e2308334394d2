"""Networks whose features the metrics compare: an extractor is a file."""
