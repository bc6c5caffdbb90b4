package web

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestContrast reads the colours from the style sheet and holds them to WCAG
// AA: 4.5 to 1 for text, in light and in dark.
func TestContrast(t *testing.T) {
	css, err := static.ReadFile("static/detente.css")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(css), "@media (prefers-color-scheme: dark) {")
	if !ok {
		t.Fatal("the style sheet has no dark colours")
	}
	after, _, _ := strings.Cut(rest, "\n}")
	for scheme, part := range map[string]string{"light": before, "dark": after} {
		colour := map[string]string{}
		for _, m := range regexp.MustCompile(`--([a-z]+): #([0-9a-f]{6});`).FindAllStringSubmatch(part, -1) {
			colour[m[1]] = m[2]
		}
		for _, front := range []string{"ink", "soft", "link", "open", "minimal", "frozen", "severed", "disputed", "unknown", "said", "denied", "done"} {
			for _, back := range []string{"paper", "raised"} {
				if c := contrast(t, colour[front], colour[back]); c < 4.5 {
					t.Errorf("%s: %s on %s has a contrast of %.2f", scheme, front, back, c)
				}
			}
		}
		for _, front := range []string{"ink", "soft", "link"} {
			for _, back := range []string{"mark", "tint"} {
				if c := contrast(t, colour[front], colour[back]); c < 4.5 {
					t.Errorf("%s: %s on %s has a contrast of %.2f", scheme, front, back, c)
				}
			}
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (math.Max(x, y) + .05) / (math.Min(x, y) + .05)
}

// luminance is WCAG's relative luminance of an sRGB colour.
func luminance(t *testing.T, rgb string) float64 {
	t.Helper()
	n, err := strconv.ParseUint(rgb, 16, 32)
	if err != nil {
		t.Fatalf("colour %q: %v", rgb, err)
	}
	part := func(shift uint) float64 {
		c := float64(n>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return .2126*part(16) + .7152*part(8) + .0722*part(0)
}
