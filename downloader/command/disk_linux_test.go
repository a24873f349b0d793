package command

import "testing"

// TestDisk tests the faults of disks in every mode. Each script names its rows of part B
// of the catalogue of faults.
func TestDisk(t *testing.T) {
	playAll(t, []fault{
		{rows: "B01", namespace: "-m", script: diskFull("size=256k"), want: filledUp},
		{rows: "B02", namespace: "-m", script: diskFull("nr_inodes=16"), want: filledUp},
		{rows: "B03", needs: "strace", script: `
			for call in fsync renameat close; do
				only= when=3
				[ $call != close ] || { only="-P $PWD/close/.grab/3.part"; when=1; }
				strace -f -qq -o trace $only -e trace=$call -e inject=$call:error=EIO:when=$when+ \
					grab -q -json -durable -mode $MODE -n 3 -local -latency 0 -images 20 -out $call >results || echo $call exit $?
				ok=$(grep -c '"status":"ok"' results || true)
				lines=$(grep -c '"status":"ok"' $call/manifest.jsonl || true)
				[ $ok -le $lines ] || echo $ok images are ok, $lines have a line
				grab -q -json -local -latency 0 -images 20 -check -out $call >results
				ls $call | wc -l
			done`,
			want: "fsync exit 3\n21\nrenameat exit 3\n21\nclose exit 3\n21\n"},
		{rows: "B04", needs: "strace", script: `
			strace -f -qq -o trace -P $PWD/images/.grab/3.part -e trace=write -e inject=write:error=EDQUOT \
				grab -q -mode $MODE -n 3 -local -latency 0 -images 20 -out images 2>err || echo exit $?
			grep -o 'disk quota exceeded' err
			(ulimit -f 8; grab -q -mode $MODE -n 3 -local -latency 0 -images 20 -out small 2>err || echo exit $?)
			grep -o 'file too large' err
			ls small
			grab -q -mode $MODE -local -latency 0 -images 20 -out images
			ls images | wc -l`,
			want: "exit 3\ndisk quota exceeded\nexit 3\nfile too large\nmanifest.jsonl\n21\n"},
		{rows: "B05", needs: "strace", script: `
			grab -q -local -latency 0 -images 20 -out images
			strace -f -qq -o trace -P $PWD/images/manifest.jsonl -e trace=read -e inject=read:error=EIO:when=1 \
				grab -q -mode $MODE -n 3 -local -latency 0 -images 20 -out images 2>err || echo exit $?
			grep -o 'read .*' err
			ls images | wc -l
			strace -f -qq -o trace -P $PWD/images/image_3.jpg -e trace=read -e inject=read:error=EIO \
				grab -q -json -mode $MODE -n 3 -local -latency 0 -images 20 -check -out images | grep -c '"status":"skipped"'`,
			want: "exit 2\nread images/manifest.jsonl: input/output error\n21\n19\n"},
		{rows: "B06", namespace: "-m", needs: "strace", script: `
			mkdir images
			mount -t tmpfs -o ro tmpfs images
			grab -q -mode $MODE -local -latency 0 -images 20 -out images 2>err || echo exit $?
			mount -o remount,rw images
			strace -f -qq -o trace -P 3.part -e trace=openat -e inject=openat:error=EROFS \
				grab -q -mode $MODE -n 3 -local -latency 0 -images 20 -out images 2>err || echo exit $?
			grep -o 'read-only file system' err
			grab -q -mode $MODE -n 3 -local -latency 0 -images 20 -out images
			ls images | wc -l`,
			want: "exit 2\nexit 3\nread-only file system\n21\n"},
		{rows: "B07", namespace: "-m", script: `
			mkdir images elsewhere
			mount -t tmpfs tmpfs images
			mount -t tmpfs -o size=4k tmpfs elsewhere
			TMPDIR=$PWD/elsewhere grab -q -mode $MODE -n 3 -local -latency 0 -images 20 -out images
			ls images | wc -l`,
			want: "21\n"},
		{rows: "B08", needs: "strace", script: `
			strace -f -qq -o trace -e trace=flock -e inject=flock:error=EOPNOTSUPP \
				grab -q -mode $MODE -n 3 -local -latency 0 -images 5 -out images
			strace -f -qq -o trace -e trace=fsync -e inject=fsync:error=EINVAL \
				grab -q -force -mode $MODE -n 3 -local -latency 0 -images 5 -out images
			strace -f -qq -o trace -e trace=fsync -e inject=fsync:error=EINVAL \
				grab -q -force -durable -mode $MODE -n 3 -local -latency 0 -images 5 -out images 2>err || echo exit $?
			grep -o 'invalid argument' err`,
			want: "exit 2\ninvalid argument\n"},
		{rows: "B11", needs: "strace", script: `
			strace -f -qq -o trace -e trace=write,openat,renameat,fsync -e inject=write,openat,renameat,fsync:error=EINTR:when=7+3 \
				grab -q -json -durable -mode $MODE -n 3 -local -latency 0 -images 20 -out images >results
			grep -c '"status":"ok"' results
			grep -q INJECTED trace
			grab -q -json -local -latency 0 -images 20 -check -out images | grep -c '"status":"skipped"'`,
			want: "20\n20\n"},
		{rows: "B32", namespace: "-m", needs: "mkfs.ext4 sha256sum", script: powerCut + `
			cutAfter -durable
			sums before | (cd after/out && sha256sum -c --quiet && echo whole)
			sums before >told
			sums after/out/manifest.jsonl | grep -cvxFf - told || echo written
			goOn
			cutAfter
			goOn
			cutAfterEnd
			goOn`,
			want: "whole\n0\nwritten\n200\n200\n200\n"},
		{rows: "B54", needs: "pkill", script: `
			mkfifo list
			grab -q -mode $MODE -n 3 -local -latency 0 -out images list 2>err &
			exec 9>list
			echo http://a.test/image/0.jpg >&9
			until grep -qs '"status":"ok"' images/manifest.jsonl; do kill -0 $!; done
			mv images moved
			mkdir other
			ln -s other images
			pkill -KILL -P $! -f 'worker$' || [ $MODE != process ]
			echo http://a.test/image/1.jpg >&9
			exec 9>&-
			wait $! && echo exit 0
			ls other moved`,
			want: "exit 0\nmoved:\nimage_0.jpg\nimage_1.jpg\nmanifest.jsonl\n\nother:\n"},
		{rows: "B56", script: `
			for mask in 000 077; do
				(umask $mask; grab -q -mode $MODE -local -latency 0 -images 1 -out $mask)
				stat -c %a $mask $mask/image_0.jpg $mask/manifest.jsonl
			done`,
			want: "777\n666\n666\n700\n600\n600\n"},
	})
}

// diskFull returns a script that runs grab on a file system with too little space or too
// few inodes, and then on one with enough.
func diskFull(limit string) string {
	return `
		mkdir images
		mount -t tmpfs -o ` + limit + ` tmpfs images
		fetch() { grab -q -mode $MODE -n 3 -local -latency 0 -images 60 -out images 2>>err || echo exit $?; }
		fetch
		grep -c '"status":"ok"' images/manifest.jsonl | sed 's/^[1-9].*/some/'
		mount -o remount,size=100m,nr_inodes=1000 images
		fetch
		grab -json -q -local -images 60 -check -out images | grep -c '"status":"skipped"'
		ls images | wc -l`
}

const filledUp = "exit 3\nsome\n60\n61\n"

// powerCut defines shell functions for a disk in a file. What has been written to that
// file is what would be left after a power cut. The functions copy it until nothing is
// written meanwhile. Without -durable they flush only the manifest: the worst case, lines
// whose files did not reach the disk.
const powerCut = `
	disk() {
		truncate -s 32m disk
		mkfs.ext4 -q disk
		mkdir images after
		mount -o loop disk images
	}
	cut() {
		until cp disk cut && cmp -s disk cut; do :; done
		mount -o loop cut after
	}
	cutAfter() {
		disk
		: >results # of the run before, whose lines would be taken for this one's
		grab -q -json $* -mode $MODE -n 3 -local -latency 5ms -images 200 -out images/out >results &
		until [ $(grep -c '"status":"ok"' results) -gt 60 ]; do kill -0 $!; done
		kill -STOP $!
		trap "kill -KILL $!" EXIT
		cp results before
		[ $# -gt 0 ] || sync images/out/manifest.jsonl
		cut
		kill -KILL $!
		trap - EXIT
		wait $! || true
	}
	cutAfterEnd() {
		disk
		for images in 100 200; do
			grab -q -mode $MODE -n 3 -local -latency 0 -images $images -out images/out
			[ $images != 100 ] || sync
		done
		touch images/other
		sync images/other # and with it all names
		cut
	}
	sums() { sed -n 's/.*"status":"ok".*"file":"\([^"]*\)".*"sha256":"\([^"]*\)".*/\2  \1/p' $1; }
	goOn() {
		grab -q -mode $MODE -n 3 -local -latency 0 -images 200 -out after/out
		sums after/out/manifest.jsonl | sort -u | (cd after/out && sha256sum -c --quiet)
		ls after/out/image_* | wc -l
		umount images after
		rmdir images after
	}`
