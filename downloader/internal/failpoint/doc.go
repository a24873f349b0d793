// Package failpoint marks the points at which the crash tests kill grab. They work
// only under the build tag failpoint; without it they do nothing.
//
// Every point has a name. Two environment variables choose which process dies, and
// where:
//
//	FAILPOINT=NAME:K         when NAME is reached for the K-th time, that process kills itself
//	FAILPOINT=NAME:K:parent  that process, if it is a child, kills its parent instead
//	FAILPOINT=NAME:K:panic   that process panics
//	FAILPOINT=*:0            no process dies, but every name is logged
//	FAILPOINT_LOG=FILE       the log that counts: one line each time a point is reached
//
// The count is kept in a file because a run has several processes: a child and the
// one that replaces it after its death reach the same points.
package failpoint
