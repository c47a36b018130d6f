// Package tickets mints and reads the two tickets of a TRTC application:
// the UserSig, with which a user logs in, and the PrivateMapKey, with which a
// user enters one room. Both are signed with the application's SDKSecretKey;
// nothing here talks to a service, reads a clock or keeps state.
//
// A ticket is a JSON document, compressed with zlib, in a base64 alphabet of
// its own. Its signature covers the claims, not the compressed bytes, so two
// different tokens can carry the same ticket: compare tickets, never tokens.
//
// The rules for identifiers (ValidateUserID, ValidateSdkAppID,
// ValidateIntRoomID, ValidateStringRoomID, ValidateLifetime) are exported so
// that whoever takes these values from a user applies the same ones.
//
// No error of this package quotes a key or any part of a token.
package tickets
