package faults

import (
	"encoding/binary"
	"strings"

	"grab/testserver/fault"
	"grab/testserver/h2"
)

// framed completes a fault that changes the frames of a connection.
func framed(f fault.Fault, change func(*h2.Relay)) fault.Fault {
	f.Over = fault.OverHTTP2
	f.PerConnection = true
	f.Conn = &fault.Conn{Frames: change}
	return f
}

// goawayFaults are connections and streams of HTTP/2 that end early (RFC 9113
// sections 5.4.2, 6.8 and 8.7).
func goawayFaults() []fault.Fault {
	return []fault.Fault{
		framed(fault.Fault{
			ID: "A56", Name: "a56-goaway-after", Expect: "ok",
			About: "GOAWAY that spares the requests that were sent",
		}, func(r *h2.Relay) {
			r.FromServer = func(f h2.Frame) bool {
				if f.EndsStream() {
					r.ToClient(h2.GoAwayFrame(f.Stream))
				}
				return true
			}
		}),
		framed(fault.Fault{
			ID: "A57", Name: "a57-goaway-before", Expect: "ok", Times: 1,
			About: "GOAWAY that tells the first request of a host's first connection to go elsewhere",
		}, func(r *h2.Relay) {
			r.FromClient = func(f h2.Frame) bool {
				if f.Kind == h2.Headers {
					r.ToClient(h2.GoAwayFrame(0))
					r.Mute()
				}
				return f.Kind != h2.Headers
			}
		}),
		framed(fault.Fault{
			ID: "A57", Name: "a57-refused", Expect: "ok", Times: 1,
			About: "REFUSED_STREAM for the first request of a host",
		}, func(r *h2.Relay) {
			r.OnRequest(func(stream uint32) {
				r.Reset(stream, h2.CodeRefused)
				r.FromClient = nil
			})
		}),
		framed(fault.Fault{
			ID: "A58", Name: "a58-reset-internal", Expect: "T:reset",
			About: "RST_STREAM INTERNAL_ERROR inside each body",
		}, func(r *h2.Relay) {
			resetInside(r, h2.CodeInternal, 2)
		}),
		framed(fault.Fault{
			ID: "A58", Name: "a58-reset-cancel", Expect: "T:reset",
			About: "RST_STREAM CANCEL inside each body",
		}, func(r *h2.Relay) {
			resetInside(r, h2.CodeCancel, 2)
		}),
		framed(fault.Fault{
			ID: "A58", Name: "a58-reset-some", Expect: "ok|T:reset",
			About: "RST_STREAM inside the body of every second request of a connection",
		}, func(r *h2.Relay) {
			resetInside(r, h2.CodeInternal, 4)
		}),
		framed(fault.Fault{
			ID: "A59", Name: "a59-http1-only", Expect: "ok",
			About: "RST_STREAM HTTP_1_1_REQUIRED",
		}, func(r *h2.Relay) {
			r.OnRequest(func(stream uint32) { r.Reset(stream, h2.CodeHTTP1Only) })
		}),
	}
}

// resetInside sends half of a first DATA frame and a reset, on every stream whose
// number is 1 modulo step. Clients number their streams 1, 3, 5 and so on.
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

// frameFaults are frames that contradict the header, or make a client work hard (RFC
// 9113 sections 6.5.2 and 8.1.1).
func frameFaults() []fault.Fault {
	return []fault.Fault{
		{
			ID: "A60", Name: "a60-short", Over: fault.OverHTTP2, Expect: "T:truncated",
			About: "END_STREAM before Content-Length",
			Play:  fault.WithWriter(short),
		},
		framed(fault.Fault{
			ID: "A60", Name: "a60-beyond", Expect: "P1:protocol|ok",
			About: "DATA beyond Content-Length",
		}, func(r *h2.Relay) {
			r.FromServer = func(f h2.Frame) bool {
				if f.Kind != h2.Data || !f.EndsStream() {
					return true
				}
				f.Flags = 0
				r.ToClient(f, h2.Frame{
					Kind: h2.Data, Flags: h2.FlagEndStream, Stream: f.Stream,
					Payload: []byte("and a little more"),
				})
				return false
			}
		}),
		framed(fault.Fault{
			ID: "A61", Name: "a61-one-stream", Expect: "ok",
			About: "MAX_CONCURRENT_STREAMS 1",
		}, func(r *h2.Relay) {
			setting(r, h2.SettingStreams, 1)
		}),
		framed(fault.Fault{
			ID: "A61", Name: "a61-no-stream", Expect: "ok|T:timeout-header",
			About: "MAX_CONCURRENT_STREAMS 0",
		}, func(r *h2.Relay) {
			setting(r, h2.SettingStreams, 0)
		}),
		framed(fault.Fault{
			ID: "A61", Name: "a61-tiny-window", Expect: "ok",
			About: "INITIAL_WINDOW_SIZE 1",
		}, func(r *h2.Relay) {
			setting(r, h2.SettingWindow, 1)
		}),
		framed(fault.Fault{
			ID: "A61", Name: "a61-tiny-frames", Expect: "ok",
			About: "DATA frames of one byte",
		}, func(r *h2.Relay) {
			r.FromServer = tinyFrames(r)
		}),
		framed(fault.Fault{
			ID: "A46", Name: "a46-vanish-h2", Expect: "T:stall|T:timeout-header",
			About: "silence inside the body, also to PING",
		}, func(r *h2.Relay) {
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

// setting overrides a setting of the server.
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

// floodFaults are endless frames instead of an answer (CVE-2023-45288 and similar
// attacks).
func floodFaults() []fault.Fault {
	// A client may also answer or ignore each frame, until it times out as it would
	// in silence.
	const expect = "P:protocol|T:timeout-header|T:stall|T:truncated|T:reset"
	type frames = func(stream uint32) (first []h2.Frame, more h2.Frame)
	flood := func(name, about string, f frames) fault.Fault {
		row := fault.Fault{ID: "A62", Name: name, Expect: expect, About: about}
		return framed(row, func(r *h2.Relay) {
			r.OnRequest(func(stream uint32) { r.Flood(f(stream)) })
		})
	}
	return []fault.Fault{
		flood("a62-continuation", "CONTINUATION without end",
			func(stream uint32) ([]h2.Frame, h2.Frame) {
				header := h2.Frame{Kind: h2.Headers, Stream: stream, Payload: []byte(h2.Status200)}
				field := h2.Literal("x-endless", strings.Repeat("x", 100))
				return []h2.Frame{header}, h2.Frame{Kind: h2.Continuation, Stream: stream, Payload: field}
			}),
		flood("a62-settings", "SETTINGS without end",
			func(uint32) ([]h2.Frame, h2.Frame) {
				return nil, h2.Frame{Kind: h2.Settings}
			}),
		flood("a62-ping", "PING without end",
			func(uint32) ([]h2.Frame, h2.Frame) {
				return nil, h2.Frame{Kind: h2.Ping, Payload: []byte("pingpong")}
			}),
		flood("a62-push", "PUSH_PROMISE without end",
			func(stream uint32) ([]h2.Frame, h2.Frame) {
				promise := binary.BigEndian.AppendUint32(nil, 2)
				promise = append(promise, h2.Literal(":path", "/pushed.jpg")...)
				return nil, h2.Frame{
					Kind: h2.PushPromise, Flags: h2.FlagEndHeaders, Stream: stream, Payload: promise,
				}
			}),
		flood("a62-empty-data", "empty DATA without end",
			func(stream uint32) ([]h2.Frame, h2.Frame) {
				header := h2.Frame{
					Kind: h2.Headers, Flags: h2.FlagEndHeaders, Stream: stream,
					Payload: []byte(h2.Status200),
				}
				return []h2.Frame{header}, h2.Frame{Kind: h2.Data, Stream: stream}
			}),
		framed(fault.Fault{
			ID: "A62", Name: "a62-frame-size", Expect: expect,
			About: "SETTINGS_MAX_FRAME_SIZE 1",
		}, func(r *h2.Relay) {
			setting(r, h2.SettingMaxFrameSize, 1)
		}),
	}
}
