package cloudapi

import (
	"errors"
	"net/http"
	"net/url"
	"testing"
)

func TestProxyVariableIsNotQuoted(t *testing.T) {
	t.Parallel()
	chosen, err := quotingNothing(func(*http.Request) (*url.URL, error) {
		return nil, errors.New(`invalid proxy address "http://user:canary@%zz"`)
	})(&http.Request{})
	if chosen != nil || !errors.Is(err, errProxyVariable) || errors.Unwrap(err) != nil {
		t.Errorf("proxy = %v, %v, want only %v", chosen, err, errProxyVariable)
	}
	want := &url.URL{Scheme: "http", Host: "proxy:3128"}
	chosen, err = quotingNothing(func(*http.Request) (*url.URL, error) { return want, nil })(&http.Request{})
	if err != nil || chosen != want {
		t.Errorf("proxy = %v, %v, want %v", chosen, err, want)
	}
}
