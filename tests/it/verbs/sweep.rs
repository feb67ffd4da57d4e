//! Blobs that no row names go, the others stay.

use std::path::{Path, PathBuf};
use std::time::Duration;

use operations::flows::sweep;
use vocabulary::{BlobId, bounds};

use crate::support::{each_engine, message};

fn blobs(directory: &Path) -> Vec<PathBuf> {
    let shards = std::fs::read_dir(directory.join("blobs")).unwrap().flatten();
    shards
        .flat_map(|shard| std::fs::read_dir(shard.path()).unwrap().flatten())
        .map(|file| file.path())
        .collect()
}

/// The file system's own clock decides: the past is put on the file.
fn age(path: &Path) {
    let past = path.metadata().unwrap().modified().unwrap() - bounds::BLOB_GRACE - Duration::from_secs(1);
    std::fs::File::options().append(true).open(path).unwrap().set_modified(past).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn orphans_go_after_their_grace_and_what_a_flow_names_stays() {
    each_engine(async |cerebro| {
        let large = message(&"une ligne de texte\n".repeat(8_000));
        cerebro.send(&["r.lemarrec@client.example"], large).await.unwrap();
        let [named] = blobs(&cerebro.directory).try_into().unwrap();
        let instance = cerebro.cerebro.instance();
        let orphan = BlobId::new(instance.now(), instance.entropy());
        instance.blobs().put(orphan, b"sealed, and its row never came").unwrap();
        let unfinished = named.with_extension("part");
        std::fs::write(&unfinished, b"cut").unwrap();
        assert_eq!(sweep::sweep(&cerebro.cerebro).await.unwrap(), 0, "all of them are young");
        blobs(&cerebro.directory).iter().for_each(|path| age(path));
        assert_eq!(sweep::sweep(&cerebro.cerebro).await.unwrap(), 2);
        assert_eq!(blobs(&cerebro.directory), [named]);
    })
    .await;
}
