package args

import "strings"

// Suggest returns the candidate nearest to word, or "" if none is near: at most two
// edits away, and fewer edits than half of the word's characters. An edit inserts,
// deletes or replaces a character or swaps two neighbours. Case does not count.
func Suggest(word string, candidates []string) string {
	typed := []rune(strings.ToLower(word))
	nearest, least := "", 3
	for _, candidate := range candidates {
		edits := distance(typed, []rune(strings.ToLower(candidate)))
		if edits < least && 2*edits < len(typed) {
			nearest, least = candidate, edits
		}
	}
	return nearest
}

// distance returns the Damerau-Levenshtein distance of a and b (its restricted form,
// optimal string alignment: no part is edited twice).
func distance(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			replace := rows[i-1][j-1]
			if a[i-1] != b[j-1] {
				replace++
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, replace)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}

// DidYouMean returns the end of an error that offers a suggestion, or "" if there is none.
func DidYouMean(prefix, suggestion string) string {
	if suggestion == "" {
		return ""
	}
	return "; did you mean " + prefix + suggestion + "?"
}
