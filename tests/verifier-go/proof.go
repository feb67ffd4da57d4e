// The proof of one entry (docs/formats/ledger.md), and the signature of a security key in its detail: with the Go project's
// own libraries and nothing of CEREBRO's.

package main

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"net/url"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// entry is a leaf.
type entry struct {
	Actor, Commitment, Kind, Operation, Organisation, Subject string
	At                                                        int64
	V                                                         int
}

// detail is what an entry commits to, as far as a signature speaks of it.
type detail struct {
	Flow, Reason, Becomes string
	SeenSHA256            string        `json:"seen_sha256"`
	KeySignature          *keySignature `json:"key_signature"`
}

type keySignature struct {
	Statement, Origin, Credential, Key string
	AuthenticatorData                  string `json:"authenticator_data"`
	ClientData                         string `json:"client_data"`
	Signature                          string
}

// checkProof verifies a proof that carries its entry.
func checkProof(path string, key note.Verifier) {
	text, err := os.ReadFile(path)
	refuse(err)
	head, signed, found := strings.Cut(string(text), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "extra ") || !strings.HasPrefix(lines[2], "index ") {
		refuse(fmt.Errorf("not a proof that carries its entry"))
	}
	var extra struct{ Leaf, Salt, Detail *string }
	refuse(json.Unmarshal(standard(lines[1][6:]), &extra))
	if extra.Leaf == nil {
		refuse(fmt.Errorf("the proof does not carry its entry"))
	}
	leaf := standard(*extra.Leaf)
	index, err := strconv.ParseInt(lines[2][6:], 10, 64)
	refuse(err)
	var audit tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		refuse(err)
		audit = append(audit, hash)
	}
	tree := openNote([]byte(signed), key)
	refuse(tlog.CheckRecord(audit, tree.N, tree.Hash, index, tlog.RecordHash(leaf)))
	var said entry
	refuse(json.Unmarshal(leaf, &said))
	fmt.Printf("verified entry %d: %s\n", index, said.Kind)
	if extra.Salt == nil || extra.Detail == nil {
		return
	}
	commitment := sha256.Sum256(append(standard(*extra.Salt), *extra.Detail...))
	if base64.StdEncoding.EncodeToString(commitment[:]) != said.Commitment {
		refuse(fmt.Errorf("the detail is not the one that the entry commits to"))
	}
	var opened detail
	refuse(json.Unmarshal([]byte(*extra.Detail), &opened))
	if opened.KeySignature != nil {
		checkSignature(said, opened, *opened.KeySignature)
		fmt.Printf("verified the signature of the key %x\n", sha256.Sum256(raw(opened.KeySignature.Key)))
	}
}

// checkSignature takes the four steps of docs/formats/ledger.md.
func checkSignature(said entry, opened detail, kept keySignature) {
	client, data := raw(kept.ClientData), raw(kept.AuthenticatorData)
	statement := sha256.Sum256([]byte(kept.Statement))
	var written struct {
		Type, Challenge, Origin string
		CrossOrigin             bool
	}
	refuse(json.Unmarshal(client, &written))
	must(written.Type == "webauthn.get" && written.Origin == kept.Origin && !written.CrossOrigin, "client_data: another act or another origin")
	must(written.Challenge == base64.RawURLEncoding.EncodeToString(statement[:]), "client_data: another statement")

	origin, err := url.Parse(kept.Origin)
	refuse(err)
	host := sha256.Sum256([]byte(origin.Hostname()))
	must(len(data) >= 37 && bytes.Equal(data[:32], host[:]), "authenticator_data: for another host")
	must(data[32]&5 == 5, "authenticator_data: nobody was present, or nobody knew who")

	hash := sha256.Sum256(client)
	must(verifies(cose(raw(kept.Key)), append(data, hash[:]...), raw(kept.Signature)), "the signature is not this key's")

	var stated map[string]interface{}
	refuse(json.Unmarshal([]byte(kept.Statement), &stated))
	reason := sha256.Sum256([]byte(opened.Reason))
	for name, value := range map[string]string{
		"account": said.Actor, "hold": said.Subject, "organisation": said.Organisation,
		"flow": opened.Flow, "content_sha256": opened.SeenSHA256,
		"reason_sha256": hex.EncodeToString(reason[:]), "decision": decision(said.Kind, opened.Becomes),
	} {
		must(stated[name] == value, "the statement is about something else: "+name)
	}
}

func decision(kind, becomes string) string {
	verdict := map[string]string{"released": "release", "rejected": "reject"}[becomes]
	prefix, known := map[string]string{"hold.released": "", "hold.rejected": "", "hold.arbitrated": "rule_", "hold.overruled": "overrule_"}[kind]
	must(known && verdict != "", "an entry of this kind is not signed")
	return prefix + verdict
}

// verifies a signature by what the key's algorithm says: ES256, EdDSA, RS256.
func verifies(key map[int64]interface{}, signed, signature []byte) bool {
	hash := sha256.Sum256(signed)
	algorithm, _ := key[3].(int64)
	part := func(label int64) []byte {
		bytes, _ := key[label].([]byte)
		return bytes
	}
	number := func(label int64) *big.Int { return new(big.Int).SetBytes(part(label)) }
	switch algorithm {
	case -7:
		return ecdsa.VerifyASN1(&ecdsa.PublicKey{Curve: elliptic.P256(), X: number(-2), Y: number(-3)}, hash[:], signature)
	case -8:
		return len(part(-2)) == ed25519.PublicKeySize && ed25519.Verify(part(-2), signed, signature)
	case -257:
		public := rsa.PublicKey{N: number(-1), E: int(number(-2).Int64())}
		return rsa.VerifyPKCS1v15(&public, crypto.SHA256, hash[:], signature) == nil
	}
	return false
}

// cose reads a map of whole numbers to whole numbers and byte strings: all that a key is made of (RFC 8949, RFC 9052 §7).
func cose(data []byte) map[int64]interface{} {
	key := map[int64]interface{}{}
	head := func() (major byte, value uint64) {
		must(len(data) > 0, "the key is cut short")
		major, value = data[0]>>5, uint64(data[0]&31)
		data = data[1:]
		if size := map[uint64]int{24: 1, 25: 2, 26: 4}[value]; size > 0 {
			must(len(data) >= size, "the key is cut short")
			value = binary.BigEndian.Uint64(append(make([]byte, 8-size), data[:size]...))
			data = data[size:]
		} else {
			must(value < 24, "the key is no COSE_Key")
		}
		return major, value
	}
	whole := func(major byte, value uint64) int64 {
		must(major < 2, "the key is no COSE_Key")
		if major == 1 {
			return -1 - int64(value)
		}
		return int64(value)
	}
	major, pairs := head()
	must(major == 5, "the key is no COSE_Key")
	for ; pairs > 0; pairs-- {
		label := whole(head())
		if major, value := head(); major == 2 {
			must(uint64(len(data)) >= value, "the key is cut short")
			key[label], data = data[:value:value], data[value:]
		} else {
			key[label] = whole(major, value)
		}
	}
	must(len(data) == 0, "there is more than a key")
	return key
}

func standard(text string) []byte {
	bytes, err := base64.StdEncoding.DecodeString(text)
	refuse(err)
	return bytes
}

func raw(text string) []byte {
	bytes, err := base64.RawURLEncoding.DecodeString(text)
	refuse(err)
	return bytes
}

func must(holds bool, otherwise string) {
	if !holds {
		refuse(fmt.Errorf("%s", otherwise))
	}
}
