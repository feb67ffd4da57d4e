//! The real model's files, and invented ones.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use pulp::Arch;
use sha2::{Digest, Sha256};

use crate::{Encoder, Files};

/// The real model, where it is at hand: skipped and said elsewhere, never in the build's own run.
pub(super) fn real() -> Option<&'static Encoder> {
    static REAL: OnceLock<Option<Encoder>> = OnceLock::new();
    REAL.get_or_init(|| read("use-m3-fren.safetensors", "use-m3-fren")).as_ref()
}

/// The second encoder, likewise.
pub(super) fn second() -> Option<&'static Encoder> {
    static SECOND: OnceLock<Option<Encoder>> = OnceLock::new();
    SECOND.get_or_init(|| read("e5-small-fren-q4.safetensors", "e5-small-fren")).as_ref()
}

fn read(network: &str, name: &str) -> Option<Encoder> {
    let folder = folder()?;
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let (network, pieces, head) =
        (read(network), read(&format!("{name}.vocab.txt")), read(&format!("{name}.head.safetensors")));
    Some(Encoder::read(Files { network: &network, pieces: &pieces, head: &head }).unwrap())
}

fn folder() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/models");
    let folder = std::env::var_os("CEREBRO_MODELS").map_or(beside, PathBuf::from);
    if folder.join("use-m3-fren.safetensors").is_file() {
        return Some(folder);
    }
    assert!(std::env::var_os("CEREBRO_CI").is_none(), "there is no encoder (set CEREBRO_MODELS)");
    eprintln!("skipped: there is no encoder (set CEREBRO_MODELS)");
    None
}

/// Every instruction set of this machine that `Arch` chooses among.
pub(crate) fn archs() -> Vec<Arch> {
    let mut archs = vec![Arch::Scalar];
    #[cfg(target_arch = "x86_64")]
    {
        archs.extend(pulp::x86::V3::try_new().map(Arch::V3));
        archs.extend(pulp::x86::V4::try_new().map(Arch::V4));
    }
    archs
}

pub(super) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The pieces of the invented model: marks, blanks, letters, some longer ones.
pub(super) const PIECES: [&str; 14] =
    ["<unk>", "<s>", "</s>", "▁", "a", "b", "c", "ab", "abc", "▁a", "▁ab", "é", "cé", "bc"];

/// An invented model of the real one's shape with fourteen pieces, its numbers from a congruence.
pub(super) struct Made {
    pub(super) network: Vec<u8>,
    pub(super) pieces: Vec<u8>,
    pub(super) head: Vec<u8>,
}

impl Made {
    pub(super) fn new() -> Self {
        let count = PIECES.len();
        let mut tables = vec![
            ("emb.q".to_owned(), "U8", vec![count, 512]),
            ("emb.scale".to_owned(), "F32", vec![count]),
            ("emb.lo".to_owned(), "F32", vec![count]),
            ("piece.score".to_owned(), "F32", vec![count]),
            ("proj.proj_b".to_owned(), "F32", vec![768]),
            ("proj.ln_g".to_owned(), "F32", vec![768]),
            ("proj.ln_b".to_owned(), "F32", vec![768]),
            ("ln.g".to_owned(), "F32", vec![1280]),
            ("ln.b".to_owned(), "F32", vec![1280]),
            ("out.b".to_owned(), "F32", vec![512]),
        ];
        let mut matrix = |name: &str, inputs: usize, outputs: usize| {
            tables.push((name.to_owned(), "I8", vec![inputs, outputs]));
            tables.push((format!("{name}.scale"), "F32", vec![outputs]));
        };
        matrix("proj.w", 512, 768);
        matrix("out.w", 1280, 512);
        for (name, inputs, outputs) in [
            ("d0", 512, 320),
            ("p1", 512, 320),
            ("d1", 320, 320),
            ("d2", 320, 512),
            ("p3", 320, 512),
            ("d3", 512, 512),
        ] {
            matrix(&format!("dnn.{name}"), inputs, outputs);
        }
        for window in [2, 3, 5] {
            matrix(&format!("cnn{window}.w1"), window * 256, 256);
            matrix(&format!("cnn{window}.w2"), window * 256, 256);
        }
        for window in [2, 3, 5] {
            tables.push((format!("cnn{window}.b1"), "F32", vec![256]));
            tables.push((format!("cnn{window}.b2"), "F32", vec![256]));
        }
        let head = vec![
            ("weight".to_owned(), "F32", vec![3, 512]),
            ("mean".to_owned(), "F32", vec![512]),
            ("bias".to_owned(), "F32", vec![3]),
        ];
        Self {
            network: file(&tables, ""),
            pieces: PIECES.join("\n").into_bytes(),
            head: file(&head, r#""__metadata__":{"classes":"benign,one,other"},"#),
        }
    }

    /// Of the second encoder's shape; the same pieces after its own marks.
    pub(super) fn second() -> Self {
        let mut tables = vec![
            ("emb.word.q4".to_owned(), "U8", vec![PIECES.len() + 1, 216]),
            ("emb.pos".to_owned(), "F16", vec![512, 384]),
            ("emb.type".to_owned(), "F32", vec![768]),
            ("piece.score".to_owned(), "F32", vec![PIECES.len() + 1]),
        ];
        let norm = |name: &str| ["w", "b"].map(|part| (format!("{name}.{part}"), "F32", vec![384]));
        tables.extend(norm("emb.ln"));
        for layer in 0..12 {
            for (name, inputs, outputs) in [
                ("q", 384, 384),
                ("k", 384, 384),
                ("v", 384, 384),
                ("ao", 384, 384),
                ("fi", 384, 1536),
                ("fo", 1536, 384),
            ] {
                tables.push((format!("l{layer}.{name}.w.q4"), "U8", vec![outputs, inputs / 32 * 18]));
                tables.push((format!("l{layer}.{name}.b"), "F32", vec![outputs]));
            }
            tables.extend(norm(&format!("l{layer}.aln")));
            tables.extend(norm(&format!("l{layer}.oln")));
        }
        let head = vec![
            ("weight".to_owned(), "F32", vec![3, 384]),
            ("mean".to_owned(), "F32", vec![384]),
            ("bias".to_owned(), "F32", vec![3]),
        ];
        let pieces = [&["<s>", "<pad>", "</s>", "<unk>"], PIECES.get(3..).unwrap()].concat();
        Self {
            network: file(&tables, ""),
            pieces: pieces.join("\n").into_bytes(),
            head: file(&head, r#""__metadata__":{"classes":"benign,one,other"},"#),
        }
    }

    pub(super) fn files(&self) -> Files<'_> {
        Files { network: &self.network, pieces: &self.pieces, head: &self.head }
    }
}

fn file(tables: &[(String, &str, Vec<usize>)], notes: &str) -> Vec<u8> {
    let mut random = 0x5EED_u64;
    let mut next = move || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as u32
    };
    let (mut header, mut data) = (Vec::new(), Vec::new());
    for (name, dtype, shape) in tables {
        let from = data.len();
        for place in 0..shape.iter().product() {
            match *dtype {
                "F32" => {
                    let unit = (next() % 2_000) as f32 / 1_000.0 - 1.0;
                    let number = match name.as_str() {
                        "piece.score" => likely(place),
                        name if name.ends_with("scale") => (unit + 1.5) / 1_000.0,
                        name if name.ends_with("_g") || name == "ln.g" || name.ends_with("ln.w") => {
                            unit + 1.5
                        }
                        _ => unit / 10.0,
                    };
                    data.extend(number.to_le_bytes());
                }
                "F16" => data.extend(((next() as u16 & 0x83FF) | 0x2C00).to_le_bytes()),
                // The scale of a block, between a hundred-and-twenty-eighth and twice that.
                _ if name.ends_with("q4") && place % 18 == 1 => data.push(0x20 | (next() as u8 & 3)),
                _ => data.push(next() as u8),
            }
        }
        header.push(format!(
            r#""{name}":{{"dtype":"{dtype}","shape":{shape:?},"data_offsets":[{from},{}]}}"#,
            data.len()
        ));
    }
    let header = format!("{{{notes}{}}}", header.join(","));
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &data].concat()
}

/// The likelier the longer.
fn likely(piece: usize) -> f32 {
    let length = PIECES.get(piece).map_or(1, |piece| piece.len());
    (length * length) as f32 - 100.0
}
