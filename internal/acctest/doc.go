// Package acctest is what acceptance tests share: a mock service, a clock and
// a provider of their own for every test, and the mock's journal in a form
// that a test can compare.
//
// A [World] gives the provider to a test in three ways: World.Run drives the
// real CLI through the test framework, World.CLI and World.InstalledCLI run
// single commands of it, and World.Session speaks the plugin protocol itself
// (see package protocol).
package acctest
