// Package help presents the settings and the commands: the help texts, the manual page and
// the completion of command lines in shells. All of it comes from the table, which the
// caller gives.
package help
