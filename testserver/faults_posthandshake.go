package testserver

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/tls"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	digest "hash"
	"strings"
)

// Messages of TLS 1.3 after its handshake (RFC 8446 sections 4.6 and 5).
const (
	messageTicket    = 4
	messageKeyUpdate = 24

	recordData      = 23 // on the outside
	recordHandshake = 22 // and inside
)

// postHandshakeFaults are messages without end after a handshake
// (CVE-2026-32283).
func postHandshakeFaults() []Fault {
	flooding := func(name, about string, message []byte) Fault {
		return Fault{ID: "A63", Name: name, About: about, Expect: "T:tls", Over: overTLS, PerConnection: true,
			link: &link{config: readable, after: func(h *handshake, l *line) ending { return postHandshakeFlood(h, l, message) }}}
	}
	// Its lifetime and age, a nonce of one byte, a ticket of two, no extensions.
	ticket := []byte{messageTicket, 0, 0, 16, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 2, 't', 't', 0, 0}
	return []Fault{
		flooding("a63-key-updates", "KeyUpdate without end", []byte{messageKeyUpdate, 0, 0, 1, 1}),
		flooding("a63-tickets", "NewSessionTicket without end", ticket),
	}
}

// readable makes a handshake tell its keys. No ticket of crypto/tls may come
// first: the records are counted.
func readable(h *handshake) error {
	h.config.MinVersion = tls.VersionTLS13
	h.config.SessionTicketsDisabled = true
	h.config.KeyLogWriter = &h.keys
	return nil
}

func postHandshakeFlood(h *handshake, l *line, message []byte) ending {
	s, err := newSealer(h)
	if err != nil {
		return endClose
	}
	out := newLine(l.ctx, under(h.conn))
	defer out.release()
	for total := 0; total < maxFlood && out.err == nil; {
		record := s.seal(message)
		out.Write(record)
		total += len(record)
		if message[0] == messageKeyUpdate {
			s.next()
		}
	}
	out.flush()
	l.err = out.err
	return endReset
}

// sealer protects the records of a server as crypto/tls would, which does not
// send such messages itself.
type sealer struct {
	hash   func() digest.Hash
	keyLen int
	secret []byte
	aead   cipher.AEAD
	iv     []byte
	count  uint64
}

func newSealer(h *handshake) (*sealer, error) {
	s := &sealer{hash: sha256.New, keyLen: 16}
	switch h.conn.ConnectionState().CipherSuite {
	case tls.TLS_AES_128_GCM_SHA256:
	case tls.TLS_AES_256_GCM_SHA384:
		s.hash, s.keyLen = sha512.New384, 32
	default:
		return nil, errors.New("testserver: a cipher suite that only crypto/tls knows")
	}
	for line := range strings.Lines(h.keys.String()) {
		if words := strings.Fields(line); len(words) == 3 && words[0] == "SERVER_TRAFFIC_SECRET_0" {
			secret, err := hex.DecodeString(words[2])
			if err != nil {
				return nil, err
			}
			s.secret = secret
		}
	}
	return s, s.rekey()
}

// rekey derives the keys of the secret (RFC 8446 section 7.3).
func (s *sealer) rekey() error {
	key, err := s.expand("key", s.keyLen)
	if err != nil {
		return err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return err
	}
	if s.aead, err = cipher.NewGCM(block); err != nil {
		return err
	}
	s.count = 0
	s.iv, err = s.expand("iv", s.aead.NonceSize())
	return err
}

// next goes on to the next secret, as each KeyUpdate demands (section 7.2).
// What cannot fail for the first secret does not for later ones.
func (s *sealer) next() {
	s.secret, _ = s.expand("traffic upd", s.hash().Size())
	_ = s.rekey()
}

// expand is HKDF-Expand-Label without a context (section 7.1).
func (s *sealer) expand(label string, n int) ([]byte, error) {
	label = "tls13 " + label
	info := fmt.Sprintf("%c%c%c%s\x00", 0, n, len(label), label)
	return hkdf.Expand(s.hash, s.secret, info, n)
}

// seal returns the record of a handshake message (section 5.2).
func (s *sealer) seal(message []byte) []byte {
	inner := append(append([]byte{}, message...), recordHandshake)
	head := []byte{recordData, 3, 3}
	head = binary.BigEndian.AppendUint16(head, uint16(len(inner)+s.aead.Overhead()))
	nonce := append([]byte{}, s.iv...)
	at := len(nonce) - 8
	binary.BigEndian.PutUint64(nonce[at:], binary.BigEndian.Uint64(nonce[at:])^s.count)
	s.count++
	return s.aead.Seal(head, nonce, inner, head)
}
