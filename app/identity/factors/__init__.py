"""Second factors: a code of an authenticator, a passkey, codes for the day they are lost."""
