// Command ledger-go judges Voxkeep ledgers with the Go module golang.org/x/mod alone (packages
// sumdb/note and sumdb/tlog, as Debian ships them): signature, every entry, every hash tile,
// inclusion, and consistency with checkpoints published earlier.
//
// It reads requests from standard input, one JSON object a line:
//
//	{"id": "…", "folder": "site/ledger", "key": "verifier key", "earlier": ["checkpoint file", …]}
//
// and answers each with one line: {"id": "…", "ok": true, "size": 12, "entries": 12, "earlier": 3},
// or {"id": "…", "ok": false, "error": "…"}.
package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Voxkeep's tiles have 2^8 hashes, as C2SP tlog-tiles fixes it.
const tileHeight = 8

type request struct {
	ID      json.RawMessage `json:"id"`
	Folder  string          `json:"folder"`
	Key     string          `json:"key"`
	Earlier []string        `json:"earlier"`
}

type answer struct {
	ID      json.RawMessage `json:"id"`
	OK      bool            `json:"ok"`
	Size    int64           `json:"size"`
	Entries int64           `json:"entries"`
	Earlier int             `json:"earlier"`
	Error   string          `json:"error,omitempty"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<22)
	out := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var asked request
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			fmt.Fprintln(os.Stderr, "a line is no request:", err)
			os.Exit(2)
		}
		given := answer{ID: asked.ID}
		if err := judge(asked, &given); err != nil {
			given.Error = err.Error()
		} else {
			given.OK = true
		}
		if err := out.Encode(given); err != nil {
			os.Exit(1)
		}
	}
}

// judge returns nil when the folder holds the log that its checkpoint signs.
func judge(asked request, given *answer) error {
	verifier, err := note.NewVerifier(asked.Key)
	if err != nil {
		return err
	}
	tree, err := openCheckpoint(filepath.Join(asked.Folder, "checkpoint"), verifier)
	if err != nil {
		return err
	}
	given.Size = tree.N
	hashes := tlog.TileHashReader(tree, &tileFolder{asked.Folder, map[string][]byte{}})
	if tree.N > 0 {
		if err := judgeEntries(asked.Folder, tree, hashes, given); err != nil {
			return err
		}
		if err := judgeInclusion(tree, hashes); err != nil {
			return err
		}
	}
	for _, path := range asked.Earlier {
		if err := judgeEarlier(path, verifier, tree, hashes); err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
		given.Earlier++
	}
	return nil
}

// judgeEarlier returns nil when the tree continues the one of a checkpoint published earlier.
func judgeEarlier(path string, verifier note.Verifier, tree tlog.Tree, hashes tlog.HashReader) error {
	old, err := openCheckpoint(path, verifier)
	if err != nil || old.N == 0 {
		return err
	}
	if old.N > tree.N {
		return fmt.Errorf("a tree of %d was published, and this one is of %d", old.N, tree.N)
	}
	proof, err := tlog.ProveTree(tree.N, old.N, hashes)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash)
}

// openCheckpoint reads a checkpoint (C2SP tlog-checkpoint); its origin is the verifier's name.
func openCheckpoint(path string, verifier note.Verifier) (tlog.Tree, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return tlog.Tree{}, err
	}
	signed, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(signed.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("this is no checkpoint of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return tlog.Tree{}, fmt.Errorf("the checkpoint has no size")
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return tlog.Tree{}, err
	}
	return tlog.Tree{N: size, Hash: root}, nil
}

// judgeEntries compares every entry with its leaf hash, which the signed root vouches for.
func judgeEntries(folder string, tree tlog.Tree, hashes tlog.HashReader, given *answer) error {
	for first := int64(0); first < tree.N; first += 1 << tileHeight {
		width := tree.N - first
		if width > 1<<tileHeight {
			width = 1 << tileHeight
		}
		tile := tlog.Tile{H: tileHeight, L: -1, N: first >> tileHeight, W: int(width)}
		bundle, err := os.ReadFile(filepath.Join(folder, pathOf(tile)))
		if err != nil {
			return err
		}
		indexes := make([]int64, width)
		for at := range indexes {
			indexes[at] = tlog.StoredHashIndex(0, first+int64(at))
		}
		leaves, err := hashes.ReadHashes(indexes)
		if err != nil {
			return err
		}
		for at := int64(0); at < width; at++ {
			if len(bundle) < 2 {
				return fmt.Errorf("the bundle of entry %d ends too early", first+at)
			}
			length := int(binary.BigEndian.Uint16(bundle))
			if len(bundle) < 2+length {
				return fmt.Errorf("the bundle of entry %d ends too early", first+at)
			}
			if tlog.RecordHash(bundle[2:2+length]) != leaves[at] {
				return fmt.Errorf("entry %d is not the one that was logged", first+at)
			}
			bundle = bundle[2+length:]
			given.Entries++
		}
		if len(bundle) > 0 {
			return fmt.Errorf("the bundle after entry %d goes on", first+width-1)
		}
	}
	return nil
}

// judgeInclusion proves and checks entries spread over the whole tree.
func judgeInclusion(tree tlog.Tree, hashes tlog.HashReader) error {
	step := tree.N/16 + 1
	for index := int64(0); index < tree.N; index += step {
		leaf, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
		if err != nil {
			return err
		}
		proof, err := tlog.ProveRecord(tree.N, index, hashes)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf[0]); err != nil {
			return fmt.Errorf("entry %d: %w", index, err)
		}
	}
	return nil
}

// tileFolder gives the tiles of a folder; TileHashReader checks them against the signed root.
type tileFolder struct {
	folder string
	read   map[string][]byte
}

func (t *tileFolder) Height() int { return tileHeight }

func (t *tileFolder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, len(tiles))
	for at, tile := range tiles {
		path := pathOf(tile)
		data, known := t.read[path]
		if !known {
			var err error
			if data, err = os.ReadFile(filepath.Join(t.folder, path)); err != nil {
				return nil, err
			}
			t.read[path] = data
		}
		found[at] = data
	}
	return found, nil
}

func (t *tileFolder) SaveTiles([]tlog.Tile, [][]byte) {}

// pathOf is tlog's path without the height, which C2SP tlog-tiles leaves out; level -1 are entries.
func pathOf(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight))
	return "tile/" + strings.Replace(path, "data/", "entries/", 1)
}
