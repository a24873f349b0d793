package faults

import (
	"encoding/binary"
	"strings"

	"grab/testserver/fault"
	"grab/testserver/h2"
)

// tapped is a fault of the frames of a connection.
func tapped(id, name, about, expect string, times int, tap func(*h2.Relay)) fault.Fault {
	return fault.Fault{
		ID: id, Name: name, Over: fault.OverHTTP2, Expect: expect, Times: times,
		About:         about,
		PerConnection: true,
		Conn:          &fault.Conn{Frames: tap},
	}
}

// goawayFaults are connections and streams of HTTP/2 that end early (RFC 9113
// sections 5.4.2, 6.8 and 8.7).
func goawayFaults() []fault.Fault {
	return []fault.Fault{
		tapped("A56", "a56-goaway-after", "GOAWAY that spares the requests that were sent", "ok", 0, func(r *h2.Relay) {
			r.FromServer = func(f h2.Frame) bool {
				if f.EndsStream() {
					r.ToClient(h2.GoAwayFrame(f.Stream))
				}
				return true
			}
		}),
		tapped("A57", "a57-goaway-before", "GOAWAY that tells the first request of a host's first connection to go elsewhere", "ok", 1, func(r *h2.Relay) {
			r.FromClient = func(f h2.Frame) bool {
				if f.Kind == h2.Headers {
					r.ToClient(h2.GoAwayFrame(0))
					r.Mute()
				}
				return f.Kind != h2.Headers
			}
		}),
		tapped("A57", "a57-refused", "REFUSED_STREAM for the first request of a host", "ok", 1, func(r *h2.Relay) {
			r.OnRequest(func(stream uint32) {
				r.Reset(stream, h2.CodeRefused)
				r.FromClient = nil
			})
		}),
		tapped("A58", "a58-reset-internal", "RST_STREAM INTERNAL_ERROR inside each body", "T:reset", 0, func(r *h2.Relay) {
			resetInside(r, h2.CodeInternal, 2)
		}),
		tapped("A58", "a58-reset-cancel", "RST_STREAM CANCEL inside each body", "T:reset", 0, func(r *h2.Relay) {
			resetInside(r, h2.CodeCancel, 2)
		}),
		tapped("A58", "a58-reset-some", "RST_STREAM inside the body of every second request of a connection", "ok|T:reset", 0, func(r *h2.Relay) {
			resetInside(r, h2.CodeInternal, 4)
		}),
		tapped("A59", "a59-http1-only", "RST_STREAM HTTP_1_1_REQUIRED", "ok", 0, func(r *h2.Relay) {
			r.OnRequest(func(stream uint32) { r.Reset(stream, h2.CodeHTTP1Only) })
		}),
	}
}

// resetInside sends the first half of a first DATA frame and a reset, on every
// stream whose number is 1 modulo step. Clients number theirs 1, 3, 5...
func resetInside(r *h2.Relay, code, step uint32) {
	r.FromServer = func(f h2.Frame) bool {
		if f.Kind != h2.Data || f.Stream%step != 1 {
			return true
		}
		r.ToClient(h2.Frame{Kind: h2.Data, Stream: f.Stream, Payload: f.Payload[:len(f.Payload)/2]})
		r.Reset(f.Stream, code)
		return false
	}
}

// frameFaults are frames that do not add up to what was said, or are a strain
// (RFC 9113 sections 6.5.2 and 8.1.1).
func frameFaults() []fault.Fault {
	return []fault.Fault{
		{
			ID: "A60", Name: "a60-short", Over: fault.OverHTTP2, Expect: "T:truncated",
			About: "END_STREAM before Content-Length",
			Play:  fault.WithWriter(short),
		},
		tapped("A60", "a60-beyond", "DATA beyond Content-Length", "P1:protocol|ok", 0, func(r *h2.Relay) {
			r.FromServer = func(f h2.Frame) bool {
				if f.Kind != h2.Data || !f.EndsStream() {
					return true
				}
				f.Flags = 0
				r.ToClient(
					f,
					h2.Frame{
						Kind: h2.Data, Flags: h2.FlagEndStream, Stream: f.Stream,
						Payload: []byte("and a little more"),
					},
				)
				return false
			}
		}),
		tapped("A61", "a61-one-stream", "MAX_CONCURRENT_STREAMS 1", "ok", 0, func(r *h2.Relay) {
			setting(r, h2.SettingStreams, 1)
		}),
		tapped("A61", "a61-no-stream", "MAX_CONCURRENT_STREAMS 0", "ok|T:timeout-header", 0, func(r *h2.Relay) {
			setting(r, h2.SettingStreams, 0)
		}),
		tapped("A61", "a61-tiny-window", "INITIAL_WINDOW_SIZE 1", "ok", 0, func(r *h2.Relay) {
			setting(r, h2.SettingWindow, 1)
		}),
		tapped("A61", "a61-tiny-frames", "DATA frames of one byte", "ok", 0, func(r *h2.Relay) {
			r.FromServer = tinyFrames(r)
		}),
		tapped("A46", "a46-vanish-h2", "silence inside the body, also to PING", "T:stall|T:timeout-header", 0, func(r *h2.Relay) {
			r.FromServer = func(f h2.Frame) bool {
				if f.Kind != h2.Data {
					return true
				}
				r.ToClient(h2.Frame{
					Kind: h2.Data, Stream: f.Stream, Payload: f.Payload[:len(f.Payload)/2],
				})
				r.Mute()
				return false
			}
		}),
	}
}

// setting changes a setting of the server.
func setting(r *h2.Relay, id uint16, value uint32) {
	r.FromServer = func(f h2.Frame) bool {
		if !f.IsSettings() {
			return true
		}
		r.ToClient(f.With(id, value))
		return false
	}
}

func tinyFrames(r *h2.Relay) func(h2.Frame) bool {
	return func(f h2.Frame) bool {
		if f.Kind != h2.Data || len(f.Payload) < 2 {
			return true
		}
		pieces := make([]h2.Frame, len(f.Payload))
		for i := range f.Payload {
			pieces[i] = h2.Frame{Kind: h2.Data, Stream: f.Stream, Payload: f.Payload[i : i+1]}
		}
		pieces[len(pieces)-1].Flags = f.Flags
		r.ToClient(pieces...)
		return false
	}
}

// floodFaults are frames without end instead of an answer (CVE-2023-45288 and
// its like).
func floodFaults() []fault.Fault {
	// A client that answers each frame or passes over it is held up no longer than
	// by silence.
	const expect = "P:protocol|T:timeout-header|T:stall|T:truncated|T:reset"
	flood := func(name, about string, frames func(stream uint32) ([]h2.Frame, h2.Frame)) fault.Fault {
		return tapped("A62", name, about, expect, 0, func(r *h2.Relay) {
			r.OnRequest(func(stream uint32) { r.Flood(frames(stream)) })
		})
	}
	return []fault.Fault{
		flood("a62-continuation", "CONTINUATION without end", func(stream uint32) ([]h2.Frame, h2.Frame) {
			field := h2.Literal("x-endless", strings.Repeat("x", 100))
			return []h2.Frame{{Kind: h2.Headers, Stream: stream, Payload: []byte(h2.Status200)}},
				h2.Frame{Kind: h2.Continuation, Stream: stream, Payload: field}
		}),
		flood("a62-settings", "SETTINGS without end", func(uint32) ([]h2.Frame, h2.Frame) {
			return nil, h2.Frame{Kind: h2.Settings}
		}),
		flood("a62-ping", "PING without end", func(uint32) ([]h2.Frame, h2.Frame) {
			return nil, h2.Frame{Kind: h2.Ping, Payload: []byte("pingpong")}
		}),
		flood("a62-push", "PUSH_PROMISE without end", func(stream uint32) ([]h2.Frame, h2.Frame) {
			promise := binary.BigEndian.AppendUint32(nil, 2)
			promise = append(promise, h2.Literal(":path", "/pushed.jpg")...)
			return nil, h2.Frame{
				Kind: h2.PushPromise, Flags: h2.FlagEndHeaders, Stream: stream, Payload: promise,
			}
		}),
		flood("a62-empty-data", "empty DATA without end", func(stream uint32) ([]h2.Frame, h2.Frame) {
			return []h2.Frame{{
					Kind: h2.Headers, Flags: h2.FlagEndHeaders, Stream: stream,
					Payload: []byte(h2.Status200),
				}},
				h2.Frame{Kind: h2.Data, Stream: stream}
		}),
		tapped("A62", "a62-frame-size", "SETTINGS_MAX_FRAME_SIZE 1", expect, 0, func(r *h2.Relay) {
			setting(r, h2.SettingMaxFrameSize, 1)
		}),
	}
}
