// Package identity decides what requests say of their user: headers, cookies, passwords and
// the Referer, which of them are for which host, and what of them a redirect keeps.
package identity
