//! Passwords: changing one's own, and having forgotten it.

use askama::Template;

use super::Shell;

/// A person changes their password.
#[derive(Debug, Clone, Template)]
#[template(path = "password.html")]
pub struct PasswordPage {
    /// The frame.
    pub s: Shell,
    /// Characters the organisation asks for.
    pub chars_min: u32,
    /// Which lists a new password is looked for in.
    pub list: String,
    /// What is wrong: fields and texts.
    pub problems: Vec<(&'static str, String)>,
}

/// Anyone asks for a link to set a forgotten password.
#[derive(Debug, Clone, Template)]
#[template(path = "forgotten.html")]
pub struct ForgottenPage {
    /// The frame.
    pub s: Shell,
    /// What was typed.
    pub email: String,
    /// It was asked.
    pub done: bool,
    /// What is wrong.
    pub problem: Option<String>,
}
