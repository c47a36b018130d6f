package trtcclient

import (
	"slices"
	"strings"
)

// Explanation is what is known of an error code.
type Explanation struct {
	// Code is the code, or the family that ends before the last dot.
	Code string
	// Class says whether to send again.
	Class Class
	// Parameter is the API parameter at fault, such as "UserSig", or empty.
	Parameter string
	// Summary is what failed, in a user's words.
	Summary string
	// Advice is what to do next.
	Advice string
}

// Explain returns what is known of code: the entry for the code itself, else
// for its family (the part before the last dot), else a general one. The code
// is that of the answer.
func Explain(code string) Explanation {
	all := Explanations()
	for family := code; family != ""; {
		if i := slices.IndexFunc(all, func(e Explanation) bool { return e.Code == family }); i >= 0 {
			entry := all[i]
			entry.Code = code
			return entry
		}
		cut := strings.LastIndexByte(family, '.')
		if cut < 0 {
			break
		}
		family = family[:cut]
	}
	return Explanation{
		Code:    code,
		Class:   Final,
		Summary: "Tencent Cloud refused the request",
		Advice: "This error code is not described in the API reference. The service's message above says more; " +
			"Tencent Cloud support can look the request up by its RequestId.",
	}
}

// Explanations returns every entry, in the order of the documentation.
func Explanations() []Explanation {
	var all []Explanation
	for _, group := range [][]Explanation{actionCodes(), parameterCodes(), accessCodes(), serviceCodes()} {
		all = append(all, group...)
	}
	return all
}
