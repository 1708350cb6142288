"""One letter, written into every kind of paper by other hands than those that read it."""
