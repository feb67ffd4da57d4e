//! `cerebro demo-code`: the codes that the demo's people read on their phones, for visitors who have none of theirs.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use identity::totp::{STEP_SECONDS, TotpSecret};
use vocabulary::{Clock as _, SystemClock, Timestamp};

use super::people;
use crate::commands::say;

/// The current code of the people of a running demo.
#[derive(Debug, Args)]
pub(crate) struct DemoCode {
    /// The demo's directory, as it printed it.
    #[arg(long)]
    dir: PathBuf,
    /// Whose, by any part of the name, address or mission; everybody's when absent.
    who: Option<String>,
}

/// Prints one line a person: code, seconds it has left, mission, address.
pub(crate) fn run(command: &DemoCode) -> anyhow::Result<()> {
    let cast = people::again(&command.dir)?;
    let wanted = command.who.as_deref().unwrap_or_default().to_lowercase();
    let now = SystemClock.now();
    let mut found = false;
    for person in &cast.people {
        let known = [&person.name, &person.email, &person.mission];
        if known.iter().any(|text| text.to_lowercase().contains(&wanted)) {
            found = true;
            let code =
                code(&person.totp_secret, now).with_context(|| format!("the secret of {}", person.name))?;
            let left = STEP_SECONDS - u64::try_from(now.seconds()).unwrap_or(0) % STEP_SECONDS;
            say(&format!("{code}  {left:>2} s  {:<14} {}", person.mission, person.email));
        }
    }
    if found { Ok(()) } else { bail!("nobody of this demo is {wanted:?}") }
}

/// The code of a person now; `None` where the secret is not base 32.
pub(super) fn code(secret: &str, now: Timestamp) -> Option<String> {
    Some(TotpSecret::from_bytes(base32_bytes(secret)?).code_at(now).expose().clone())
}

/// RFC 4648 base 32 without padding, read.
fn base32_bytes(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut buffer, mut bits) = (0_u32, 0);
    for letter in text.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'2'..=b'7' => letter - b'2' + 26,
            _ => return None,
        };
        buffer = ((buffer << 5) | u32::from(value)) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((buffer >> bits) & 0xff).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, SHA-1, the last six of its eight digits.
    #[test]
    fn t1_the_vectors_of_rfc_6238() {
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        for (seconds, wanted) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            let at = Timestamp::from_micros(seconds * 1_000_000);
            assert_eq!(code(secret, at).as_deref(), Some(wanted));
        }
        assert_eq!(code("not base 32", Timestamp::default()), None);
    }
}
