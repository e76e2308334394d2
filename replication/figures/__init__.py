"""How figures are made: what a panel is given, one look, and the marks that panels share."""
