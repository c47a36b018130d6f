package cloudapi

import (
	"context"
	"errors"
	"io"
	"net"
)

var (
	errEncoding = errors.New("the answer has a content encoding that was not asked for")
	errBroken   = errors.New("the exchange with the host broke off")
)

// transportReason tells why a round trip gave no answer.
func transportReason(ctx context.Context, record *exchange) Reason {
	switch {
	case ctx.Err() != nil && errors.Is(context.Cause(ctx), context.DeadlineExceeded):
		return TimedOut
	case ctx.Err() != nil:
		return Cancelled
	case record.written.Load():
		return ConnectionLost
	default:
		return NoConnection
	}
}

// presentable keeps a transport's error when its text is made on this side, as
// it is for name resolution, dialling, TLS and sockets. What net/http makes of
// an answer that is not HTTP quotes the answer.
func presentable(err error, written bool) error {
	if !written {
		return err
	}
	for _, known := range []error{context.Canceled, context.DeadlineExceeded, io.ErrUnexpectedEOF, io.EOF} {
		if errors.Is(err, known) {
			return known
		}
	}
	var socket *net.OpError
	if errors.As(err, &socket) {
		return socket
	}
	return errBroken
}
