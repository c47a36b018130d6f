package cloudapi_test

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/secret"
)

// TestParallelCallsKeepApart checks that each call gets the answer to its own
// request, signed with its own key, while keys and regions change.
func TestParallelCallsKeepApart(t *testing.T) {
	t.Parallel()
	const callers, calls = 8, 25
	caller, request := onServer(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, `{"Response":{"TaskId":"%s %s","RequestId":"r"}}`, r.Header.Get("X-TC-Region"), r.Header.Get("X-TC-Token"))
	})
	var group sync.WaitGroup
	for number := range callers {
		group.Go(func() {
			for call := range calls {
				own := request
				own.Region = fmt.Sprintf("region-%d", number%3)
				credential := permanentKey()
				credential.Token = secret.New(fmt.Sprintf("token-%d", call%2))
				var out taskAnswer
				_, err := caller.Call(t.Context(), credential, own, &out)
				if want := own.Region + " " + credential.Token.Reveal(); err != nil || out.TaskID != want {
					t.Errorf("Call = %q, %v, want %q", out.TaskID, err, want)
				}
			}
		})
	}
	group.Wait()
}

// TestSystemDefaults lets a caller without a configuration fail without having
// sent anything.
func TestSystemDefaults(t *testing.T) {
	t.Parallel()
	request := start()
	request.Endpoint = cloudapi.Endpoint{}
	_, err := cloudapi.NewCaller(cloudapi.Config{}).Call(t.Context(), permanentKey(), request, io.Discard)
	if got := cloudapi.OutcomeOf(err); got != cloudapi.NotSent {
		t.Errorf("outcome = %v, want not sent", got)
	}
}
