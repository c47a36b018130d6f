package tickets

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"fmt"
)

// Version is the TLS.ver of every ticket of this package: signed with
// HMAC-SHA256.
const Version = "2.0"

// payload is the JSON document inside a token. Zero means absent for every
// field: a ticket has no use for an empty user, application 0 or time 0.
type payload struct {
	Version   string  `json:"TLS.ver"`
	UserID    string  `json:"TLS.identifier"`
	SdkAppID  uint64  `json:"TLS.sdkappid"`
	Lifetime  int64   `json:"TLS.expire"`
	IssuedAt  int64   `json:"TLS.time"`
	UserBuf   *string `json:"TLS.userbuf,omitempty"`
	Signature string  `json:"TLS.sig"`
}

func newPayload(sdkAppID uint64, userID string, valid validity) payload {
	return payload{
		Version:  Version,
		UserID:   userID,
		SdkAppID: sdkAppID,
		Lifetime: valid.lifetime,
		IssuedAt: valid.issuedAt,
	}
}

func (p payload) encode() ([]byte, error) { return json.Marshal(p) }

// decodePayload reads the document; that its values make sense is for others
// to check. The error is a *MalformedError.
func decodePayload(document []byte) (payload, error) {
	var p payload
	// The error of encoding/json quotes what it read: it stays here.
	if json.Unmarshal(document, &p) != nil {
		return payload{}, &MalformedError{Part: PartDocument}
	}
	return p, nil
}

func (p payload) sign(key Key) (payload, error) {
	sum, err := p.computeSignature(key)
	if err != nil {
		return payload{}, err
	}
	p.Signature = base64.StdEncoding.EncodeToString(sum)
	return p, nil
}

// checkSignature returns nil, ErrEmptyKey or ErrSignature.
func (p payload) checkSignature(key Key) error {
	want, err := p.computeSignature(key)
	if err != nil {
		return err
	}
	got, ok := decodeBase64(base64.StdEncoding, p.Signature)
	if !ok || !hmac.Equal(got, want) {
		return ErrSignature
	}
	return nil
}

// computeSignature signs the claims in the one order that counts, which is not
// the order of the document.
func (p payload) computeSignature(key Key) ([]byte, error) {
	mac, err := key.newMAC()
	if err != nil {
		return nil, err
	}
	_, _ = fmt.Fprintf(mac, "TLS.identifier:%s\nTLS.sdkappid:%d\nTLS.time:%d\nTLS.expire:%d\n",
		p.UserID, p.SdkAppID, p.IssuedAt, p.Lifetime)
	if p.UserBuf != nil {
		_, _ = fmt.Fprintf(mac, "TLS.userbuf:%s\n", *p.UserBuf)
	}
	return mac.Sum(nil), nil
}
