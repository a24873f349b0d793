// Package cause says what the errors of other packages mean: which class of failure each is,
// whether another attempt may help, and what to tell the user. Some errors have no type, and
// are known by their texts; no other package needs to know those.
package cause
