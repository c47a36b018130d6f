package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// states is a place for states, as teams use one. To a file the CLI writes the
// whole state after each change, which with many tasks costs it more than all
// else; what is measured here is the provider.
type states struct {
	server *http.Server
	url    string

	mu    sync.Mutex
	texts map[string][]byte
}

func keepStates(ctx context.Context) (*states, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	kept := &states{url: "http://" + listener.Addr().String(), texts: map[string][]byte{}}
	kept.server = &http.Server{Handler: kept, ReadHeaderTimeout: time.Minute}
	go func() { _ = kept.server.Serve(listener) }()
	return kept, nil
}

func (s *states) end() { _ = s.server.Close() }

// backend is the block of a configuration whose state has that name here.
func (s *states) backend(name string) string {
	return fmt.Sprintf("backend \"http\" {\n    address = \"%s/%s\"\n  }", s.url, name)
}

// ServeHTTP speaks what the CLI's backend "http" asks for, without locks.
func (s *states) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch r.Method {
	case http.MethodGet:
		text, found := s.texts[r.URL.Path]
		if !found {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = w.Write(text)
	case http.MethodPost:
		text, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		s.texts[r.URL.Path] = text
	case http.MethodDelete:
		delete(s.texts, r.URL.Path)
	}
}
