package tickets

import (
	"bytes"
	"encoding/base64"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

const canary = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00"

type exportedHolder struct {
	Name string
	Key  Key
}

type unexportedHolder struct {
	name string
	key  Key
}

// refuseCanary fails when shown holds the canary, as it is or encoded.
func refuseCanary(t *testing.T, how, shown string) {
	t.Helper()
	for _, form := range []string{
		canary,
		fmt.Sprintf("%x", canary),
		strings.Trim(fmt.Sprintf("%d", []byte(canary)), "[]"),
		base64.StdEncoding.EncodeToString([]byte(canary))[:80],
	} {
		if strings.Contains(strings.ToLower(shown), strings.ToLower(form)) {
			t.Errorf("%s shows the key: %s", how, shown)
		}
	}
}

func TestKeyIsNeverPrinted(t *testing.T) {
	t.Parallel()
	key := mustKey(t, canary)
	for name, value := range map[string]any{
		"key":              key,
		"pointer":          &key,
		"exported field":   exportedHolder{"n", key},
		"unexported field": unexportedHolder{"n", key},
		"slice":            []Key{key},
		"map":              map[string]Key{"k": key},
		"nested":           &[]any{unexportedHolder{"n", key}},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%o", "%b", "%p", "%T %[1]v", "%10.80s"} {
			refuseCanary(t, name+" "+verb, fmt.Sprintf(verb, value))
		}
		refuseCanary(t, name+" error", fmt.Errorf("failed: %v", value).Error())
	}
	if got := fmt.Sprintf("%s|%#v|%d|%v", key, key, key, exportedHolder{"n", key}); got != "(redacted)|(redacted)|(redacted)|{n (redacted)}" {
		t.Errorf("the key prints as %s", got)
	}
	if key.String() != secret.Redacted || key.GoString() != secret.Redacted {
		t.Errorf("String gives %s, GoString %s", key.String(), key.GoString())
	}
}

func TestKeyIsNeverEncoded(t *testing.T) {
	t.Parallel()
	key := mustKey(t, canary)
	holder := exportedHolder{"n", key}
	encoded := must(json.Marshal(holder))(t)
	if string(encoded) != `{"Name":"n","Key":"(redacted)"}` {
		t.Errorf("the key encodes as %s", encoded)
	}
	refuseCanary(t, "json map", string(must(json.Marshal(map[string]any{"k": &key}))(t)))
	refuseCanary(t, "xml", string(must(xml.Marshal(holder))(t)))
	var stream bytes.Buffer
	if err := gob.NewEncoder(&stream).Encode(holder); err == nil {
		refuseCanary(t, "gob", stream.String())
	}
}

func TestKeyIsNeverLogged(t *testing.T) {
	t.Parallel()
	key := mustKey(t, canary)
	var log bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(handler).With("with", key).Info("message",
			"key", key, "pointer", &key, "exported", exportedHolder{"n", key}, "unexported", unexportedHolder{"n", key},
			slog.Group("group", "key", key))
	}
	refuseCanary(t, "slog", log.String())
	if got := strings.Count(log.String(), secret.Redacted); got < 6 {
		t.Errorf("the log redacts %d keys: %s", got, log.String())
	}
}

func TestErrorsDoNotQuoteSecrets(t *testing.T) {
	t.Parallel()
	_, long := NewKey(canary + "0")
	_, upper := NewKey(strings.ToUpper(canary))
	claims := userSigClaims()
	claims.UserID = canary
	_, user := MintUserSig(mustKey(t, canary), noon(), claims)
	_, room := ParseRoom(RoomIDTypeInt, canary)
	p := must(validPayload().sign(mustKey(t, canary)))(t)
	_, forged := Verify(keyOf(t, "a"), noon(), must(encodeToken(must(p.encode())(t)))(t))
	_, document := Parse(must(encodeToken([]byte(`{"TLS.sig":` + canary)))(t))
	for name, err := range map[string]error{
		"long key": long, "upper-case key": upper, "key as user": user, "key as room": room,
		"forged": forged, "document": document,
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		refuseCanary(t, name, err.Error())
		if strings.Contains(err.Error(), p.Signature) {
			t.Errorf("%s: the error quotes the signature", name)
		}
	}
}

// A ticket that was read may be logged: it cannot be turned back into a token.
func TestTicketsDoNotHoldTheirSignature(t *testing.T) {
	t.Parallel()
	for _, v := range loadVectors(t) {
		ticket := must(Parse(v.Token))(t)
		if shown := fmt.Sprintf("%+v %#v %+v", ticket, ticket, ticket.UserBuf); strings.Contains(shown, v.SigBase64) {
			t.Errorf("the ticket shows its signature: %s", shown)
		}
	}
}
