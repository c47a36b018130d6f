// Package acctest is what acceptance tests share: a mock service, a clock and
// a provider of their own for every test, and the mock's journal in a form
// that a test can compare.
package acctest
