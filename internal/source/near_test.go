package source

import (
	"strings"
	"testing"
)

const agencyCopy = `The foreign ministers of both republics spoke by telephone on Monday for the first time since the border was closed in March, the ministry in the capital said.

They agreed that their deputies would meet in a third country before the end of the month, and that the two border crossings in the mountains would be opened for lorries with food and medicine.

A spokesman for the other side confirmed the call and said that it had lasted forty minutes. He did not say who had asked for it.

The two countries broke off their talks over water in spring, after a dam was filled without notice. Farmers below it lost a third of their harvest.

Mediators from two neighbouring states had travelled between the capitals since June. Their proposal has not been published.`

func TestFingerprint(t *testing.T) {
	paragraphs := strings.Split(agencyCopy, "\n\n")
	f := FingerprintOf(agencyCopy)
	for name, c := range map[string]struct {
		text string
		copy bool
	}{
		"the same":                 {agencyCopy, true},
		"other signs and case":     {strings.ToUpper(strings.ReplaceAll(agencyCopy, ",", " –")), true},
		"another headline":         {"Ministers talk at last\n\n" + agencyCopy, true},
		"the end is cut":           {strings.Join(paragraphs[:4], "\n\n"), true},
		"a paragraph is exchanged": {strings.Join(append(append([]string{}, paragraphs[:2]...), "Nobody in the villages had heard of the call on Monday evening, a mayor told this newspaper.", paragraphs[3], paragraphs[4]), "\n\n"), true},
		"the same event, told by another": {`The two foreign ministers have talked to each other by phone, officials in both capitals said on Monday. It was their first conversation since spring.

Deputies are to meet abroad this month. Two mountain crossings will be opened for food and medicine. The quarrel began when a dam was filled without notice.`, false},
		"another story": {strings.Repeat("The central bank left its rate where it was on Thursday and said that prices were rising more slowly. ", 8), false},
	} {
		if got := SharedRuns(agencyCopy, c.text); got < 0.4 == c.copy {
			t.Errorf("%s: shares %.2f of its runs", name, got)
		}
		if c.copy && !shareBand(f, FingerprintOf(c.text)) {
			t.Errorf("%s: no band in common", name)
		}
	}
}

func shareBand(f, g Fingerprint) bool {
	a, b := f.Bands(), g.Bands()
	for i := range a {
		if a[i] == b[i] {
			return true
		}
	}
	return false
}

func TestFingerprintOfLittleText(t *testing.T) {
	if FingerprintOf("") != FingerprintOf(" ") || FingerprintOf("They met.") == FingerprintOf("They parted.") {
		t.Error("short texts are not told apart")
	}
}

func TestSharedWords(t *testing.T) {
	anew := "The ministers of the two republics have talked by telephone, for the first time since March. Deputies will meet in a third country; lorries with food may cross the border."
	if got := SharedWords(agencyCopy, anew); got < 0.6 {
		t.Errorf("a text about the same shares %.2f of its words", got)
	}
	if got := SharedWords(agencyCopy, "The central bank left its rate where it was on Thursday and said that prices were rising more slowly."); got > 0.2 {
		t.Errorf("a text about something else shares %.2f of its words", got)
	}
	if SharedWords("", "") != 0 || SharedRuns("They met.", "They met.") != 1 {
		t.Error("texts of few words are not told apart")
	}
}
