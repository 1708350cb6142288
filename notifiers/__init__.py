"""The voice: turns a notice into mail or a message and gets it out."""
