// Package cloudapi sends one signed call of Tencent Cloud's API 3.0 and reports
// its outcome. Repeating a call is the caller's decision, so one call writes at
// most one request:
//
//   - net/http sends a request again on its own over HTTP/2 (after RST_STREAM
//     with PROTOCOL_ERROR or REFUSED_STREAM, and after GOAWAY) and over HTTP/1.1
//     (on a connection that the server has just closed), but only one that it
//     can read twice. Messages have no GetBody, and no header marks the request
//     as idempotent, so once a byte is written, no request is written again.
//   - A Request with FreshConnection is sent over HTTP/1.1 on a connection made
//     for it alone. It never meets one that the server is closing for being
//     idle, which would leave unknown whether the request arrived.
//   - An exchange counts the requests that net/http reports as written. More than
//     one is a defect and makes the call ambiguous, whatever the response is.
//   - Redirects are not followed, and an invalid proxy setting is an error.
package cloudapi
