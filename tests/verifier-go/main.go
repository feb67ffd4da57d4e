// Verifies a log exported by `cerebro ledger export` with nothing of CEREBRO's: the Go project's own libraries for
// signed notes and tiled logs, as Debian packages them (golang-go, golang-golang-x-mod-dev).
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run main.go proof.go DIR VKEY [EARLIER-CHECKPOINT…]
//	GO111MODULE=off GOPATH=/usr/share/gocode go run main.go proof.go FILE.tlog-proof VKEY
//
// Of a log it shows that the checkpoint is signed by VKEY, that every entry stands under its root, and that the log only grew
// since each earlier checkpoint; of a proof, that its entry does, and that the security key in it signed what the entry says.
// It exits 1, and says why, at the first thing that is not so.
package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// directory serves tiles from files. This library writes `tile/8/…` and `data` where tlog-tiles has `tile/…` and `entries`.
type directory string

func (dir directory) read(tile tlog.Tile) []byte {
	path := strings.Replace(strings.Replace(tile.Path(), "tile/8/", "tile/", 1), "/data/", "/entries/", 1)
	data, err := os.ReadFile(filepath.Join(string(dir), path))
	refuse(err)
	return data
}

func (dir directory) Height() int                         { return height }
func (dir directory) SaveTiles(_ []tlog.Tile, _ [][]byte) {}
func (dir directory) ReadTiles(tiles []tlog.Tile) (data [][]byte, err error) {
	for _, tile := range tiles {
		data = append(data, dir.read(tile))
	}
	return data, nil
}

func main() {
	if len(os.Args) < 3 {
		refuse(fmt.Errorf("usage: %s DIR VKEY [EARLIER-CHECKPOINT…]", os.Args[0]))
	}
	dir := directory(os.Args[1])
	key, err := note.NewVerifier(os.Args[2])
	refuse(err)
	if strings.HasSuffix(os.Args[1], ".tlog-proof") {
		checkProof(os.Args[1], key)
		return
	}
	latest := open(filepath.Join(string(dir), "checkpoint"), key)
	// The reader checks every tile against the signed root before it gives a hash of it.
	hashes := tlog.TileHashReader(latest, dir)
	for first := int64(0); first < latest.N; first += 1 << height {
		width := latest.N - first
		if width > 1<<height {
			width = 1 << height
		}
		bundle := dir.read(tlog.Tile{H: height, L: -1, N: first >> height, W: int(width)})
		for index := first; index < first+width; index++ {
			if len(bundle) < 2 || len(bundle)-2 < int(binary.BigEndian.Uint16(bundle)) {
				refuse(fmt.Errorf("entry %d: its bundle is too short", index))
			}
			end := 2 + int(binary.BigEndian.Uint16(bundle))
			proof, err := tlog.ProveRecord(latest.N, index, hashes)
			refuse(err)
			if tlog.CheckRecord(proof, latest.N, latest.Hash, index, tlog.RecordHash(bundle[2:end])) != nil {
				refuse(fmt.Errorf("entry %d: not the one that was signed", index))
			}
			bundle = bundle[end:]
		}
		if len(bundle) > 0 {
			refuse(fmt.Errorf("entries %d-%d: more bytes than entries", first, first+width-1))
		}
	}
	for _, path := range os.Args[3:] {
		if earlier := open(path, key); earlier.N > 0 {
			proof, err := tlog.ProveTree(latest.N, earlier.N, hashes)
			refuse(err)
			refuse(tlog.CheckTree(proof, latest.N, latest.Hash, earlier.N, earlier.Hash))
		}
	}
	fmt.Printf("verified %d entries and %d earlier checkpoints\n", latest.N, len(os.Args)-3)
}

// open reads a checkpoint that key signed: origin, size and root on lines of their own.
func open(path string, key note.Verifier) tlog.Tree {
	text, err := os.ReadFile(path)
	refuse(err)
	return openNote(text, key)
}

// openNote reads a checkpoint's note.
func openNote(text []byte, key note.Verifier) tlog.Tree {
	signed, err := note.Open(text, note.VerifierList(key))
	refuse(err)
	lines := strings.Split(signed.Text, "\n")
	if len(lines) < 4 || lines[0] != key.Name() {
		refuse(fmt.Errorf("not a checkpoint of %s", key.Name()))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	refuse(err)
	root, err := tlog.ParseHash(lines[2])
	refuse(err)
	return tlog.Tree{N: size, Hash: root}
}

func refuse(err error) {
	if err != nil {
		fmt.Println("NOT VERIFIED:", err)
		os.Exit(1)
	}
}
