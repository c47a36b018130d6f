package streamcheck

import (
	"context"
	"io"
	"net"
	"net/url"
)

// handshakeRTMP connects to an RTMP server and completes the handshake. It does
// not request the stream, which would take most of an RTMP client.
func (l *look) handshakeRTMP(ctx context.Context, target *url.URL) []Finding {
	const subject = "The URL"
	port := target.Port()
	if port == "" {
		port = "1935"
	}
	connection, err := l.direct.DialContext(ctx, "tcp", net.JoinHostPort(target.Hostname(), port))
	if err != nil {
		return []Finding{l.unanswered(ctx, subject, err)}
	}
	defer func() { _ = connection.Close() }()
	defer context.AfterFunc(ctx, func() { _ = connection.Close() })()
	// C0 is the version. C1 and S1 are a time, zeros and any bytes. C2 repeats S1.
	const version, size = 3, 1536
	hello := make([]byte, 1+size)
	hello[0] = version
	reply := make([]byte, 1+size)
	_, err = connection.Write(hello)
	if err == nil {
		_, err = io.ReadFull(connection, reply)
	}
	if err == nil && reply[0] == version {
		_, err = connection.Write(reply[1:])
	}
	switch {
	case ctx.Err() != nil:
		return []Finding{l.unanswered(ctx, subject, err)}
	case err != nil || reply[0] != version:
		return []Finding{warns(BadResponse, "The URL leads to a server that did not complete the RTMP handshake. Check the host and the port. For an RTMP URL, only the connection and the handshake are checked, not the stream.")}
	}
	return nil
}
