//! SMTP in (listener, session) and out (relay).
