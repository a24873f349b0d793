#!/usr/bin/env python3
"""Compares grab's verdict on every file of a folder with those of other decoders.

    opinions.py [-grab PROGRAM] [-verify structure] FOLDER

A server on the loopback interface serves the files, and grab downloads them into a temporary
folder. Then Pillow and libvips (its command vips) read the same files, whichever of the two is
installed. Each line of the output is a file about which they disagree with grab: one says that it
is whole and the other that it is not, or the sizes differ. The last line counts them. A decoder
that does not know a format has no opinion.

The exit code is 0 if there are opinions and no disagreements, 1 if there are disagreements, and 2
if there is no second opinion at all.
"""
import argparse, functools, http.server, json, os, shutil, subprocess, sys, tempfile, threading, urllib.parse, warnings


class Server(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass


class Quiet(http.server.ThreadingHTTPServer):
    def handle_error(self, request, address):
        pass  # grab closed a connection


def files_in(folder):
    return sorted(os.path.relpath(os.path.join(at, name), folder)
                  for at, _, names in os.walk(folder) for name in names)


def grab(program, verify, folder, names):
    """Returns grab's result for each name."""
    server = Quiet(("127.0.0.1", 0), functools.partial(Server, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    urls = ["http://127.0.0.1:%d/%s" % (server.server_port, urllib.parse.quote(name)) for name in names]
    with tempfile.TemporaryDirectory() as out:
        run = subprocess.run([program, "-no-config", "-json", "-q", "-n", "4", "-verify", verify, "-out", out, "-"],
                             input="\n".join(urls), text=True, stdout=subprocess.PIPE)
    server.shutdown()
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    return {names[r["index"]]: r for r in lines if r["type"] == "result"}


def pillow():
    """Returns a function that gives Pillow's verdict and the size, or None."""
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError:
        return None
    Image.MAX_IMAGE_PIXELS = None
    warnings.simplefilter("ignore")

    def verdict(path):
        try:
            with Image.open(path) as image:
                size = image.size
                image.load()
                return "whole", size
        except UnidentifiedImageError:
            return None, None
        except NotImplementedError:
            return None, None
        except Exception as error:  # decoders raise anything
            return "damaged: %s" % error, None
    return verdict


def vips():
    """Returns a function that gives libvips' verdict and the size, or None."""
    if not shutil.which("vips"):
        return None

    def call(*words):
        return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")

    def verdict(path):
        header = call("vipsheader", path)
        if header.returncode != 0:
            unknown = "not a known file format" in header.stderr or "No known" in header.stderr
            return (None if unknown else "damaged: " + header.stderr.strip().splitlines()[-1]), None
        pixels = call("vips", "avg", path + "[fail_on=error]")
        if "no property named" in pixels.stderr or "does not support" in pixels.stderr:
            pixels = call("vips", "avg", path)
        if pixels.returncode != 0:
            return "damaged: " + (pixels.stderr.strip() or "no reason").splitlines()[-1], None
        width, _, height = header.stdout.rsplit(":", 1)[1].split()[0].rstrip(",").partition("x")
        return "whole", (int(width), int(height))
    return verdict


def main():
    arg = argparse.ArgumentParser(usage=__doc__)
    arg.add_argument("-grab", default="grab")
    arg.add_argument("-verify", default="structure", choices=["structure", "decode"])
    arg.add_argument("folder")
    o = arg.parse_args()
    opinions = {name: ask for name, ask in (("Pillow", pillow()), ("libvips", vips())) if ask}
    if not opinions:
        print("no second opinion: install Pillow or libvips")
        return 2
    names = files_in(o.folder)
    results = grab(o.grab, o.verify, o.folder, names)
    disagreements = 0
    for name in names:
        r = results.get(name)
        if r is None:
            print("%s: grab gave no result" % name)
            disagreements += 1
            continue
        ok = r["status"] == "ok"
        for who, ask in opinions.items():
            verdict, size = ask(os.path.join(o.folder, name))
            if verdict is None:
                continue
            if ok != (verdict == "whole"):
                mine = "ok" if ok else "%s: %s" % (r["class"], r["error"])
                print("%s: grab says %s; %s says %s" % (name, mine, who, verdict))
                disagreements += 1
            elif ok and size != (r["width"], r["height"]):
                print("%s: grab says %dx%d; %s says %dx%d" % (name, r["width"], r["height"], who, *size))
                disagreements += 1
    refused = sum(r["status"] != "ok" for r in results.values())
    print("%d files, %d refused, %d disagreements with %s" % (len(names), refused, disagreements, " and ".join(opinions)))
    return 1 if disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
