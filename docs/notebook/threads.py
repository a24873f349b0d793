"""Download the URLs of a list in a pool of three threads: python3 threads.py LIST"""

import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor


def download(number, url):
    with urllib.request.urlopen(url) as response, open(f"image_{number}.jpg", "wb") as file:
        file.write(response.read())
    print(f"image {number} is there", flush=True)


with open(sys.argv[1]) as lines, ThreadPoolExecutor(3) as pool:
    pool.map(download, *zip(*enumerate(lines.read().split())))
