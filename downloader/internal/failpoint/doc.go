// Package failpoint has the places at which the crash tests kill grab. They exist
// only under the build tag failpoint, and do nothing in a program that is built
// without it.
//
// A place is passed by name. Two environment variables choose who dies where:
//
//	FAILPOINT=NAME:K         the process that is the K-th to pass NAME kills itself
//	FAILPOINT=NAME:K:parent  and that one, if it is a child, its parent instead
//	FAILPOINT=NAME:K:panic   and that one panics
//	FAILPOINT=*:0            nobody; but all names are noted
//	FAILPOINT_LOG=FILE       where passings are counted: one line each
//
// The count is in a file because a run is several processes: a child that has
// died and its successor pass the same places.
package failpoint
