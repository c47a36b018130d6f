package provider

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/trtc-community/terraform-provider-trtc/internal/cloudapi"
	"github.com/trtc-community/terraform-provider-trtc/internal/trtcclient"
)

// setting is a value of the provider block or of the environment.
type setting struct {
	// value has no white space around it. It is empty when the setting is not set
	// and while it is unknown.
	value string
	// argument is the name of the argument. source is what has the value: the
	// argument or its environment variable.
	argument, source string
}

// readSetting returns the argument when it is set or unknown, else the variable.
func readSetting(lookupEnv func(string) (string, bool), given types.String, argument, variable string) setting {
	value := strings.TrimSpace(given.ValueString())
	if value != "" || given.IsUnknown() {
		return setting{value, argument, "argument " + argument}
	}
	value, _ = lookupEnv(variable)
	return setting{strings.TrimSpace(value), argument, "environment variable " + variable}
}

// refuse reports why the value cannot be used, without the value.
func (s setting) refuse(err error, diags *diag.Diagnostics) {
	diags.AddAttributeError(path.Root(s.argument), "Invalid "+s.argument, "The "+s.source+" cannot be used: "+err.Error()+".")
}

// checkDomain returns an error when domain is not a root domain.
func checkDomain(domain string) error {
	if _, err := cloudapi.NewEndpoint("https", "trtc."+domain); err != nil {
		return err
	}
	service, root, _ := strings.Cut(string(newSite(domain)), ".")
	isService := service == "trtc" || service == "sts"
	if isService && (root == trtcclient.ChinaDomain || strings.HasSuffix(root, "."+trtcclient.ChinaDomain)) {
		return fmt.Errorf("it is the host of a service, and the provider adds the name of the service itself. Use the root domain, %s", root)
	}
	return nil
}

// protocolValidator accepts what cloudapi.NewEndpoint does, and blanks.
func protocolValidator() validator.String {
	return stringRule{rule[string]{description: "HTTPS or HTTP", check: func(text string) error {
		switch strings.ToUpper(strings.TrimSpace(text)) {
		case "", "HTTPS", "HTTP":
			return nil
		default:
			return errors.New("must be HTTPS or HTTP")
		}
	}}}
}
