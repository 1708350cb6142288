"""The desk: decides what a mail is, whose it is and by when it must be passed on, and remembers it."""
