// Package value parses the values of settings: a text that a user wrote becomes a number, a
// size, a header. It knows no setting and no source: its errors say what is wrong with the
// text, and the caller says where the text stands. Where a text may hold a secret, the
// error does not repeat it.
package value
