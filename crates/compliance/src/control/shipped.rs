//! The control files CEREBRO comes with, compiled in. A test holds this list to the directory.

use vocabulary::bounds;

macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        /// Each file's name and text.
        pub(super) const SHIPPED: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../../../controls/", $name)))),+];
    };
}

files! {
    "cal-01.toml",
    "cli-01.toml",
    "cli-02.toml",
    "cli-03.toml",
    "cli-04.toml",
    "cli-05.toml",
    "cli-06.toml",
    "cnd-01.toml",
    "cnd-02.toml",
    "fin-01.toml",
    "fin-02.toml",
    "fin-03.toml",
    "fin-04.toml",
    "fin-05.toml",
    "fin-06.toml",
    "fin-07.toml",
    "fin-08.toml",
    "lbl-01.toml",
    "mar-01.toml",
    "mar-02.toml",
    "mar-03.toml",
    "mar-04.toml",
    "pii-01.toml",
    "pii-02.toml",
    "pii-03.toml",
    "pii-04.toml",
    "pii-05.toml",
    "pii-06.toml",
    "pii-07.toml",
    "pii-08.toml",
    "pii-09.toml",
    "prv-01.toml",
    "prv-02.toml",
    "prv-03.toml",
    "prv-04.toml",
    "rcp-01.toml",
    "rcp-02.toml",
    "rcp-03.toml",
    "rcp-04.toml",
    "rcp-05.toml",
    "rcp-06.toml",
    "rcp-07.toml",
    "rcp-08.toml",
    "rcp-09.toml",
    "rcp-10.toml",
    "rec-01.toml",
    "rec-02.toml",
    "rec-03.toml",
    "rec-04.toml",
    "scan-01.toml",
    "scan-02.toml",
    "scan-03.toml",
    "scan-04.toml",
    "scan-05.toml",
    "scan-06.toml",
    "scan-07.toml",
    "sec-01.toml",
    "sec-02.toml",
    "sec-03.toml",
    "sec-04.toml",
    "sec-05.toml",
    "sem-01.toml",
    "sem-02.toml",
    "sem-03.toml",
}

const _: () = assert!(SHIPPED.len() <= bounds::CONTROLS_MAX);
