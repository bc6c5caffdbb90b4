package nlp

import "strings"

// Multiword tokens: "don't" is two words, "do" and "n't", in one token. Where
// the words are pieces of the token by character, each keeps its own range.

// clitics are the endings that part from a token, plain quotes assumed.
var clitics = []string{"n't", "'s", "'re", "'ve", "'ll", "'m", "'d"}

// splitWord gives the byte length of the first of the two words of a token, or
// 0 where it is one word. fused holds tokens without a clitic ("cannot") and how
// many characters their first word has.
func splitWord(form string, fused map[string]int) int {
	p := strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(form, "’", "'"), "`", "'"))
	if n, ok := fused[p]; ok {
		if at := len(lead(form, n)); at < len(form) {
			return at
		}
	}
	for _, c := range clitics {
		if len(p) <= len(c) || !strings.HasSuffix(p, c) {
			continue
		}
		return cutBefore(form, len(c))
	}
	if strings.HasSuffix(p, "s'") && len(p) > 2 {
		return cutBefore(form, 1)
	}
	return 0
}

// cutBefore gives the byte offset in form that leaves n characters at its end.
func cutBefore(form string, n int) int {
	i := len(form)
	for ; n > 0 && i > 0; n-- {
		i--
		for i > 0 && isCont(form[i]) {
			i--
		}
	}
	return i
}
