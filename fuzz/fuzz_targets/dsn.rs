#![no_main]
//! The parameters of `MAIL` and `RCPT`: `RET`, `ENVID`, `NOTIFY`, `ORCPT`, `SIZE`, `BODY`, in one conversation.

use libfuzzer_sys::fuzz_target;

fuzz_target!(|parameters: (Vec<u8>, Vec<u8>)| {
    let (mail, to) = parameters;
    let line = |bytes: &[u8]| {
        bytes.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect::<Vec<u8>>()
    };
    let said = [
        b"EHLO x.example\r\nMAIL FROM:<a@orveane.example> ".as_slice(),
        &line(&mail),
        b"\r\nRCPT TO:<b@x.example> ",
        &line(&to),
        b"\r\nDATA\r\n",
    ]
    .concat();
    fuzz::conversation(&said);
});
