"""Quality of generated images: a metric is a file, and so is a feature extractor."""
