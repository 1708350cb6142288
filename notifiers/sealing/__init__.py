"""Encrypts what goes to a customer: S/MIME (RFC 8551) or PGP/MIME (RFC 3156), as the key that is held asks for."""
