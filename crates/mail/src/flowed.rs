//! `text/plain; format=flowed` (RFC 3676): lines that end with a blank continue.

/// Joins flowed lines; `delete` is `delsp=yes`: the blank at the end goes too.
pub(crate) fn join(text: &str, delete: bool) -> String {
    let mut out = String::with_capacity(text.len());
    // Quote depth of the line that continues.
    let mut open: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let content = line.strip_suffix('\n').unwrap_or(line);
        let depth = content.bytes().take_while(|byte| *byte == b'>').count();
        let body = content.get(depth..).unwrap_or("");
        let body = body.strip_prefix(' ').unwrap_or(body);
        match open {
            Some(above) if above == depth && body != "-- " => out.push_str(body),
            Some(_) => {
                out.push('\n');
                push_line(&mut out, depth, body);
            }
            None => push_line(&mut out, depth, body),
        }
        let flows = body.ends_with(' ') && body != "-- ";
        open = flows.then_some(depth);
        if flows && delete {
            out.pop();
        }
        if !flows && line.len() > content.len() {
            out.push('\n');
        }
    }
    out
}

fn push_line(out: &mut String, depth: usize, body: &str) {
    for _ in 0..depth {
        out.push('>');
    }
    if depth > 0 {
        out.push(' ');
    }
    out.push_str(body);
}
