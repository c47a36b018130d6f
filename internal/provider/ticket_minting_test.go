package provider_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

// otherSdkAppID is a second application that the mock knows, with otherKey.
const otherSdkAppID = 1400000002

// minting returns a world whose mock verifies tickets of two applications, and
// whose providers find the first one's key in the environment.
func minting(t *testing.T, environment map[string]string, changes ...func(*trtcmock.Options)) *acctest.World {
	t.Helper()
	world := acctest.NewWorld(t, append(changes, func(options *trtcmock.Options) { options.AppKeys[otherSdkAppID] = otherKey })...)
	if environment == nil {
		environment = map[string]string{"TRTC_SDK_SECRET_KEY": acctest.SdkSecretKey}
	}
	world.Options.LookupEnv = func(name string) (string, bool) {
		value, exists := environment[name]
		return value, exists
	}
	return world
}

// ticketless are the arguments of a stream ingest without a ticket.
func ticketless(changes acctest.Arguments) acctest.Arguments {
	arguments := acctest.Arguments{"user_sig": ""}
	for name, value := range changes {
		arguments[name] = value
	}
	return arguments
}

// TestAccMint checks that with the key in the environment or in the provider block,
// a task without a ticket is started, updated, replaced and destroyed.
func TestAccMint(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		environment map[string]string
		block       []string
	}{
		"environment": {nil, nil},
		"argument":    {map[string]string{}, []string{`sdk_secret_key = "` + acctest.SdkSecretKey + `"`, "sdk_app_id = 1400000001"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := minting(t, test.environment)
			config := func(changes acctest.Arguments) string {
				return world.ProviderBlock(test.block...) + world.StreamIngest(t, ticketless(changes))
			}
			nothingStored := map[string]knownvalue.Check{"user_sig": knownvalue.Null(), "private_map_key": knownvalue.Null()}
			world.Run(t,
				world.Step(t, acctest.Apply{
					Config: config(nil), Action: plancheck.ResourceActionCreate, Calls: []string{acctest.Start}, State: nothingStored,
				}),
				world.Step(t, acctest.Apply{
					Config: config(acctest.Arguments{"volume": "7"}), Action: plancheck.ResourceActionUpdate, Calls: []string{acctest.Update}, State: nothingStored,
				}),
				world.Step(t, acctest.Apply{
					Config: config(acctest.Arguments{"volume": "7", "room_id": `"1002"`}), Action: plancheck.ResourceActionDestroyBeforeCreate,
					Calls: []string{acctest.Stop, acctest.Start}, State: nothingStored,
					// The first ticket has expired long ago.
					Before: func() { world.Clock.Advance(30 * 24 * time.Hour) },
				}),
			)
		})
	}
}

// TestAccMintPrivateMapKey checks an application with permission control, which
// needs both tickets. The second one is for the room of the task.
func TestAccMintPrivateMapKey(t *testing.T) {
	t.Parallel()
	for name, room := range map[string]acctest.Arguments{
		"integer room": {"room_id": `"1001"`},
		"string room":  {"room_id": `"lobby"`, "room_id_type": "0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := minting(t, nil, func(options *trtcmock.Options) { options.PrivilegedApps = map[uint64]bool{acctest.SdkAppID: true} })
			arguments := ticketless(room)
			arguments["mint_private_map_key"] = "true"
			world.Run(t, world.Step(t, acctest.Apply{
				Config: world.Config(t, arguments), Action: plancheck.ResourceActionCreate, Calls: []string{acctest.Start},
				State: map[string]knownvalue.Check{"private_map_key": knownvalue.Null()},
			}))
		})
	}
}

// TestAccMintRefused checks that a task that cannot get its ticket, or whose ticket
// would be signed for the wrong application, is an error that says what to do. The
// task is not started.
func TestAccMintRefused(t *testing.T) {
	t.Parallel()
	other := acctest.Arguments{"user_sig": "", "sdk_app_id": "1400000002"}
	for name, test := range map[string]struct {
		environment map[string]string
		block       []string
		resources   func(*acctest.World) string
		message     string
		starts      bool
	}{
		"neither ticket nor key": {
			environment: map[string]string{},
			message:     `(?s)ticket is required.*TRTC_SDK_SECRET_KEY.*user_sig_wo`,
		},
		"malformed key in the environment": {
			environment: map[string]string{"TRTC_SDK_SECRET_KEY": "0123"},
			message:     `(?s)Invalid application key.*TRTC_SDK_SECRET_KEY`,
		},
		"malformed key in the provider block": {
			environment: map[string]string{},
			block:       []string{`sdk_secret_key = "0123"`},
			message:     `(?s)Invalid application key.*The argument sdk_secret_key must be`,
		},
		"another application than sdk_app_id": {
			block:   []string{"sdk_app_id = 1400000002"},
			message: `(?s)belongs to another application.*1400000002`,
		},
		"two applications": {
			resources: func(world *acctest.World) string {
				return world.StreamIngest(t, ticketless(nil)) + acctest.StreamIngestBlock("other", world.StreamIngestArguments(t, other))
			},
			message: `(?s)One application key for two applications.*aliases`,
			starts:  true, // The other one.
		},
		"a PrivateMapKey without a key": {
			environment: map[string]string{},
			resources: func(world *acctest.World) string {
				return world.StreamIngest(t, acctest.Arguments{"mint_private_map_key": "true"})
			},
			message: `(?s)application key is required.*mint_private_map_key`,
		},
		"two sources of the PrivateMapKey": {
			resources: func(world *acctest.World) string {
				return world.StreamIngest(t, acctest.Arguments{"mint_private_map_key": "true", "private_map_key": `"ticket"`})
			},
			message: `Two sources of the PrivateMapKey`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := minting(t, test.environment)
			resources := world.StreamIngest(t, ticketless(nil))
			if test.resources != nil {
				resources = test.resources(world)
			}
			world.Run(t, resource.TestStep{
				Config:      world.ProviderBlock(test.block...) + resources,
				ExpectError: regexp.MustCompile(strings.ReplaceAll(test.message, " ", `\s+`)),
			})
			if !test.starts {
				world.ExpectJournal(t)
			}
		})
	}
}

// wrongClock lets the clock of the service be ahead of the providers' clock.
func wrongClock(ahead time.Duration) func(*trtcmock.Options) {
	return func(options *trtcmock.Options) {
		local := options.Now
		options.Now = func() time.Time { return local().Add(ahead) }
		options.PrivilegedApps = map[uint64]bool{acctest.SdkAppID: true}
	}
}

// TestMint_WrongClock checks that a start uses tickets of the service's time,
// although the local clock is off by more than a ticket is valid: the tickets
// that were minted before the first response are not sent again. One warning of
// the run names the difference.
func TestMint_WrongClock(t *testing.T) {
	t.Parallel()
	for direction, ahead := range map[string]time.Duration{"behind": 8 * 24 * time.Hour, "ahead of": -8 * 24 * time.Hour} {
		t.Run(direction, func(t *testing.T) {
			t.Parallel()
			world := minting(t, nil, wrongClock(ahead))
			config := world.Values(t, tfcore.Values{"user_sig": nil, "mint_private_map_key": true, "repeat_num": -1, "max_duration": 60})
			session := world.Session(t)
			diags := acctest.ExpectApply(t, session, config, tfcore.Create)
			acctest.ExpectWarning(t, diags, "192h0m0s "+direction+" Tencent Cloud's clock")
			acctest.ExpectAttributes(t, session, tfcore.Values{
				"started_at": world.Clock.Now().Add(ahead).Format(time.RFC3339), "ends_at": world.Clock.Now().Add(ahead + time.Hour).Format(time.RFC3339),
			})
			world.ExpectJournal(t, acctest.Start+":AuthFailure.SignatureExpire", acctest.Start, acctest.Describe)

			acctest.ExpectSilence(t, session.Refresh(t.Context()))
			acctest.ExpectApply(t, session.Sibling(), config.With(tfcore.Values{"room_id": "1002"}), tfcore.Create)
			world.ExpectJournal(t, acctest.Describe, acctest.Start, acctest.Describe)
		})
	}
}

// TestMint_ClockCorrectedBeforeStart checks that the tickets of a start are
// minted again when another call of the same create has corrected the clock: the
// service never sees the first ones.
func TestMint_ClockCorrectedBeforeStart(t *testing.T) {
	t.Parallel()
	w := newJournaled(t, wrongClock(8*24*time.Hour))
	w.Setenv(map[string]string{"TRTC_START_JOURNAL": w.dir, "TRTC_SDK_SECRET_KEY": acctest.SdkSecretKey})
	w.interrupted(t, "a-task-that-has-ended")
	connected := w.Connect(t)
	connected.Configure(t.Context(), w.ProviderValues(nil))
	config := w.Values(t, tfcore.Values{"user_sig": nil, "mint_private_map_key": true})
	acctest.ExpectApply(t, connected.Session(acctest.ResourceType), config, tfcore.Create)
	w.ExpectJournal(t, acctest.Describe+":AuthFailure.SignatureExpire", acctest.Describe, acctest.Describe, acctest.Start, acctest.Describe)
}

// TestMint_Aliases checks two provider configurations, each with the key of its own
// application, and that one configuration signs for one application only. The CLI
// starts a provider process for each.
func TestMint_Aliases(t *testing.T) {
	t.Parallel()
	world := minting(t, nil)
	config := world.Values(t, tfcore.Values{"user_sig": nil})
	ofOther := config.With(tfcore.Values{"sdk_app_id": otherSdkAppID})
	session := world.Session(t)
	acctest.ExpectApply(t, session, config, tfcore.Create)
	acctest.ExpectWarning(t, session.Sibling().Plan(t.Context(), ofOther).Diagnostics.On("sdk_app_id"), "One application key for two applications")
	other := world.Provider(t, tfcore.Values{"sdk_secret_key": otherKey, "sdk_app_id": otherSdkAppID})
	acctest.ExpectApply(t, other.Session(acctest.ResourceType), ofOther, tfcore.Create)
	world.ExpectRunning(t, 2)
}

// TestMint_UnknownKey checks that a key that is unknown at plan time is not an error
// then, and that the apply fails before any call if the key turns out to be null.
func TestMint_UnknownKey(t *testing.T) {
	t.Parallel()
	world := minting(t, map[string]string{})
	config := world.Values(t, tfcore.Values{"user_sig": nil})
	planning := world.Provider(t, tfcore.Values{"sdk_secret_key": tfcore.Unknown}).Session(acctest.ResourceType)
	plan := planning.Plan(t.Context(), config)
	acctest.ExpectPlan(t, plan, tfcore.Create)
	planning.Serve(world.Provider(t, nil))
	acctest.ExpectError(t, planning.Apply(t.Context(), plan), "user_sig_wo", "ticket is required", "TRTC_SDK_SECRET_KEY")
	world.ExpectJournal(t)
}

// TestMint_TicketRefused checks that the advice is about the key, since the
// configuration has no ticket.
func TestMint_TicketRefused(t *testing.T) {
	t.Parallel()
	world := minting(t, map[string]string{"TRTC_SDK_SECRET_KEY": otherKey})
	session := world.Session(t)
	_, said := session.ApplyConfig(t.Context(), world.Values(t, tfcore.Values{"user_sig": nil}))
	acctest.ExpectError(t, said, "", "InvalidParameter.UserSig", "TRTC_SDK_SECRET_KEY", "clock")
}

// TestMint_FractionOfSecond checks that a ticket is valid for whole seconds, whatever
// the create timeout is.
func TestMint_FractionOfSecond(t *testing.T) {
	t.Parallel()
	world := minting(t, nil)
	config := world.Values(t, tfcore.Values{"user_sig": nil, "timeouts": tfcore.Values{"create": "90.5s"}})
	acctest.ExpectApply(t, world.Session(t), config, tfcore.Create)
}
