package cloudapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
)

func TestRequestClientFitsTheDocumentedSet(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ userAgent, want string }{
		"as it is":        {userAgent: "a-Z_0 ,;.", want: "a-Z_0 ,;."},
		"slashes":         {userAgent: "Terraform/1.14.0 (+https://x)", want: "Terraform_1.14.0 __https___x_"},
		"header injector": {userAgent: "a\r\nX-Evil: 1", want: "a__X-Evil_ 1"},
		"not ASCII":       {userAgent: "é中\xff", want: "___"},
		"longest":         {userAgent: strings.Repeat("a", 128), want: strings.Repeat("a", 128)},
		"too long":        {userAgent: strings.Repeat("é", 200), want: strings.Repeat("_", 128)},
		"nothing":         {userAgent: "", want: "terraform-provider-trtc"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, unsigned := range []bool{false, true} {
				var kept journal
				caller := cloudapi.NewCaller(cloudapi.Config{Transport: answering(t, &kept, http.StatusOK, goodAnswer), UserAgent: c.userAgent})
				request := start()
				request.Unsigned = unsigned
				if _, err := caller.Call(t.Context(), permanentKey(), request, &taskAnswer{}); err != nil {
					t.Fatal(err)
				}
				if got := kept.all()[0].header.Get("X-TC-RequestClient"); got != c.want {
					t.Errorf("X-TC-RequestClient = %q, want %q", got, c.want)
				}
			}
		})
	}
}
