package downloader_test

func actAsParent(args []string) int { return 0 }
