// Package cloudapi sends one signed call of Tencent Cloud's API 3.0 and says
// what became of it.
//
// Tencent's SDK core signs (TC3-HMAC-SHA256) and hands the request to one
// guarded RoundTripper. No answer reaches the SDK's own parsers, which follow
// redirects with the signature, read without bounds and panic on a body of
// null: the guard reads the answer and this package decodes it.
//
// A call ends in one of four outcomes: not sent, refused, answered, ambiguous.
// Nothing is ever sent twice here; repeating is the caller's decision.
package cloudapi
