package provider_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
)

// elsewhere continues the session at the mock of another world, as a run with
// another endpoint does.
func elsewhere(t *testing.T, session *tfcore.Session) *acctest.World {
	t.Helper()
	other := acctest.NewWorld(t)
	session.Serve(other.Provider(t, nil))
	return other
}

// TestOtherService_NotExist checks that NotExist from another service than the
// task's neither ends the task nor removes it from state, whatever on_task_end
// says, and that no Update and no Stop is believed.
func TestOtherService_NotExist(t *testing.T) {
	t.Parallel()
	refused := []string{acctest.Update + ":FailedOperation.TaskNotExist"}
	for name, c := range map[string]struct {
		before, change tfcore.Values
		command        command
		calls          []string
	}{
		"refresh":        {nil, nil, refresh, describes(1)},
		"refresh, keep":  {tfcore.Values{"on_task_end": "keep"}, nil, refresh, describes(1)},
		"update":         {nil, tfcore.Values{"volume": 5}, apply, refused},
		"update to keep": {nil, tfcore.Values{"volume": 5, "on_task_end": "keep"}, apply, refused},
		"delete":         {nil, nil, remove, describes(1)},
		"replace":        {nil, tfcore.Values{"seek_second": 5}, apply, describes(1)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			config := world.Values(t, c.before)
			session := world.Created(t, config)
			want, private := session.State(), session.Private()
			other := elsewhere(t, session)
			_, diags := c.command(t.Context(), session, config.With(c.change))
			if refreshes := strings.HasPrefix(name, "refresh"); diags.HasErrors() == refreshes || len(diags) != 1 {
				t.Fatalf("diagnostics %s", diags)
			}
			for _, text := range []string{
				world.Mock.Alive()[0].ID, "room 1001", acctest.UserID, "service " + world.Service(), "service " + other.Service(),
				"endpoint", "terraform state rm", "destroy = false",
			} {
				if len(diags.Mentioning(text)) == 0 {
					t.Errorf("%s does not mention %q", diags, text)
				}
			}
			other.ExpectJournal(t, c.calls...)
			if session.Private() != private {
				t.Errorf("the private state changed to %q, was %q", session.Private(), private)
			}
			acctest.ExpectState(t, session, want)
			world.ExpectJournal(t)

			session.Serve(world.Provider(t, nil))
			acctest.ExpectSettled(t, session, config)
			acctest.ExpectSuccess(t, session.Destroy(t.Context()))
			world.ExpectRunning(t, 0)
		})
	}
}

// TestOtherService_Tainted checks that a tainted task is not taken for stopped at
// another service, although its private state is not in the plan and the stream of
// the new task may differ.
func TestOtherService_Tainted(t *testing.T) {
	t.Parallel()
	for name, changes := range map[string]tfcore.Values{"same stream": nil, "another room": {"room_id": "1002"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			config := world.Values(t, nil)
			session := world.Created(t, config)
			other := elsewhere(t, session)
			session.Taint()
			_, diags := session.ApplyConfig(t.Context(), config.With(changes))
			acctest.ExpectError(t, diags, "", "belongs to the service "+world.Service())
			other.ExpectChanges(t)
		})
	}
}

// TestOtherService_Fault checks that other errors of another service name both
// services.
func TestOtherService_Fault(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session := world.Created(t, world.Values(t, nil))
	other := elsewhere(t, session)
	for action, command := range map[string]command{acctest.Describe: refresh, acctest.Update: apply} {
		other.Inject(t, acctest.RejectNext(action, "FailedOperation"))
		_, diags := command(t.Context(), session, other.Values(t, tfcore.Values{"volume": 5}))
		acctest.ExpectError(t, diags, "", "this run uses the service "+other.Service())
	}
}

// TestOtherService_Gateway checks that a task that another service shows in
// progress belongs to that service from then on: it leads to the same one.
func TestOtherService_Gateway(t *testing.T) {
	t.Parallel()
	for name, command := range map[string]command{"read": refresh, "update": apply} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t)
			config := world.Values(t, nil)
			session := world.Created(t, config)
			gateway := httptest.NewServer(world.Mock)
			t.Cleanup(gateway.Close)
			session.Serve(world.Provider(t, tfcore.Values{"endpoint": gateway.URL}))
			_, diags := command(t.Context(), session, config.With(tfcore.Values{"volume": 5}))
			acctest.ExpectSilence(t, diags)

			other := elsewhere(t, session)
			acctest.ExpectWarning(t, session.Refresh(t.Context()), "localhost"+strings.TrimPrefix(gateway.URL, "http://127.0.0.1")+", but this run uses the service "+other.Service())

			session.Serve(world.Provider(t, nil))
			world.Mock.ResetJournal()
			_, diags = remove(t.Context(), session, nil)
			acctest.ExpectSilence(t, diags)
			world.ExpectJournal(t, acctest.Describe, acctest.Stop, acctest.Describe)
		})
	}
}

// TestOtherService_EndedAndKept checks that a task whose end is in state needs no
// service any more, and that keep does not record an end that was not confirmed.
func TestOtherService_EndedAndKept(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	config := world.Values(t, tfcore.Values{"on_task_end": "keep"})
	session := ended(t, world, config)
	other := elsewhere(t, session)
	acctest.ExpectSettled(t, session, config)
	other.Mock.ResetJournal()
	acctest.ExpectSilence(t, session.Destroy(t.Context()))
	other.ExpectJournal(t, acctest.Describe, acctest.Stop+":FailedOperation.TaskFinished", acctest.Describe)
}

// TestOtherService_OldState checks that a state without a record takes the first
// service that reports the task in progress, and only such a one.
func TestOtherService_OldState(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	config := world.Values(t, nil)
	session := world.Created(t, config)
	session.ForgetPrivate()
	old := session.Private()
	acctest.ExpectSettled(t, session, config)
	recorded := session.Private()
	acctest.ExpectSettled(t, session, config)
	if recorded == old || session.Private() != recorded {
		t.Errorf("private states %q, %q, %q: want one change", old, recorded, session.Private())
	}
	elsewhere(t, session)
	acctest.ExpectWarning(t, session.Refresh(t.Context()), "belongs to the service "+world.Service())

	session.ForgetPrivate()
	acctest.ExpectWarning(t, session.Refresh(t.Context()), "other credentials")
	acctest.ExpectState(t, session, nil)
}

// TestOtherService_Import checks that an imported task belongs to the service
// that it was imported from, before and after its adoption.
func TestOtherService_Import(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t)
	session := imported(t, world)
	elsewhere(t, session)
	diags := session.Refresh(t.Context())
	acctest.ExpectWarning(t, diags, "application 1400000001 belongs to the service "+world.Service())
	acctest.ExpectApply(t, session, world.Values(t, nil), tfcore.Update)
	acctest.ExpectError(t, session.Destroy(t.Context()), "", "belongs to the service "+world.Service())
}

// TestOtherService_Site checks that all documented hosts of a site are one
// service, and that the two sites are not.
func TestOtherService_Site(t *testing.T) {
	t.Parallel()
	const international, china = "intl.tencentcloudapi.com", "tencentcloudapi.com"
	world, other := acctest.NewWorld(t), acctest.NewWorld(t)
	at := func(mock *acctest.World, settings tfcore.Values) *tfcore.Provider {
		there, err := url.Parse(mock.URL)
		if err != nil {
			t.Fatal(err)
		}
		reached := *world
		reached.BeforeRequest(func(request *http.Request) { // To the mock, whatever the host.
			request.Host, request.URL.Scheme, request.URL.Host = request.URL.Host, there.Scheme, there.Host
		})
		return reached.Provider(t, settings.With(tfcore.Values{"region": acctest.Region}))
	}
	config := world.Values(t, nil)
	session := at(world, tfcore.Values{"endpoint": nil}).Session(acctest.ResourceType)
	acctest.ExpectApply(t, session, config, tfcore.Create)
	for _, settings := range []tfcore.Values{
		{"endpoint": nil, "domain": "ap-singapore.intl.tencentcloudapi.com"},
		{"endpoint": "https://trtc.intl.tencentcloudapi.com:443"},
	} {
		session.Serve(at(other, settings))
		if diags := session.Refresh(t.Context()); len(diags.Mentioning("has ended")) == 0 || session.State() != nil {
			t.Errorf("%v: another service than without settings: %s", settings, diags)
		}
		session = at(world, tfcore.Values{"endpoint": nil}).Session(acctest.ResourceType)
		world.FinishAll()
		acctest.ExpectApply(t, session, config, tfcore.Create)
	}
	session.Serve(at(other, tfcore.Values{"endpoint": nil, "domain": china}))
	diags := session.Refresh(t.Context())
	for _, text := range []string{
		"belongs to the service " + international + ", but this run uses the service " + china, `set domain = "` + international + `"`,
	} {
		acctest.ExpectWarning(t, diags, text)
	}
}

// TestAccOtherService checks with the real CLI that no task is replaced at
// another service, and that destroy destroys everything else.
func TestAccOtherService(t *testing.T) {
	t.Parallel()
	world, other := acctest.NewWorld(t), acctest.NewWorld(t)
	cli := world.CLI(t)
	first := world.StreamIngest(t, nil)
	second := acctest.StreamIngestBlock("second", world.StreamIngestArguments(t, acctest.Arguments{"room_id": `"1002"`}))
	cli.Write(t, "main.tf", world.ProviderBlock()+first)
	cli.MustRun(t, "apply", "-auto-approve")
	cli.Write(t, "main.tf", other.ProviderBlock()+first+second)
	cli.MustRun(t, "apply", "-auto-approve", "-target=trtc_stream_ingest.second")
	other.Mock.ResetJournal()
	for _, c := range []struct{ before, command []string }{
		{nil, []string{"apply", "-replace=" + acctest.Address}},
		{nil, []string{"apply", "-replace=" + acctest.Address, "-refresh=false"}},
		{[]string{"taint", acctest.Address}, []string{"apply"}},
		{[]string{"untaint", acctest.Address}, []string{"destroy"}},
	} {
		if c.before != nil {
			cli.MustRun(t, c.before...)
		}
		said := cli.Run(t, append(c.command, "-auto-approve", "-no-color")...)
		if said.ExitCode != 1 || strings.Count(said.Stderr, "Error:") != 1 || !strings.Contains(said.Stderr, "belongs to another service") {
			t.Errorf("%v: exit code %d\n%s%s", c.command, said.ExitCode, said.Stdout, said.Stderr)
		}
	}
	if calls := other.ChangingCalls(); !slices.Equal(calls, []string{acctest.Stop}) {
		t.Errorf("calls at the other service: %v, want only the stop of its own task", calls)
	}
	if cli.StateOf(t, acctest.Address) == nil || cli.StateOf(t, "trtc_stream_ingest.second") != nil {
		t.Error("the state has the task that was destroyed, or not the other one")
	}
	cli.Write(t, "main.tf", world.ProviderBlock()+first)
	cli.MustRun(t, "destroy", "-auto-approve")
	if alive := append(world.Mock.Alive(), other.Mock.Alive()...); len(alive) > 0 {
		t.Errorf("%v still run", alive)
	}
}
