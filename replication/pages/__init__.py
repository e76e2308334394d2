"""One folder per page that belongs to no one paper, one file per panel."""
