//! Who someone is: organisation, account, authenticator, session.
