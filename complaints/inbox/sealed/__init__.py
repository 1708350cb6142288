"""Mail that came encrypted or signed, by S/MIME (RFC 8551) or OpenPGP (RFC 3156): opened with the keys we hold."""
