package cloudapi

import "strings"

const (
	// maxRequestClient is the longest X-TC-RequestClient that the API takes.
	maxRequestClient = 128
	// defaultRequestClient is sent when nobody gave a name.
	defaultRequestClient = "terraform-provider-trtc"
)

// requestClient fits a user agent to the set that X-TC-RequestClient allows.
func requestClient(userAgent string) string {
	if userAgent == "" {
		return defaultRequestClient
	}
	fitted := strings.Map(func(r rune) rune {
		if isLetterOrDigit(r) || strings.ContainsRune("-_ ,;.", r) {
			return r
		}
		return '_'
	}, userAgent)
	return fitted[:min(len(fitted), maxRequestClient)]
}
