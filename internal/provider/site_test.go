package provider_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/trtc-community/terraform-provider-trtc/internal/acctest"
	"github.com/trtc-community/terraform-provider-trtc/internal/acctest/tfcore"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcmock"
)

const (
	chinaDomain   = "tencentcloudapi.com"
	otherSiteHint = `(?s)international site.*tencentcloudapi\.com`
)

// chinaSite makes the mock one of the China site.
func chinaSite(options *trtcmock.Options) { options.China = true }

// chinaOnly returns a value of each argument of the China site.
func chinaOnly() tfcore.Values {
	return tfcore.Values{"tempo": 1.5, "enable_progress": true, "idle_timeout": 60}
}

// TestRegionChecked checks that the region must be one of the site that domain
// selects, wherever it is set, even with a custom endpoint. Nothing is sent. It is
// an error of the plan if the configuration sets both, else a warning of the plan
// and an error of the start.
func TestRegionChecked(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		domain, byDefault, own any
		err, warning           string
	}{
		"own region unknown to the site":               {"intl.tencentcloudapi.com", "ap-singapore", "ap-nowhere", "ap-bangkok, ap-guangzhou", ""},
		"default region unknown":                       {nil, "ap-nowhere", nil, "ap-bangkok, ap-guangzhou", ""},
		"none anywhere":                                {nil, nil, nil, "TENCENTCLOUD_REGION", ""},
		"China's region on the other site":             {nil, nil, "ap-beijing", "ap-bangkok", ""},
		"international region on China":                {chinaDomain, nil, "ap-bangkok", "ap-beijing", ""},
		"international region on China, in upper case": {"TencentCloudAPI.com", nil, "ap-bangkok", "ap-beijing", ""},
		"international region on China, with a port":   {chinaDomain + ":443", nil, "ap-bangkok", "ap-beijing", ""},
		"good":                     {nil, nil, "ap-bangkok", "", ""},
		"listed for starting only": {nil, "ap-tokyo", nil, "", "ap-tokyo"},
		"listed for starting only, but not on China":     {chinaDomain, "ap-guangzhou", nil, "", ""},
		"own region takes precedence over a bad default": {nil, "ap-nowhere", "ap-mumbai", "", ""},
		"another domain": {"example.com", nil, "mars-north", "", ""},
	} {
		for _, custom := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, custom endpoint %v", name, custom), func(t *testing.T) {
				t.Parallel()
				world := acctest.NewWorld(t)
				world.Offline(t)
				values := tfcore.Values{"domain": test.domain, "region": test.byDefault}
				if !custom {
					values["endpoint"] = nil
				}
				config := world.Values(t, tfcore.Values{"region": test.own})
				session := world.Provider(t, values).Session(acctest.ResourceType)
				plan := session.Plan(t.Context(), config)
				diags := plan.Diagnostics
				switch {
				case test.err != "" && test.domain != nil && test.own != nil:
					acctest.ExpectError(t, diags, "region", test.err)
				case test.err != "":
					acctest.ExpectWarning(t, diags.On("region"), test.err)
					acctest.ExpectError(t, session.Apply(t.Context(), plan), "region", test.err)
				case test.warning != "":
					acctest.ExpectWarning(t, diags.On("region"), test.warning)
				case len(diags) > 0:
					t.Errorf("diagnostics: %s, want nothing", diags)
				}
			})
		}
	}
}

// TestRegionValidationSkipped checks that regions that this version does not list
// are sent when the provider block says so.
func TestRegionValidationSkipped(t *testing.T) {
	t.Parallel()
	const region = "ap-newland"
	world := acctest.NewWorld(t)
	plan := func(skip any) (*tfcore.Provider, tfcore.Diagnostics) {
		below := world.Provider(t, tfcore.Values{"skip_region_validation": skip, "domain": "intl.tencentcloudapi.com"})
		return below, below.Session(acctest.ResourceType).Plan(t.Context(), world.Values(t, tfcore.Values{"region": region})).Diagnostics
	}
	_, diags := plan(false)
	acctest.ExpectError(t, diags, "region", region, "set skip_region_validation = true")
	for _, skip := range []any{true, tfcore.Unknown} {
		below, diags := plan(skip)
		acctest.ExpectSuccess(t, diags)
		_, diags = below.ReadData(t.Context(), acctest.DataSourceType, tfcore.Values{"sdk_app_id": acctest.SdkAppID, "task_id": "x", "region": region})
		if skip == true {
			acctest.ExpectError(t, diags, "region", "UnsupportedRegion")
		} else {
			acctest.ExpectError(t, diags, "", "skip_region_validation")
		}
	}
	world.ExpectJournal(t, acctest.Describe+":UnsupportedRegion")
}

// TestRegionCheckedElsewhere checks that imports, the data source and the action
// validate the region before any call.
func TestRegionCheckedElsewhere(t *testing.T) {
	t.Parallel()
	for domain, region := range map[string]string{"intl.tencentcloudapi.com": "ap-beijing", chinaDomain: "ap-bangkok"} {
		world := acctest.NewWorld(t)
		world.Offline(t)
		below := world.Provider(t, tfcore.Values{"domain": domain})
		named := tfcore.Values{"sdk_app_id": acctest.SdkAppID, "task_id": "x", "region": region}
		acctest.ExpectError(t, below.Session(acctest.ResourceType).Import(t.Context(), region+"/1400000001/x"), "region", region)
		_, diags := below.ReadData(t.Context(), acctest.DataSourceType, named)
		acctest.ExpectError(t, diags, "region", region)
		_, diags = below.Invoke(t.Context(), acctest.ResourceType+"_stop", named)
		acctest.ExpectError(t, diags, "region", region)
	}
	regionless := acctest.NewWorld(t)
	imported := regionless.Provider(t, tfcore.Values{"region": nil}).Session(acctest.ResourceType)
	acctest.ExpectError(t, imported.Import(t.Context(), "1400000001/x"), "region", "TENCENTCLOUD_REGION")
}

// TestAccSiteRefused checks what a user sees of each argument and value that the
// site does not have, with a custom endpoint. Nothing is called.
func TestAccSiteRefused(t *testing.T) {
	t.Parallel()
	for _, site := range []struct {
		name    string
		block   []string
		refused []struct{ argument, value, message string }
	}{
		{"international", []string{`domain = "intl.tencentcloudapi.com"`}, []struct{ argument, value, message string }{
			{"tempo", "1", otherSiteHint},
			{"enable_progress", "false", otherSiteHint},
			{"idle_timeout", "0", otherSiteHint},
			{"volume", "101", otherSiteHint},
			{"region", `"ap-beijing"`, "ap-bangkok, ap-guangzhou"},
			{"region", `"ap-nowhere"`, "ap-bangkok, ap-guangzhou"},
		}},
		{"China", []string{`domain = "` + chinaDomain + `"`}, []struct{ argument, value, message string }{
			{"tempo", "0", "one of"},
			{"tempo", "3", "one of"},
			{"tempo", "1.1", "one of"},
			{"tempo", "1e400", "one of"},
			{"idle_timeout", "-1", "between 0 and 600"},
			{"idle_timeout", "601", "between 0 and 600"},
			{"volume", "201", "between 0 and 200"},
			{"volume", "-1", "between 0 and 200"},
			{"region", `"ap-bangkok"`, "ap-beijing, ap-chongqing"},
		}},
	} {
		t.Run(site.name, func(t *testing.T) {
			t.Parallel()
			world := acctest.NewWorld(t, func(options *trtcmock.Options) { options.China = site.name == "China" })
			var steps []resource.TestStep
			for _, one := range site.refused {
				steps = append(steps, resource.TestStep{
					Config:   world.ProviderBlock(site.block...) + world.StreamIngest(t, acctest.Arguments{one.argument: one.value}),
					PlanOnly: true,
					// The CLI quotes the line of the argument below the summary.
					ExpectError: regexp.MustCompile(`(?s)` + one.argument + ` += +` + regexp.QuoteMeta(one.value) + `.*` + strings.ReplaceAll(one.message, " ", `\s+`)),
				})
			}
			world.Run(t, steps...)
			world.ExpectJournal(t)
		})
	}
}

// TestAccChinaSite goes through the life of a task of the China site, with every
// argument that only this site has, and checks what is sent.
func TestAccChinaSite(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, chinaSite)
	config := func(arguments acctest.Arguments) string {
		return world.RegionlessProviderBlock(`domain = "`+chinaDomain+`"`, `region = "ap-shanghai"`) + world.StreamIngest(t, arguments)
	}
	sent := func(action string, want trtcmock.Call) func() {
		return func() {
			t.Helper()
			last := world.LastCall(t, action)
			got := trtcmock.Call{Volume: last.Volume, Tempo: last.Tempo, EnableProgress: last.EnableProgress, IdleTimeout: last.IdleTimeout}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s sent (-want +got):\n%s", action, diff)
			}
		}
	}
	arguments := acctest.Arguments{"volume": "150", "tempo": "0.5", "enable_progress": "true", "idle_timeout": "300"}
	world.Run(t,
		world.Step(t, acctest.Apply{
			Config: config(arguments), Action: plancheck.ResourceActionCreate, Calls: []string{acctest.Start},
			State: map[string]knownvalue.Check{
				"volume": acctest.Whole(150), "tempo": knownvalue.Float64Exact(0.5), "enable_progress": knownvalue.Bool(true),
				"idle_timeout": acctest.Whole(300), "region": acctest.Text("ap-shanghai"),
			},
			After: sent(acctest.Start, trtcmock.Call{Volume: new(uint64(150)), Tempo: new(0.5), EnableProgress: new(true), IdleTimeout: new(uint64(300))}),
		}),
		world.Step(t, acctest.Apply{
			Config: config(merge(arguments, acctest.Arguments{"volume": "200", "tempo": "2", "enable_progress": "false"})),
			Action: plancheck.ResourceActionUpdate, Calls: []string{acctest.Update},
			State: map[string]knownvalue.Check{"tempo": knownvalue.Float64Exact(2), "enable_progress": knownvalue.Bool(false)},
			After: sent(acctest.Update, trtcmock.Call{Volume: new(uint64(200)), Tempo: new(2.0), EnableProgress: new(false)}),
		}),
		world.Step(t, acctest.Apply{
			Config: config(merge(arguments, acctest.Arguments{"tempo": "", "enable_progress": ""})),
			Action: plancheck.ResourceActionUpdate, Calls: []string{acctest.Update},
			State: map[string]knownvalue.Check{"tempo": knownvalue.Null(), "enable_progress": knownvalue.Null()},
			After: sent(acctest.Update, trtcmock.Call{Volume: new(uint64(150)), Tempo: new(1.0), EnableProgress: new(false)}),
		}),
		world.Step(t, acctest.Apply{
			Config: config(acctest.Arguments{"idle_timeout": "0"}),
			Action: plancheck.ResourceActionDestroyBeforeCreate, Calls: []string{acctest.Stop, acctest.Start},
			After: sent(acctest.Start, trtcmock.Call{Volume: new(uint64(100)), IdleTimeout: new(uint64(0))}),
		}),
		world.Step(t, acctest.Apply{
			Config: config(nil),
			Action: plancheck.ResourceActionDestroyBeforeCreate, Calls: []string{acctest.Stop, acctest.Start},
			After: sent(acctest.Start, trtcmock.Call{Volume: new(uint64(100))}),
		}),
	)
}

// TestChinaArguments checks what a change of each argument of the China site
// alone does to a running task and to one that has ended and was kept.
func TestChinaArguments(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change tfcore.Values
		action tfcore.Action
		calls  []string
	}{
		"volume":                  {tfcore.Values{"volume": 150}, tfcore.Update, oneUpdate},
		"tempo":                   {tfcore.Values{"tempo": 0.75}, tfcore.Update, oneUpdate},
		"tempo removed":           {tfcore.Values{"tempo": nil}, tfcore.Update, oneUpdate},
		"enable_progress":         {tfcore.Values{"enable_progress": false}, tfcore.Update, oneUpdate},
		"enable_progress removed": {tfcore.Values{"enable_progress": nil}, tfcore.Update, oneUpdate},
		"idle_timeout":            {tfcore.Values{"idle_timeout": 61}, tfcore.Replace, restart},
		"idle_timeout removed":    {tfcore.Values{"idle_timeout": nil}, tfcore.Replace, restart},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inChina := func(t *testing.T, world *acctest.World, config tfcore.Values) *tfcore.Session {
				t.Helper()
				session := world.Provider(t, tfcore.Values{"domain": chinaDomain}).Session(acctest.ResourceType)
				acctest.ExpectApply(t, session, config, tfcore.Create)
				return session
			}
			world, session, config := scenario{
				service: chinaSite, provider: tfcore.Values{"domain": chinaDomain}, before: chinaOnly().With(tfcore.Values{"on_task_end": "keep"}), begin: inChina,
				change: test.change, command: apply, action: test.action, calls: test.calls,
			}.run(t)
			acctest.ExpectSettled(t, session, config)
			world.FinishAll()
			acctest.ExpectApply(t, session, config.With(chinaOnly()).With(tfcore.Values{"volume": 7}), tfcore.Replace)
		})
	}
}

// TestChinaArgumentsUnknown checks that a value that is unknown at plan time is
// no error then, and is checked during apply before the task is started or
// changed.
func TestChinaArgumentsUnknown(t *testing.T) {
	t.Parallel()
	for name, late := range map[string]any{
		"tempo": 1.5, "enable_progress": false, "idle_timeout": 0, "volume": 101, "region": "ap-beijing",
	} {
		for _, running := range []bool{false, true} {
			if running && (name == "idle_timeout" || name == "region") {
				continue // A replacement, which stops the task before the value is known.
			}
			t.Run(fmt.Sprintf("%s, running %v", name, running), func(t *testing.T) {
				t.Parallel()
				world := acctest.NewWorld(t, chinaSite)
				session, config := world.Session(t), world.Values(t, nil)
				if running {
					session = world.Created(t, config)
				}
				plan := session.Plan(t.Context(), config.With(tfcore.Values{name: tfcore.Unknown}))
				acctest.ExpectSuccess(t, plan.Diagnostics)
				plan.Config = config.With(tfcore.Values{name: late})
				acctest.ExpectError(t, session.Apply(t.Context(), plan), name)
				world.ExpectJournal(t)
				plan.Config = config
				acctest.ExpectSuccess(t, session.Apply(t.Context(), plan))
			})
		}
	}
}

// TestChinaArgumentsNeedDomain checks that arguments of the China site are valid
// while domain is unknown, and with a domain of neither site.
func TestChinaArgumentsNeedDomain(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, chinaSite)
	config := world.Values(t, chinaOnly().With(tfcore.Values{"volume": 200, "region": "ap-beijing"}))
	session := world.Provider(t, tfcore.Values{"domain": tfcore.Unknown}).Session(acctest.ResourceType)
	plan := session.Plan(t.Context(), config)
	acctest.ExpectPlan(t, plan, tfcore.Create)
	session.Serve(world.Provider(t, nil))
	if failed := session.Apply(t.Context(), plan).Errors(); len(failed) != 5 {
		t.Errorf("diagnostics: %s, want an error about each argument", failed)
	}
	world.ExpectJournal(t)

	session.Serve(world.Provider(t, tfcore.Values{"domain": "internal.example.com"}))
	acctest.ExpectApply(t, session, config, tfcore.Create)
	acctest.ExpectSettled(t, session, config)
}

// TestUpdate_OmitsChinaArguments checks that an update sends the original values of
// removed arguments of the China site, and that those in state are not sent once the
// provider uses the international site: while they are configured the plan warns, and
// the update fails before it is sent.
func TestUpdate_OmitsChinaArguments(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, chinaSite)
	china := world.Provider(t, tfcore.Values{"domain": chinaDomain})
	session := china.Session(acctest.ResourceType)
	config := world.Values(t, tfcore.Values{"tempo": 2, "enable_progress": true})
	acctest.ExpectApply(t, session, config, tfcore.Create)
	acctest.ExpectApply(t, session, world.Values(t, nil), tfcore.Update)
	if sent := world.LastCall(t, acctest.Update); sent.Tempo == nil || *sent.Tempo != 1 || sent.EnableProgress == nil || *sent.EnableProgress {
		t.Errorf("sent %+v, want the original speed and no progress", sent)
	}
	acctest.ExpectApply(t, session, config, tfcore.Update)
	session.Serve(world.Provider(t, nil))
	plan := session.Plan(t.Context(), config.With(tfcore.Values{"volume": 3}))
	if warned := plan.Diagnostics.Warnings(); plan.Action != tfcore.Update || len(warned.On("tempo")) != 1 || len(warned.On("enable_progress")) != 1 {
		t.Errorf("planned to %s, diagnostics: %s, want a warning about each argument", plan, plan.Diagnostics)
	}
	world.Mock.ResetJournal()
	if failed := session.Apply(t.Context(), plan).Errors(); len(failed.On("tempo")) != 1 || len(failed.On("enable_progress")) != 1 {
		t.Errorf("diagnostics: %s, want an error about each argument", failed)
	}
	world.ExpectJournal(t)
	acctest.ExpectApply(t, session, world.Values(t, nil), tfcore.Update)
	if sent := strings.Join(world.LastCall(t, acctest.Update).Parameters, " "); sent != "IsPause SdkAppId TaskId Volume" {
		t.Errorf("sent %s", sent)
	}
}

// TestChinaArgumentsAdopted checks that the first apply after an import records
// the arguments without a call, and that later changes of idle_timeout replace
// the task.
func TestChinaArgumentsAdopted(t *testing.T) {
	t.Parallel()
	world := acctest.NewWorld(t, chinaSite)
	taskID := running(t, world)
	session := world.Provider(t, tfcore.Values{"domain": chinaDomain}).Session(acctest.ResourceType)
	acctest.ExpectSuccess(t, session.Import(t.Context(), "1400000001/"+taskID))
	world.Mock.ResetJournal()
	config := world.Values(t, chinaOnly())
	acctest.ExpectApply(t, session, config, tfcore.Update)
	world.ExpectJournal(t, acctest.Describe)
	acctest.ExpectAttributes(t, session, tfcore.Values{"tempo": 1.5, "enable_progress": true, "idle_timeout": int64(60)})
	acctest.ExpectApply(t, session, config.With(tfcore.Values{"idle_timeout": nil}), tfcore.Replace)
	acctest.ExpectApply(t, session, config, tfcore.Replace)
}
