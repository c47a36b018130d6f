package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/trtc-community/terraform-provider-trtc/internal/tickets"
)

const sdkAppIDDescription = "SdkAppId of the TRTC application, 1 to 4294967295."

func sdkAppIDType() wholeNumber { return wholeNumber{rule: tickets.SdkAppIDRule} }

func sdkAppIDValidators() []validator.Int64 {
	return []validator.Int64{int64Rule{rule[int64]{description: "1 to 4294967295", check: checkSdkAppID}}}
}

func checkSdkAppID(id int64) error { return tickets.ValidateSdkAppID(uint64(max(id, 0))) }
