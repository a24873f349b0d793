package command

import "testing"

// TestDirectory tests, in every mode, what a run may find in its output directory. Each
// script names its rows of part B of the catalogue of faults.
func TestDirectory(t *testing.T) {
	playAll(t, []fault{
		{rows: "B33", script: `
			fetch() { grab -q -json -mode $MODE -n 3 -local -latency 0 -images 20 -out images; }
			fetch >results
			sed -i '3s/"ok"/"oK"/' images/manifest.jsonl
			printf '{"index":99,"line"' >>images/manifest.jsonl
			fetch 2>err | grep -o '"status":"ok"'
			grep -o '1 damaged lines in the manifest, the first at \[3\]' err
			fetch | grep -c '"status":"skipped"'`,
			want: "\"status\":\"ok\"\n1 damaged lines in the manifest, the first at [3]\n20\n"},
		{rows: "B34", script: `
			mkdir -p images/.grab
			echo torn >images/.grab/0.part
			echo mine | tee images/0.part images/image_0.jpg.part >images/notes
			grab -q -mode $MODE -n 3 -local -latency 0 -images 20 -out images
			ls -A images | grep -v ^image_[0-9]*.jpg$
			cat images/0.part images/image_0.jpg.part images/notes`,
			want: "0.part\nimage_0.jpg.part\nmanifest.jsonl\nnotes\nmine\nmine\nmine\n"},
		{rows: "B35 B36", script: `
			for i in $(seq 0 9); do echo http://a.test/image/$i.jpg; done >before
			{ sed 2d before; for i in $(seq 10 12); do echo http://a.test/image/$i.jpg; done; } >after
			fetch() { list=$1; shift; grab -q -json -local -latency 0 "$@" $list | grep -c '"status":"ok"' || true; }
			fetch before -mode $MODE -n 3 -out images
			fetch before -mode pool -n 8 -out images
			fetch after -mode pool -n 8 -out images
			fetch after -mode $MODE -n 2 -out images
			fetch after -mode $MODE -out fresh
			for file in fresh/image_*; do cmp $file images/${file#fresh/}; done
			ls images | wc -l
			head -n 3 after >short
			fetch short -mode $MODE -out images
			ls images | wc -l`,
			want: "10\n0\n3\n0\n12\n14\n0\n14\n"},
		{rows: "B37", script: `
			fetch() { grab -q -json -mode $MODE -n 3 -local -latency 0 -images 20 -out images "$@" | grep -o '"index":[0-9]*,.*"status":"ok"' | sed 's/"index":\([0-9]*\).*/\1/' | sort -n; }
			fetch | wc -l
			rm images/image_1.jpg
			truncate -s 100 images/image_2.jpg
			printf xx | dd of=images/image_3.jpg bs=1 seek=$(($(stat -c %s images/image_3.jpg) - 2)) conv=notrunc 2>dd
			fetch
			fetch -check
			fetch -check`,
			want: "20\n1\n2\n3\n"},
		{rows: "B38", script: `
			mkdir images
			echo mine >images/image_4.jpg
			for again in 1 2; do
				grab -q -json -mode $MODE -n 3 -local -latency 0 -images 20 -out images >results || echo exit $?
				grep -o '"class":"[a-z]\+"' results
			done
			cat images/image_4.jpg
			ls images | wc -l`,
			want: "exit 1\n\"class\":\"exists\"\nexit 1\n\"class\":\"exists\"\nmine\n21\n"},
		{rows: "B39", script: `
			mkfifo list
			grab -q -mode $MODE -n 3 -local -latency 0 -out images list &
			exec 9>list
			echo http://a.test/image/0.jpg >&9
			until grep -qs '"status":"ok"' images/manifest.jsonl; do kill -0 $!; done
			grab -q -mode $MODE -local -images 20 -out images 2>err || echo exit $?
			grep -c "process $!" err
			kill -KILL $!
			wait $! || true
			exec 9>&-
			for i in 1 2 3 4 5 6; do
				{ grab -q -mode $MODE -n 2 -local -latency 20ms -images 6 -out race 2>err.$i && echo 0 || echo $?; } >code.$i &
			done
			wait
			cat code.* | sort -u
			ls race | wc -l
			grab -q -mode $MODE -local -latency 0 -images 20 -out images
			ls images | wc -l`,
			want: "exit 4\n1\n0\n4\n7\n22\n"},
		{rows: "B52 B53", script: `
			touch file
			mkfifo fifo
			ln -s nowhere dangling
			mkdir folder
			ln -s folder link
			for out in file fifo dangling /dev/null "$(head -c 5000 /dev/zero | tr '\0' x)" "$(printf 'a\nb')"; do
				grab -q -mode $MODE -n 3 -local -images 5 -out "$out" 2>err || echo exit $? $(wc -l <err)
			done
			grab -q -mode $MODE -n 3 -local -latency 0 -images 5 -out link
			ls folder | wc -l`,
			want: "exit 2 1\nexit 2 1\nexit 2 1\nexit 2 1\nexit 2 1\nexit 2 1\n6\n"},
		{rows: "B55", script: `
			mkdir -p images/image_0.jpg
			mkfifo images/image_1.jpg
			echo precious >precious
			ln -s ../precious images/image_2.jpg
			grab -q -json -mode $MODE -n 3 -local -latency 0 -images 4 -out images >results || echo exit $?
			sed -n 's/.*"index":\([0-9]\).*"status":"\([a-z]*\)","class":"\([a-z]*\)".*/\1 \2 \3/p' results | sort
			cat precious
			stat -c %F images/image_*`,
			want: "exit 1\n0 failed exists\n1 failed exists\n2 ok \n3 ok \nprecious\ndirectory\nfifo\nregular file\nregular file\n"},
		{rows: "B63", script: `
			printf 'http://a.test/image/%d.jpg\n' 1 1 2 1 | grab -q -mode $MODE -n 3 -local -latency 0 -out images -
			cmp images/image_0.jpg images/image_1.jpg
			cmp images/image_0.jpg images/image_3.jpg
			ls images | wc -l`,
			want: "5\n"},
	})
}
