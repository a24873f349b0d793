"""Download the URLs of a list, one after another: python3 sequential.py LIST"""

import sys
import urllib.request


def download(number, url):
    with urllib.request.urlopen(url) as response, open(f"image_{number}.jpg", "wb") as file:
        file.write(response.read())
    print(f"image {number} is there", flush=True)


with open(sys.argv[1]) as lines:
    for number, url in enumerate(lines.read().split()):
        download(number, url)
