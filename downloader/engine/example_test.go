package engine_test

import (
	"context"
	"fmt"
	"os"

	"grab/downloader/engine"
	"grab/testserver"
)

// The embedded server stands for a site with images.
func ExampleFetch() {
	server, err := testserver.New(testserver.Options{})
	if err != nil {
		panic(err)
	}
	if err := server.Start(""); err != nil {
		panic(err)
	}
	defer server.Close()
	dir, err := os.MkdirTemp("", "images")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)

	site := "http://" + server.Addr()
	summary, err := engine.Fetch(context.Background(), dir, site+"/image/0.jpg", site+"/image/1.jpg", site+"/missing")
	fmt.Println(summary.OK, "ok,", summary.Failed, "failed,", err)

	files, _ := os.ReadDir(dir)
	for _, file := range files {
		fmt.Println(file.Name())
	}
	// Output:
	// 2 ok, 1 failed, <nil>
	// image_0.jpg
	// image_1.jpg
	// manifest.jsonl
}
