# peers.awk prints the table of one condition from the measurements of peers.sh,
# lines of: condition, round, tool, wall, user and system seconds, KiB, ok or FAILED.

# median of the n numbers v[1..n], which it sorts.
function median(v, n,    i, j, x) {
	for (i = 2; i <= n; i++) {
		x = v[i]
		for (j = i - 1; j > 0 && v[j] > x; j--) v[j + 1] = v[j]
		v[j + 1] = x
	}
	return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
}

# middle returns the median of series[tool, 1..rounds], and sets least and most.
function middle(series, tool,    r, v, m) {
	for (r = 1; r <= rounds; r++) v[r] = series[tool, r]
	m = median(v, rounds)
	least = v[1]
	most = v[rounds]
	return m
}

# ratios returns a table cell: the wall time of ours, by that of theirs.
function ratios(ours, theirs,    r, v) {
	if (!(ours in runs) || ours in failed || ours == theirs) return "-"
	for (r = 1; r <= rounds; r++) v[r] = wall[ours, r] / wall[theirs, r]
	return sprintf("%.2f, %.2f", middle(wall, ours) / middle(wall, theirs), median(v, rounds))
}

$1 == condition && $2 == 0 { order[++tools] = $3 } # the warm-up

$1 == condition && $2 > 0 {
	runs[$3]++
	wall[$3, $2] = $4
	cpu[$3, $2] = ($5 + $6) * 1e6 / images
	rss[$3, $2] = $7 / 1024
	if ($8 != "ok") failed[$3]++
}

END {
	printf "\n### %s\n\n", title
	print "| tool | wall, s | images/s | CPU, µs/image | memory, MiB | pool ÷ tool | process ÷ tool |"
	print "|---|---:|---:|---:|---:|---:|---:|"
	for (i = 1; i <= tools; i++) {
		t = order[i]
		if (t in failed) {
			printf "| %s | FAILED in %d of %d rounds | | | | | |\n", t, failed[t], runs[t]
			continue
		}
		w = middle(wall, t)
		printf "| %s | %.2f [%.2f–%.2f] | %.0f ", t, w, least, most, images / w
		printf "| %.0f | %.0f ", middle(cpu, t), middle(rss, t)
		printf "| %s | %s |\n", ratios("grab-pool", t), ratios("grab-process", t)
	}
}
