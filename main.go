// Command grab downloads lists of images: one after another, in a pool of
// goroutines or in a pool of child processes, and compares the times.
package main

import (
	"os"

	"grab/downloader/command"
)

func main() { os.Exit(command.Main(os.Args, os.Stdin, os.Stdout, os.Stderr)) }
