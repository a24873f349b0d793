// Package credentials has what a user gives for single hosts: the cookies of a browser's
// file and the passwords of a .netrc. It also knows which headers are no secret. No error of
// this package contains a secret.
package credentials
