"""Download nothing in a pool of three processes: python3 process.py LIST

This is the notebook's mistake, kept on purpose. Its function exists only where the notebook
runs, so the children cannot import it and die. The error waits in the results, which nobody
reads. The program ends at once, with exit status 0.
"""

import multiprocessing
import sys
import urllib.request
from concurrent.futures import ProcessPoolExecutor

if __name__ == "__main__":

    def download(number, url):
        with urllib.request.urlopen(url) as response, open(f"image_{number}.jpg", "wb") as file:
            file.write(response.read())
        print(f"image {number} is there", flush=True)

    with open(sys.argv[1]) as lines:
        urls = lines.read().split()
    with ProcessPoolExecutor(3, mp_context=multiprocessing.get_context("spawn")) as pool:
        pool.map(download, range(len(urls)), urls)
