package testserver

import (
	"encoding/binary"
	"strings"
)

// tapped is a fault of the frames of a connection.
func tapped(id, name, about, expect string, times int, tap func(*relay)) Fault {
	return Fault{ID: id, Name: name, About: about, Expect: expect, Over: overHTTP2, Times: times, PerConnection: true, link: &link{tap: tap}}
}

// goawayFaults are connections and streams of HTTP/2 that end early (RFC 9113
// sections 5.4.2, 6.8 and 8.7).
func goawayFaults() []Fault {
	return []Fault{
		tapped("A56", "a56-goaway-after", "GOAWAY that spares the requests that were sent", "ok", 0, func(r *relay) {
			r.down = func(f frame) bool {
				if f.endsStream() {
					r.toClient(goawayFrame(f.stream))
				}
				return true
			}
		}),
		tapped("A57", "a57-goaway-before", "GOAWAY that tells the first request of a host's first connection to go elsewhere", "ok", 1, func(r *relay) {
			r.up = func(f frame) bool {
				if f.kind == frameHeaders {
					r.toClient(goawayFrame(0))
					r.mute.Store(true)
				}
				return f.kind != frameHeaders
			}
		}),
		tapped("A57", "a57-refused", "REFUSED_STREAM for the first request of a host", "ok", 1, func(r *relay) {
			r.onRequest(func(stream uint32) {
				r.reset(stream, codeRefused)
				r.up = nil
			})
		}),
		tapped("A58", "a58-reset-internal", "RST_STREAM INTERNAL_ERROR inside each body", "T:reset", 0, func(r *relay) { resetInside(r, codeInternal, 2) }),
		tapped("A58", "a58-reset-cancel", "RST_STREAM CANCEL inside each body", "T:reset", 0, func(r *relay) { resetInside(r, codeCancel, 2) }),
		tapped("A58", "a58-reset-some", "RST_STREAM inside the body of every second request of a connection", "ok|T:reset", 0, func(r *relay) { resetInside(r, codeInternal, 4) }),
		tapped("A59", "a59-http1-only", "RST_STREAM HTTP_1_1_REQUIRED", "ok", 0, func(r *relay) {
			r.onRequest(func(stream uint32) { r.reset(stream, codeHTTP1Only) })
		}),
	}
}

// resetInside sends the first half of a first DATA frame and a reset, on every
// stream whose number is 1 modulo step. Clients number theirs 1, 3, 5...
func resetInside(r *relay, code, step uint32) {
	r.down = func(f frame) bool {
		if f.kind != frameData || f.stream%step != 1 {
			return true
		}
		r.toClient(frame{kind: frameData, stream: f.stream, payload: f.payload[:len(f.payload)/2]})
		r.reset(f.stream, code)
		return false
	}
}

// frameFaults are frames that do not add up to what was said, or are a strain
// (RFC 9113 sections 6.5.2 and 8.1.1).
func frameFaults() []Fault {
	return []Fault{
		{ID: "A60", Name: "a60-short", About: "END_STREAM before Content-Length", Expect: "T:truncated", Over: overHTTP2, play: carrying(short)},
		tapped("A60", "a60-beyond", "DATA beyond Content-Length", "P1:protocol|ok", 0, func(r *relay) {
			r.down = func(f frame) bool {
				if f.kind != frameData || !f.endsStream() {
					return true
				}
				f.flags = 0
				r.toClient(f, frame{kind: frameData, flags: flagEndStream, stream: f.stream, payload: []byte("and a little more")})
				return false
			}
		}),
		tapped("A61", "a61-one-stream", "MAX_CONCURRENT_STREAMS 1", "ok", 0, func(r *relay) { setting(r, settingStreams, 1) }),
		tapped("A61", "a61-no-stream", "MAX_CONCURRENT_STREAMS 0", "ok|T:timeout-header", 0, func(r *relay) { setting(r, settingStreams, 0) }),
		tapped("A61", "a61-tiny-window", "INITIAL_WINDOW_SIZE 1", "ok", 0, func(r *relay) { setting(r, settingWindow, 1) }),
		tapped("A61", "a61-tiny-frames", "DATA frames of one byte", "ok", 0, func(r *relay) { r.down = tinyFrames(r) }),
		tapped("A46", "a46-vanish-h2", "silence inside the body, also to PING", "T:stall|T:timeout-header", 0, func(r *relay) {
			r.down = func(f frame) bool {
				if f.kind != frameData {
					return true
				}
				r.toClient(frame{kind: frameData, stream: f.stream, payload: f.payload[:len(f.payload)/2]})
				r.mute.Store(true)
				return false
			}
		}),
	}
}

// setting changes a setting of the server.
func setting(r *relay, id uint16, value uint32) {
	r.down = func(f frame) bool {
		if !f.isSettings() {
			return true
		}
		r.toClient(f.set(id, value))
		return false
	}
}

func tinyFrames(r *relay) func(frame) bool {
	return func(f frame) bool {
		if f.kind != frameData || len(f.payload) < 2 {
			return true
		}
		pieces := make([]frame, len(f.payload))
		for i := range f.payload {
			pieces[i] = frame{kind: frameData, stream: f.stream, payload: f.payload[i : i+1]}
		}
		pieces[len(pieces)-1].flags = f.flags
		r.toClient(pieces...)
		return false
	}
}

// floodFaults are frames without end instead of an answer (CVE-2023-45288 and
// its like).
func floodFaults() []Fault {
	// A client that answers each frame or passes over it is held up no longer than
	// by silence.
	const expect = "P:protocol|T:timeout-header|T:stall|T:truncated|T:reset"
	flood := func(name, about string, frames func(stream uint32) ([]frame, frame)) Fault {
		return tapped("A62", name, about, expect, 0, func(r *relay) {
			r.onRequest(func(stream uint32) { r.flood(frames(stream)) })
		})
	}
	return []Fault{
		flood("a62-continuation", "CONTINUATION without end", func(stream uint32) ([]frame, frame) {
			field := literal("x-endless", strings.Repeat("x", 100))
			return []frame{{kind: frameHeaders, stream: stream, payload: []byte(status200)}},
				frame{kind: frameContinuation, stream: stream, payload: field}
		}),
		flood("a62-settings", "SETTINGS without end", func(uint32) ([]frame, frame) {
			return nil, frame{kind: frameSettings}
		}),
		flood("a62-ping", "PING without end", func(uint32) ([]frame, frame) {
			return nil, frame{kind: framePing, payload: []byte("pingpong")}
		}),
		flood("a62-push", "PUSH_PROMISE without end", func(stream uint32) ([]frame, frame) {
			promise := binary.BigEndian.AppendUint32(nil, 2)
			promise = append(promise, literal(":path", "/pushed.jpg")...)
			return nil, frame{kind: framePushPromise, flags: flagEndHeaders, stream: stream, payload: promise}
		}),
		flood("a62-empty-data", "empty DATA without end", func(stream uint32) ([]frame, frame) {
			return []frame{{kind: frameHeaders, flags: flagEndHeaders, stream: stream, payload: []byte(status200)}},
				frame{kind: frameData, stream: stream}
		}),
		tapped("A62", "a62-frame-size", "SETTINGS_MAX_FRAME_SIZE 1", expect, 0, func(r *relay) { setting(r, settingMaxFrameSize, 1) }),
	}
}
