// Package credentials finds the key that signs Tencent Cloud API calls and
// keeps it valid.
//
// Resolve looks where the official Tencent Cloud provider looks, in this order:
//
//  1. Arguments, each one before its TENCENTCLOUD_… variable. An empty string
//     counts as unset.
//  2. When secret id and secret key are both unset: the profile's files.
//  3. When asked for, the role of the CVM instance or of the TKE pod instead.
//  4. On top of that, the role in the profile's file, and then the one of
//     assume_role. assume_role_with_web_identity needs nothing below it.
//
// Resolve reads variables and files only. The Source that it returns makes the
// calls: it caches a temporary key, renews it at 80 % of its life in a single
// flight for all callers, and returns an error rather than an old key.
//
// No secret, the secret id included, is in an error, a warning or the printed
// form of any type here.
package credentials
