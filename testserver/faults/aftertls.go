package faults

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

	"grab/testserver/fault"
	"grab/testserver/outlet"
)

// Messages of TLS 1.3 after its handshake (RFC 8446 sections 4.6 and 5).
const (
	messageTicket    = 4
	messageKeyUpdate = 24

	recordData      = 23 // what the header of a record says
	recordHandshake = 22 // what is encrypted in it
)

// afterTLSFaults are endless messages after a handshake (CVE-2026-32283).
func afterTLSFaults() []fault.Fault {
	flooding := func(name, about string, message []byte) fault.Fault {
		return fault.Fault{
			ID: "A63", Name: name, Over: fault.OverTLS, Expect: "T:tls", About: about,
			PerConnection: true,
			Conn: &fault.Conn{
				Configure: readable,
				AfterTLS: func(h *fault.Handshake, c *outlet.Conn) outlet.Ending {
					return floodAfterTLS(h, c, message)
				},
			},
		}
	}
	// Its lifetime and age, a nonce of one byte, a ticket of two, no extensions.
	ticket := []byte{messageTicket, 0, 0, 16, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 2, 't', 't', 0, 0}
	return []fault.Fault{
		flooding("a63-key-updates", "KeyUpdate without end", []byte{messageKeyUpdate, 0, 0, 1, 1}),
		flooding("a63-tickets", "NewSessionTicket without end", ticket),
	}
}

// readable makes a handshake log its keys. The sealer numbers the records from
// zero, so crypto/tls must not send a ticket of its own first.
func readable(h *fault.Handshake) error {
	h.Config.MinVersion = tls.VersionTLS13
	h.Config.SessionTicketsDisabled = true
	h.Config.KeyLogWriter = &h.Keys
	return nil
}

func floodAfterTLS(h *fault.Handshake, c *outlet.Conn, message []byte) outlet.Ending {
	s, err := newSealer(h)
	if err != nil {
		return outlet.EndClose
	}
	raw := c.Below()
	defer raw.Release()
	for total := 0; total < outlet.MaxFlood && raw.Err == nil; {
		record := s.seal(message)
		raw.Write(record)
		total += len(record)
		if message[0] == messageKeyUpdate {
			s.next()
		}
	}
	raw.Flush()
	c.Err = raw.Err
	return outlet.EndReset
}

// sealer encrypts the records of a server as crypto/tls would. It is needed because
// crypto/tls does not send such messages.
type sealer struct {
	hash   func() digest.Hash
	keyLen int
	secret []byte
	aead   cipher.AEAD
	iv     []byte
	count  uint64
}

func newSealer(h *fault.Handshake) (*sealer, error) {
	s := &sealer{hash: sha256.New, keyLen: 16}
	switch h.Conn.ConnectionState().CipherSuite {
	case tls.TLS_AES_128_GCM_SHA256:
	case tls.TLS_AES_256_GCM_SHA384:
		s.hash, s.keyLen = sha512.New384, 32
	default:
		return nil, errors.New("testserver: a cipher suite that only crypto/tls knows")
	}
	for line := range strings.Lines(h.Keys.String()) {
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

// rekey derives the keys from the secret (RFC 8446 section 7.3).
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

// next derives the next secret, as each KeyUpdate demands (section 7.2). It does
// not fail, because the same steps succeeded for the first secret.
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
