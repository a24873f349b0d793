#!/usr/bin/env python3
"""A second opinion on a run of grab, which shares no code with it.

    oracle.py DIR LIST EXIT [--server URL] [--truth URL] [--before MANIFEST]

DIR is the output directory, LIST the list, EXIT the exit code (above 128: a signal). URL is
a `grab serve`: --server's ledger is read, --truth has the same images without faults.
MANIFEST is what was in DIR before the run. What is checked, and else told with exit code 1:
 1. each line of the manifest is JSON of version 1, and its CRC-32C is right;
 2. each entry of the list has a line with its own URL, and no other index has one; nothing
    comes after an image's ok (an interrupted run may have entries without a line);
 3. what is ok has its file, by the name of its index, of that size and SHA-256, with the
    first and last bytes of its format, and the very bytes that --truth sends;
 4. there is no image without an ok (a killed run may have some, whole), nothing else,
    and a state folder only for what is not ok: beginnings with their notes;
 5. exit code 0 if all is ok, 1 if not, a signal's for an interrupted run;
 6. the server sent at least the bytes that came, and was asked for nothing that was ok
    before; what was ok before is so still.
"""
import argparse, collections, hashlib, json, os, re, sys, urllib.parse, urllib.request
FORMATS = {".jpg": (b"\xff\xd8\xff", b"\xff\xd9"), ".png": (b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"), ".gif": (b"GIF8", b";")}
bad = []

def check(ok, *what):
    if not ok:
        bad.append(" ".join(map(str, what)))

def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return f"{crc ^ 0xFFFFFFFF:08x}"

def entries(name):
    return [line for line in map(str.strip, open(name, encoding="utf-8-sig")) if line and not line.startswith("#")]

def manifest(name, torn):
    data = open(name, "rb").read() if os.path.exists(name) else b""
    whole, _, rest = data.rpartition(b"\n")
    check(torn or not rest, name, "ends in the middle of a line")
    results = []
    for line in whole.split(b"\n") if whole else []:
        body, _, sum_ = line.rpartition(b',"crc":"')
        check(sum_ == crc32c(body).encode() + b'"}', "checksum of", line)
        results.append(json.loads(line))
        check(results[-1]["v"] == 1, "version of", line)
    return results

def get(url):  # without a proxy
    return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=60).read()

def uri(url):
    return urllib.parse.urlunsplit(("", "") + urllib.parse.urlsplit(url)[2:])

def image(name, ext):
    data = open(name, "rb").read()
    check(data.startswith(FORMATS[ext][0]) and data.endswith(FORMATS[ext][1]), name, "is not a whole image")
    return data

def main():
    arg = argparse.ArgumentParser()
    for name in ("dir", "list", "exit", "--server", "--truth", "--before"):
        arg.add_argument(name)
    o = arg.parse_args()
    code, urls = int(o.exit), entries(o.list)
    killed, interrupted = code == 137, code > 128
    results = manifest(os.path.join(o.dir, "manifest.jsonl"), killed)
    last = {}
    for r in results:
        i = r["index"]
        check(0 <= i < len(urls) and r["url"] == urls[i], "line of no entry:", i, r["url"])
        check(last.get(i, r)["status"] == "failed" or last.get(i) is None, "a line after the ok of", i)
        check(r["status"] in ("ok", "failed") and (r["class"] == "") == (r["status"] == "ok") == (r["file"] != ""), "a line that contradicts itself:", r)
        last[i] = r
    check(interrupted or len(last) == len(urls), len(last), "entries have a line, of", len(urls))
    ok = {i: r for i, r in last.items() if r["status"] == "ok"}
    check(interrupted or code == (0 if len(ok) == len(urls) else 1), "exit code", code, "with", len(ok), "ok of", len(urls))

    for i, r in ok.items():
        ext, path = os.path.splitext(r["file"])[1], os.path.join(o.dir, r["file"])
        check(r["file"] == f"image_{i}{ext}" and ext in FORMATS and os.path.isfile(path), "file of", i, r["file"])
        if ext in FORMATS and os.path.isfile(path):
            data = image(path, ext)
            check(len(data) == r["bytes"] and hashlib.sha256(data).hexdigest() == r["sha256"], path, "is not what its line says")
            check(not o.truth or get(o.truth + uri(r["url"])) == data, path, "is not what the server has")
    for name in set(os.listdir(o.dir)) - {r["file"] for r in ok.values()} - {"manifest.jsonl", ".grab"}:
        match = re.fullmatch(r"image_(\d+)(\.\w+)", name)
        check(killed and match, name, "is nobody's")
        if killed and match and match[2] in FORMATS:
            image(os.path.join(o.dir, name), match[2])
    folder = os.path.join(o.dir, ".grab")
    state = set(os.listdir(folder)) if os.path.isdir(folder) else None
    check(state is None or killed or (state and len(ok) < len(urls)), "a state folder without a reason", state)
    for name in () if killed else state or ():
        stem, ext = os.path.splitext(name)
        check({stem + ".part", stem + ".resume"} <= state and int(stem) not in ok, "left in the state folder:", name)

    before = {r["index"]: r for r in manifest(o.before, True) if r["status"] == "ok"} if o.before else {}
    check(all(last.get(i) == r for i, r in before.items()), "an earlier ok is gone")
    if o.server:
        sent = collections.Counter()
        for r in json.loads(get(o.server + "/ledger"))["requests"]:
            sent[r["uri"]] += r["sent"]
        for i, r in ok.items():
            asked = uri(r["final_url"])
            check(i not in before or asked not in sent, i, "was asked for again")
            check(i in before or r["http_status"] == 206 or sent[asked] >= r["bytes"], "more came of", i, "than was sent")
    print(f"oracle: {len(urls)} entries, {len(ok)} ok, {len(before)} before, exit code {code}:", "holds" if not bad else "\n  ".join([""] + bad[:20]))
    return 1 if bad else 0

sys.exit(main())
