package event

import "strings"

// irregular gives the forms of verbs that do not inflect by rule, of those
// that the rules use.
var irregular = map[string]string{
	"freeze": "froze frozen", "unfreeze": "unfroze unfrozen", "break": "broke broken", "speak": "spoke spoken", "hold": "held", "meet": "met", "cut": "cutting",
	"send": "sent", "give": "gave given", "take": "took taken", "throw": "threw thrown", "withdraw": "withdrew withdrawn",
	"leave": "left", "tell": "told", "shake": "shook shaken", "write": "wrote written", "sit": "sat sitting", "fly": "flew flown",
	"pay": "paid", "strike": "struck", "seek": "sought", "shut": "shutting", "stand": "stood", "lie": "lay lain", "keep": "kept",
	"go": "went gone", "bring": "brought", "beat": "beaten", "shoot": "shot", "say": "said", "ring": "rang rung", "put": "putting",
	"run": "ran running", "hand": "", "get": "got getting", "make": "made", "have": "had has", "be": "is are was were been", "deny": "",
	"eat": "ate eaten", "blow": "blew blown", "forget": "forgot", "quit": "quitting", "slay": "slew slain", "tear": "tore torn", "draw": "drew drawn", "set": "setting", "let": "letting", "feed": "fed", "lend": "lent", "bind": "bound", "burn": "burnt", "lay": "laid", "drive": "drove driven", "come": "came", "undertake": "undertook undertaken",
}

// inflect gives the regular forms of a verb, and the irregular ones where it
// has some: a rule must find its trigger where the lemma was got wrong.
func inflect(v string) []string {
	if !isWord(v) {
		return nil
	}
	last, stem := v[len(v)-1], v[:len(v)-1]
	vowel := func(b byte) bool { return strings.IndexByte("aeiou", b) >= 0 }
	var out []string
	switch {
	case last == 'e':
		out = append(out, v+"s", v+"d", stem+"ing")
	case last == 'y' && !vowel(v[len(v)-2]):
		out = append(out, stem+"ies", stem+"ied", v+"ing")
	case strings.HasSuffix(v, "s"), strings.HasSuffix(v, "sh"), strings.HasSuffix(v, "ch"), strings.HasSuffix(v, "x"):
		out = append(out, v+"es", v+"ed", v+"ing")
	default:
		out = append(out, v+"s", v+"ed", v+"ing")
		if n := len(v); n >= 3 && !vowel(last) && vowel(v[n-2]) && !vowel(v[n-3]) && last != 'w' {
			out = append(out, v+string(last)+"ed", v+string(last)+"ing") // "barred", "cancelled"
		}
	}
	return append(out, strings.Fields(irregular[v])...)
}

func isWord(v string) bool {
	if len(v) < 3 {
		return false
	}
	for i := 0; i < len(v); i++ {
		if v[i] < 'a' || v[i] > 'z' {
			return false
		}
	}
	return true
}
