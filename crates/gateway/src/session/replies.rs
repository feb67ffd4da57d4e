//! Every reply of the session itself, in one table: code, enhanced status code, text. `docs/operating/smtp.md` explains them.

use crate::Reply;

/// A reply known at compile time.
pub(crate) struct Fixed(u16, &'static str, &'static str);

impl Fixed {
    pub(crate) fn reply(&self) -> Reply {
        Reply::new(self.0, self.1, self.2)
    }
}

pub(crate) const SENDER_OK: Fixed = Fixed(250, "2.1.0", "Sender accepted");
pub(crate) const RECIPIENT_OK: Fixed = Fixed(250, "2.1.5", "Recipient accepted");
pub(crate) const RESET: Fixed = Fixed(250, "2.0.0", "Reset");
pub(crate) const NOTHING_DONE: Fixed = Fixed(250, "2.0.0", "OK");
pub(crate) const NOT_VERIFIED: Fixed =
    Fixed(252, "2.5.0", "Not verified; send and the message will be decided on");
pub(crate) const HELP: Fixed = Fixed(214, "2.0.0", "See RFC 5321");
pub(crate) const BYE: Fixed = Fixed(221, "2.0.0", "Bye");
pub(crate) const READY_FOR_TLS: Fixed = Fixed(220, "2.0.0", "Ready to start TLS");

pub(crate) const SIGNED_IN: Fixed = Fixed(235, "2.7.0", "Signed in");

pub(crate) const BUSY: Fixed = Fixed(421, "4.7.0", "Too many connections, try later");
pub(crate) const STOPPING: Fixed = Fixed(421, "4.3.2", "Service stopping, try later");
pub(crate) const NOT_HEALTHY_NOW: Fixed = Fixed(421, "4.3.0", "Messages cannot be taken now, try later");
pub(crate) const IDLE: Fixed = Fixed(421, "4.4.2", "Waited too long, closing");
pub(crate) const TOO_MANY_ERRORS: Fixed = Fixed(421, "4.7.0", "Too many errors, closing");
pub(crate) const TOO_MANY_SECRETS: Fixed = Fixed(421, "4.7.0", "Too many wrong secrets, closing");
pub(crate) const NOT_HEALTHY: Fixed = Fixed(451, "4.3.0", "Messages cannot be taken now, try later");
pub(crate) const RECEPTION_FAILED: Fixed = Fixed(451, "4.3.0", "Not taken, try later");
pub(crate) const TOO_MANY_RECIPIENTS: Fixed =
    Fixed(452, "4.5.3", "Too many recipients; send the rest in another message");
pub(crate) const DISK_REFUSED: Fixed = Fixed(452, "4.3.1", "The message could not be stored, try later");
pub(crate) const NO_ROOM: Fixed = Fixed(452, "4.3.1", "Too much in reception now, try later");

pub(crate) const UNKNOWN: Fixed = Fixed(500, "5.5.1", "Command unknown");
pub(crate) const SYNTAX: Fixed = Fixed(500, "5.5.2", "Syntax error");
pub(crate) const LINE_TOO_LONG: Fixed = Fixed(500, "5.5.2", "Command line too long");
pub(crate) const CONTROL_CHARACTER: Fixed =
    Fixed(500, "5.5.2", "Control character in a command; lines end with CR LF");
pub(crate) const NOT_UTF8: Fixed = Fixed(500, "5.5.2", "Command is not UTF-8");
pub(crate) const MAIL_SYNTAX: Fixed = Fixed(
    501,
    "5.5.2",
    "Syntax: MAIL FROM:<address> [SIZE=n] [BODY=7BIT|8BITMIME] [SMTPUTF8] [RET=] [ENVID=]",
);
pub(crate) const RCPT_SYNTAX: Fixed =
    Fixed(501, "5.5.2", "Syntax: RCPT TO:<address> [NOTIFY=list] [ORCPT=type;address]");
pub(crate) const AUTH_SYNTAX: Fixed = Fixed(501, "5.5.2", "Syntax: AUTH PLAIN|LOGIN, answers in base64");
pub(crate) const AUTH_CANCELLED: Fixed = Fixed(501, "5.7.0", "Signing in was given up");
pub(crate) const NO_ARGUMENT: Fixed = Fixed(501, "5.5.4", "This command takes no argument");
pub(crate) const HELO_NEEDS_NAME: Fixed = Fixed(501, "5.5.4", "Syntax: EHLO host-name");
pub(crate) const PARAMETER_VALUE: Fixed =
    Fixed(501, "5.5.4", "Parameter repeated or its value not understood");
pub(crate) const SENDER_ADDRESS: Fixed = Fixed(501, "5.1.7", "Sender address not understood");
pub(crate) const RECIPIENT_ADDRESS: Fixed = Fixed(501, "5.1.3", "Recipient address not understood");
pub(crate) const NOT_IMPLEMENTED: Fixed = Fixed(502, "5.5.1", "Command not implemented");
pub(crate) const NEEDS_EHLO: Fixed = Fixed(503, "5.5.1", "Say EHLO first");
pub(crate) const NEEDS_MAIL: Fixed = Fixed(503, "5.5.1", "Say MAIL first");
pub(crate) const NEEDS_RCPT: Fixed = Fixed(503, "5.5.1", "Say RCPT first");
pub(crate) const MAIL_TWICE: Fixed = Fixed(503, "5.5.1", "A message is under way; say RSET first");
pub(crate) const AUTH_NOT_NOW: Fixed =
    Fixed(503, "5.5.1", "AUTH is not possible now: once only, after EHLO, between messages");
pub(crate) const MECHANISM: Fixed = Fixed(504, "5.5.4", "Mechanism not offered");
pub(crate) const TLS_NOT_OFFERED: Fixed = Fixed(502, "5.5.1", "TLS is not offered");
pub(crate) const TLS_ALREADY: Fixed = Fixed(503, "5.5.1", "TLS is active already");
pub(crate) const TLS_FIRST: Fixed = Fixed(530, "5.7.0", "Say STARTTLS first");
pub(crate) const LOGIN_FIRST: Fixed = Fixed(530, "5.7.0", "Authentication required");
pub(crate) const AUTH_FAILED: Fixed = Fixed(535, "5.7.8", "Name or secret is wrong");
pub(crate) const AUTH_NEEDS_TLS: Fixed = Fixed(538, "5.7.11", "Say STARTTLS before AUTH");
pub(crate) const NO_RELAY: Fixed =
    Fixed(550, "5.7.1", "You are not a declared client; nothing is relayed for you");
pub(crate) const OTHER_TENANT: Fixed =
    Fixed(550, "5.7.1", "The message does not come from a declared tenant");
pub(crate) const NEEDS_SMTPUTF8: Fixed = Fixed(550, "5.6.7", "A non-ASCII address needs SMTPUTF8");
pub(crate) const TOO_LARGE: Fixed = Fixed(552, "5.3.4", "Message larger than the size announced in EHLO");
pub(crate) const ROUTED_ADDRESS: Fixed =
    Fixed(553, "5.1.3", "Addresses that ask for further routing are refused");
pub(crate) const STRANGER: Fixed =
    Fixed(554, "5.7.1", "You are not a declared client; nothing is relayed for you");
pub(crate) const NOT_HTTP: Fixed = Fixed(554, "5.5.1", "This is a mail server");
pub(crate) const NO_CHUNKS: Fixed = Fixed(502, "5.5.1", "BDAT is not offered (RFC 3030), closing");
pub(crate) const PIPELINING: Fixed = Fixed(554, "5.5.0", "Sent before it was your turn (RFC 2920), closing");
pub(crate) const BARE_LINE_END: Fixed =
    Fixed(554, "5.6.0", "Bare CR or LF in the message, closing; lines end with CR LF");
pub(crate) const NUL: Fixed = Fixed(554, "5.6.0", "NUL in the message, closing");
pub(crate) const CONTENT_LINE_TOO_LONG: Fixed = Fixed(554, "5.6.0", "A line of the message is too long");
pub(crate) const LOOP: Fixed = Fixed(554, "5.4.6", "Too many Received fields: the message is in a loop");
pub(crate) const PARAMETER_UNKNOWN: Fixed = Fixed(555, "5.5.4", "Parameter not implemented");
