"""Training of the orbit networks on procedural phantoms. Not needed to build, test or run the product."""
